// Schemas in words, and calls that are tried on small tensors.

#include "tensor/operator_help.h"

#include <algorithm>
#include <array>
#include <exception>

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <c10/util/Exception.h>

#include "core/error.h"
#include "core/help.h"
#include "core/value.h"
#include "tensor/convert.h"
#include "tensor/operators.h"
#include "tensor/show.h"

namespace lumir::tensor {
namespace {

using c10::IValue;
using Words = std::vector<std::string>;

std::string join(const Words& words, const std::string& between) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

bool is_shown(const Parameter& parameter) { return parameter.kind != Kind::generator && parameter.kind != Kind::none; }

std::string default_text(const IValue& value, const Parameter& parameter) {
  if (value.isNone()) return "none";
  if (value.isBool()) return value.toBool() ? "true" : "false";
  if (value.isDouble()) return show_number(value.toDouble());
  if (value.isString()) return "'" + value.toStringRef() + "'";
  if (value.isList()) return "{}";
  if (!value.isInt()) return "";
  const int64_t number = value.toInt();
  if (parameter.mark == Mark::word) return "'" + words_of(parameter.name).at(static_cast<size_t>(number)) + "'";
  if (parameter.kind == Kind::dtype) return dtype_name(value.toScalarType());
  const bool counted = parameter.mark == Mark::position && number >= 0;
  return std::to_string(counted ? number + 1 : number);
}

std::string with_default(const Parameter& parameter) {
  if (!parameter.default_value) return parameter.name;
  return parameter.name + " = " + default_text(*parameter.default_value, parameter);
}

std::string result_name(const Result& result) {
  if (!result.name.empty()) return result.name;
  return result.kind == Kind::tensor ? "Tensor" : "value";
}

std::string results_of(const Overload& overload) {
  Words results;
  for (const auto& result : overload.results) results.push_back(result_name(result));
  return results.empty() ? "" : " -> " + join(results, ", ");
}

std::string signature(const Operator& operation, const Overload& overload) {
  Words places, keywords;
  for (const auto& parameter : overload.parameters) {
    if (is_shown(parameter)) (parameter.named ? keywords : places).push_back(with_default(parameter));
  }
  if (!keywords.empty()) places.push_back("{ " + join(keywords, ", ") + " }");
  return "torch." + operation.name + "(" + join(places, ", ") + ")" + results_of(overload);
}

bool is_method(const Overload& overload) {
  return !overload.parameters.empty() && overload.parameters[0].name == "self" && !overload.parameters[0].list &&
         overload.parameters[0].kind == Kind::tensor;
}

/// The form that reads best: x:topk(k, { dim = -1, largest = true, sorted = true }).
std::string written(const Operator& operation, const Overload& overload) {
  Words places, options;
  const bool method = is_method(overload);
  for (size_t i = method ? 1 : 0; i < overload.parameters.size(); ++i) {
    const Parameter& parameter = overload.parameters[i];
    if (!is_shown(parameter)) continue;
    const bool by_name = parameter.named || parameter.default_value;
    (by_name ? options : places).push_back(with_default(parameter));
  }
  if (!options.empty()) places.push_back("{ " + join(options, ", ") + " }");
  return (method ? "x:" : "torch.") + operation.name + "(" + join(places, ", ") + ")" + results_of(overload);
}

std::string counted(const std::string& what, Mark mark) {
  switch (mark) {
    case Mark::position: return what + ", counted from 1; -1 is the last";
    case Mark::stop: return what + ", counted from 1, that belongs to it; -1 is the last";
    default: return what;
  }
}

std::string integer_in_words(const Parameter& parameter) {
  const bool dimension = parameter.name.find("dim") != std::string::npos || parameter.name.find("ax") == 0;
  if (parameter.mark == Mark::count) return parameter.list ? "amounts, integers" : "an amount, an integer";
  if (parameter.mark == Mark::value) return parameter.list ? "integers" : "an integer";
  const std::string what = dimension ? "dimension" : "position";
  return counted(parameter.list ? what + "s" : "a " + what, parameter.mark);
}

std::string tensor_in_words(const Parameter& parameter) {
  const std::string what = parameter.list ? "Tensors" : "a Tensor";
  if (parameter.mark == Mark::position) return what + " of positions, counted from 1";
  if (parameter.mark == Mark::label) return what + " of classes, counted from 1, or of shares of each class";
  return what;
}

std::string in_words(const Parameter& parameter) {
  std::string text;
  if (parameter.mark == Mark::word) {
    text = "'" + join(words_of(parameter.name), "', '") + "'";
  } else {
    switch (parameter.kind) {
      case Kind::tensor: text = tensor_in_words(parameter); break;
      case Kind::integer: text = integer_in_words(parameter); break;
      case Kind::number:
      case Kind::scalar: text = parameter.list ? "numbers" : "a number"; break;
      case Kind::boolean: text = parameter.list ? "booleans" : "true or false"; break;
      case Kind::text: text = "text"; break;
      case Kind::dtype: text = "an element type, such as 'float32'"; break;
      case Kind::device: text = "a device, such as 'cpu'"; break;
      case Kind::layout: text = "a layout, such as 'strided'"; break;
      case Kind::memory_format: text = "a memory format, such as 'contiguous'"; break;
      default: break;
    }
  }
  if (parameter.length > 1) text += "; one number stands for all " + std::to_string(parameter.length);
  return parameter.optional ? text + "; or 'none'" : text;
}

/// Rows of a name and what it is, each once, in the order in which the forms name them.
class Glossary {
 public:
  void add(const std::string& name, const std::string& meaning) {
    const std::pair row{name, meaning};
    if (std::find(rows_.begin(), rows_.end(), row) == rows_.end()) rows_.push_back(row);
  }
  std::string text() const {
    size_t width = 0;
    for (const auto& [name, meaning] : rows_) width = std::max(width, name.size());
    std::string all;
    for (const auto& [name, meaning] : rows_) {
      all += "    " + name + std::string(width - name.size() + 3, ' ') + meaning + "\n";
    }
    return all;
  }

 private:
  std::vector<std::pair<std::string, std::string>> rows_;
};

// Shapes of the first, the second ... tensor of a call that is tried: as they are for most, vectors, matrices that are
// multiplied, batches of them, and what convolutions take.
using Shape = std::vector<int64_t>;
const std::vector<std::vector<Shape>> kTriedShapes = {
    {{3, 4}},
    {{3, 4}, {4, 5}},
    {{3, 4}, {4}},
    {{4}},
    {{3, 3}},
    {{2, 3, 4}},
    {{2, 3, 4}, {2, 4, 5}},
    {{3, 5}, {3, 4}, {4, 5}},
    {{2, 3, 8}, {4, 3, 3}, {4}},
    {{2, 3, 8, 8}},
    {{2, 3, 8, 8}, {4, 3, 3, 3}, {4}},
    {{2, 3, 8, 8}, {3, 4, 3, 3}, {4}},
};

/// Calls an operator with the least that it needs, on tensors of one choice of shapes. They have no numbers ("meta"): an
/// operator that was given odd ones could write where it must not.
class Trial {
 public:
  Trial(const Operator& operation, const Overload& overload, const std::vector<Shape>& shapes, at::ScalarType type)
      : operation_(operation), overload_(overload), shapes_(shapes), type_(type) {}

  /// "x:topk(2), x [3, 4] -> values [3, 2], indices [3, 2]"; empty where the operator does not take these.
  std::string text() {
    std::vector<IValue> stack;
    for (const Parameter& parameter : overload_.parameters) {
      const auto given = parameter.default_value ? parameter.default_value : argument(parameter);
      if (!given) return "";
      stack.push_back(*given);
    }
    try {
      overload_.handle.callBoxed(stack);
    } catch (const std::exception&) {
      return "";
    }
    const std::string shown = shown_results(stack);
    return shown.empty() ? "" : written_call() + join(given_, ", ") + " -> " + shown;
  }

 private:
  std::optional<IValue> argument(const Parameter& parameter) {
    if (parameter.kind == Kind::tensor && parameter.list) return list_of_tensors(parameter);
    if (parameter.kind == Kind::tensor) return IValue(tensor(parameter));
    const auto [value, text] = plain(parameter);
    if (value.isNone()) return std::nullopt;
    const int length = parameter.list ? std::max(parameter.length, parameter.mark == Mark::count ? 2 : 1) : 0;
    const std::string shown =
        parameter.list ? "{ " + join(Words(static_cast<size_t>(length), text), ", ") + " }" : text;
    (parameter.named ? keywords_ : places_).push_back(parameter.named ? parameter.name + " = " + shown : shown);
    if (!parameter.list) return value;
    auto list = list_of(parameter);
    for (int i = 0; i < length; ++i) list.push_back(value);
    return IValue(list);
  }

  /// A value of the kind, and how it is written; none for what cannot be guessed.
  static std::pair<IValue, std::string> plain(const Parameter& parameter) {
    if (parameter.mark == Mark::word) return {IValue(int64_t{1}), "'" + words_of(parameter.name).at(1) + "'"};
    switch (parameter.kind) {
      case Kind::integer: {
        const int64_t number = parameter.mark == Mark::position || parameter.mark == Mark::value ? 1 : 2;
        return {IValue(from_user(number, parameter.mark, "help", parameter.name)), std::to_string(number)};
      }
      case Kind::number:
      case Kind::scalar: return {IValue(0.5), "0.5"};
      case Kind::boolean: return {IValue(true), "true"};
      case Kind::dtype: return {IValue(at::kDouble), "'float64'"};
      case Kind::device: return {IValue(at::Device(at::kCPU)), "'cpu'"};
      default: return {};
    }
  }

  at::Tensor tensor(const Parameter& parameter) {
    constexpr std::array kNames = {"x", "y", "z", "u", "v", "w"};
    const size_t number = tensors_++;
    const std::string name = number < kNames.size() ? kNames[number] : parameter.name;
    const Shape& shape = shapes_[std::min(number, shapes_.size() - 1)];
    (parameter.named ? keywords_ : places_).push_back(parameter.named ? parameter.name + " = " + name : name);
    given_.push_back(name + " " + show_shape(shape));
    return without_numbers(shape, parameter);
  }

  at::Tensor without_numbers(const Shape& shape, const Parameter& parameter) const {
    const auto type = parameter.mark == Mark::value ? type_ : at::kLong;
    return at::empty(shape, at::TensorOptions().dtype(type).device(at::kMeta));
  }

  IValue list_of_tensors(const Parameter& parameter) {
    auto list = list_of(parameter);
    const size_t first = tensors_++;
    const Shape& shape = shapes_[std::min(first, shapes_.size() - 1)];
    for (int i = 0; i < 2; ++i) list.push_back(without_numbers(shape, parameter));
    places_.emplace_back("{ x, y }");
    given_.push_back("x and y " + show_shape(shape));
    return IValue(list);
  }

  std::string written_call() const {
    Words places = places_;
    const bool method = is_method(overload_);
    if (method) places.erase(places.begin());
    if (!keywords_.empty()) places.push_back("{ " + join(keywords_, ", ") + " }");
    const std::string call = (method ? "x:" : "torch.") + operation_.name + "(" + join(places, ", ") + ")";
    return call + (given_.empty() ? "" : ", ");
  }

  std::string shown_results(const std::vector<IValue>& results) const {
    Words shown;
    for (size_t i = 0; i < results.size(); ++i) {
      const std::string& name = overload_.results[i].name;
      const std::string lead = name.empty() ? "" : name + " ";
      if (results[i].isTensor() && results[i].toTensor().defined()) {
        shown.push_back(lead + show_shape(results[i].toTensor().sizes()));
      } else if (results[i].isTensorList()) {
        Words each;
        for (const at::Tensor& one : results[i].toTensorVector()) each.push_back(show_shape(one.sizes()));
        shown.push_back("{ " + join(each, ", ") + " }");
      } else {
        shown.push_back(lead + "a value");
      }
    }
    return join(shown, ", ");
  }

  const Operator& operation_;
  const Overload& overload_;
  const std::vector<Shape>& shapes_;
  at::ScalarType type_;
  size_t tensors_ = 0;
  Words places_, keywords_, given_;
};

/// Trials fail more often than not, and say so only by failing.
struct Silent final : c10::WarningHandler {
  void process(const c10::Warning&) override {}
};

/// The first trial that works; what it draws is drawn from a generator that is put back.
std::string tried(const Operator& operation) {
  static Silent silent;
  const c10::WarningUtils::WarningHandlerGuard quiet(&silent);
  const at::NoGradGuard guard;
  at::Generator generator = at::detail::getDefaultCPUGenerator();
  const at::Tensor before = generator.get_state();
  std::string found;
  for (const auto& overload : operation.overloads) {
    for (const auto type : {at::kFloat, at::kLong, at::kBool}) {
      for (const auto& shapes : kTriedShapes) {
        if (found.empty()) found = Trial(operation, overload, shapes, type).text();
      }
    }
  }
  generator.set_state(before);
  return found;
}

/// "topk", "torch.topk" or "Tensor.topk".
std::string_view without_owner(std::string_view name) {
  for (const std::string_view owner : {"torch.", "Tensor."}) {
    if (name.starts_with(owner)) return name.substr(owner.size());
  }
  return name;
}

const bool known_to_help = (add_help({[](std::string_view name) {
                                        const Operator* operation = find_operator(without_owner(name));
                                        return operation ? help_text(*operation) : std::string();
                                      },
                                      [] { return operator_names(); }}),
                            true);

}  // namespace

std::string signatures(const Operator& operation) {
  Words lines;
  for (const auto& overload : operation.overloads) lines.push_back(signature(operation, overload));
  return join(lines, "\n");
}

std::string help_text(const Operator& operation) {
  std::string text;
  Glossary arguments, results;
  for (const auto& overload : operation.overloads) {
    text += written(operation, overload) + "\n";
    for (const auto& parameter : overload.parameters) {
      if (is_shown(parameter)) arguments.add(with_default(parameter), in_words(parameter));
    }
    for (const auto& result : overload.results) {
      if (result.mark == Mark::position) results.add(result_name(result), "positions, counted from 1");
    }
  }
  text += "  An operator of LibTorch: a function of torch and a method of tensors. Options may stand by place, too.\n";
  text += arguments.text();
  if (const std::string positions = results.text(); !positions.empty()) text += "  Gives\n" + positions;
  if (const std::string call = tried(operation); !call.empty()) text += "  Example   " + call + "\n";
  return text + "  Source    LibTorch, aten::" + std::string(operation.overloads[0].handle.schema().name().substr(6)) +
         "\n";
}

}  // namespace lumir::tensor
