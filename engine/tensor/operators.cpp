// Reads LibTorch's schemas, keeps what users may call, and calls it.

#include "tensor/operators.h"

#include <algorithm>
#include <iterator>
#include <map>

#include <ATen/core/function_schema.h>
#include <ATen/ops/add.h>
#include <ATen/ops/lt.h>
#include <ATen/ops/where.h>

#include "core/error.h"
#include "tensor/messages.h"

namespace lumir::tensor {
namespace {

/// Names that PyTorch gives in Python to what LibTorch calls otherwise.
const std::map<std::string, std::string, std::less<>> kAliases = {
    {"unique", "_unique2"},
    {"cross_entropy", "cross_entropy_loss"},
};

// For one backend, for quantised or sparse tensors, or for compilers.
constexpr std::string_view kHiddenStarts[] = {
    "_",           "cudnn_",    "mkldnn_",       "miopen_",     "mps_",      "fbgemm_",   "q_",
    "quantized_",  "quantize_", "fake_quantize", "fused_",      "sym_",      "sparse_",   "unsafe_",
    "batch_norm_", "native_",   "slow_conv",     "rrelu_with_", "to_sparse", "to_mkldnn", "nested_"};
constexpr std::string_view kHiddenEnds[] = {"_copy", "_jvp", "_forward", "_functional", "_overrideable"};
// These change or uncover what a tensor is made of, or the process.
constexpr std::string_view kHidden[] = {"alias",
                                        "ccol_indices",
                                        "choose_qparams_optimized",
                                        "coalesce",
                                        "col_indices",
                                        "conv_depthwise3d",
                                        "copy_sparse_to_sparse",
                                        "crow_indices",
                                        "data",
                                        "dense_dim",
                                        "dequantize",
                                        "empty_quantized",
                                        "flatten_dense_tensors",
                                        "from_file",
                                        "get_gradients",
                                        "hash_tensor",
                                        "hspmm",
                                        "indices",
                                        "int_repr",
                                        "is_coalesced",
                                        "is_distributed",
                                        "is_pinned",
                                        "is_set_to",
                                        "is_vulkan_available",
                                        "lift",
                                        "lift_fresh",
                                        "output_nr",
                                        "pin_memory",
                                        "qscheme",
                                        "record_stream",
                                        "resize",
                                        "resize_",
                                        "resize_as",
                                        "resize_as_",
                                        "resize_as_sparse",
                                        "resize_as_sparse_",
                                        "row_indices",
                                        "set",
                                        "set_",
                                        "set_data",
                                        "slice_inverse",
                                        "smm",
                                        "sspaddmm",
                                        "thnn_conv2d",
                                        "to_padded_tensor",
                                        "unflatten_dense_tensors",
                                        "values"};

bool is_hidden(std::string_view name) {
  const auto starts = [&](std::string_view word) { return name.starts_with(word); };
  const auto ends = [&](std::string_view word) { return name.ends_with(word); };
  if (name == "index_copy") return false;
  if (name.find("_backward") != std::string_view::npos) return true;
  if (std::any_of(std::begin(kHiddenStarts), std::end(kHiddenStarts), starts)) return true;
  if (std::any_of(std::begin(kHiddenEnds), std::end(kHiddenEnds), ends)) return true;
  return std::find(std::begin(kHidden), std::end(kHidden), name) != std::end(kHidden);
}

/// aten's name -> its overloads, the one without a name first, else in the order of their names.
const std::map<std::string, std::vector<c10::OperatorName>, std::less<>>& index() {
  static const auto all = [] {
    constexpr std::string_view kSpace = "aten::";
    std::map<std::string, std::vector<c10::OperatorName>, std::less<>> names;
    for (const auto& name : c10::Dispatcher::singleton().getAllOpNames()) {
      if (name.name.starts_with(kSpace)) names[name.name.substr(kSpace.size())].push_back(name);
    }
    for (auto& [base, overloads] : names) {
      std::sort(overloads.begin(), overloads.end(),
                [](const auto& a, const auto& b) { return a.overload_name < b.overload_name; });
    }
    return names;
  }();
  return all;
}

Kind kind_of_type(const c10::Type& type) {
  switch (type.kind()) {
    case c10::TypeKind::TensorType: return Kind::tensor;
    case c10::TypeKind::IntType:
    case c10::TypeKind::SymIntType: return Kind::integer;
    case c10::TypeKind::FloatType: return Kind::number;
    case c10::TypeKind::NumberType: return Kind::scalar;
    case c10::TypeKind::BoolType: return Kind::boolean;
    case c10::TypeKind::StringType: return Kind::text;
    case c10::TypeKind::ScalarTypeType: return Kind::dtype;
    case c10::TypeKind::DeviceObjType: return Kind::device;
    case c10::TypeKind::LayoutType: return Kind::layout;
    case c10::TypeKind::MemoryFormatType: return Kind::memory_format;
    case c10::TypeKind::GeneratorType: return Kind::generator;
    default: return Kind::none;
  }
}

/// The type behind `?` and `[]`, noting both.
const c10::Type& element_type(const c10::Type& type, Parameter& parameter) {
  if (const auto* optional = type.castRaw<c10::OptionalType>()) {
    (parameter.list ? parameter.holes : parameter.optional) = true;
    return element_type(*optional->getElementType(), parameter);
  }
  if (const auto* list = type.castRaw<c10::ListType>()) {
    parameter.list = true;
    return element_type(*list->getElementType(), parameter);
  }
  return type;
}

/// Why an overload is not shown.
struct LeftOut {
  std::string unmarked;  // the argument or result without a row; empty for other reasons
};

/// Throws LeftOut where users cannot give such an argument, or nobody knows what its numbers mean.
Parameter describe(const c10::Argument& argument, const std::string& name, const std::string& overload) {
  Parameter parameter;
  parameter.kind = kind_of_type(element_type(*argument.real_type(), parameter));
  parameter.name = argument.name() == "end" ? "stop" : argument.name();
  parameter.length = argument.N().value_or(0);
  parameter.named = argument.kwarg_only();
  if (argument.default_value()) parameter.default_value = *argument.default_value();
  if (!parameter.default_value && parameter.optional) parameter.default_value = c10::IValue();
  const bool cannot_be_given = parameter.kind == Kind::none || parameter.kind == Kind::generator;
  if (cannot_be_given && !parameter.default_value) throw LeftOut{};
  if (parameter.kind == Kind::integer || parameter.kind == Kind::tensor) {
    const auto mark = argument_mark(name, overload, argument.name(), parameter.kind == Kind::tensor);
    if (!mark) throw LeftOut{argument.name()};
    parameter.mark = *mark;
  }
  return parameter;
}

Result describe(const c10::Argument& result, int number, const std::string& name, const std::string& overload) {
  Parameter shape;
  const Kind kind = kind_of_type(element_type(*result.real_type(), shape));
  if (kind == Kind::none || kind == Kind::generator) throw LeftOut{};
  if (kind != Kind::integer && kind != Kind::tensor) return {result.name(), kind, Mark::value};
  const auto mark = result_mark(name, overload, number, result.name(), kind == Kind::tensor);
  if (!mark) throw LeftOut{"result " + std::to_string(number)};
  return {result.name(), kind, *mark};
}

/// True for overloads by the names of dimensions, which older releases have.
bool names_dimensions(const std::string& overload) {
  return overload.find("Dimname") != std::string::npos || overload.find("dimname") != std::string::npos ||
         overload.starts_with("names");
}

Overload describe(const c10::OperatorHandle& handle, const std::string& name) {
  const auto& schema = handle.schema();
  const std::string& overload = schema.overload_name();
  if (names_dimensions(overload) || schema.is_vararg()) throw LeftOut{};
  for (const auto& argument : schema.arguments()) {
    if (argument.is_out()) throw LeftOut{};
  }
  Overload described{handle, {}, {}};
  for (const auto& argument : schema.arguments()) described.parameters.push_back(describe(argument, name, overload));
  int number = 0;
  for (const auto& result : schema.returns()) described.results.push_back(describe(result, ++number, name, overload));
  return described;
}

Operator describe(const std::string& user_name, const std::string& name, const std::vector<c10::OperatorName>& names,
                  std::vector<std::string>* without_mark = nullptr) {
  Operator operation{user_name, {}};
  for (const auto& full : names) {
    const auto handle = c10::Dispatcher::singleton().findSchema(full);
    if (!handle) continue;
    try {
      operation.overloads.push_back(describe(*handle, name));
    } catch (const LeftOut& reason) {
      if (!without_mark || reason.unmarked.empty()) continue;
      const std::string dot = full.overload_name.empty() ? "" : ".";
      without_mark->push_back(name + dot + full.overload_name + " " + reason.unmarked);
    }
  }
  return operation;
}

c10::IValue from_user(const c10::IValue& value, const Parameter& parameter, const std::string& who) {
  if (parameter.mark == Mark::value || parameter.mark == Mark::count || parameter.mark == Mark::word) return value;
  if (value.isInt()) return from_user(value.toInt(), parameter.mark, who, parameter.name);
  if (value.isTensor()) return from_user(value.toTensor(), parameter.mark, who, parameter.name);
  if (!value.isList()) return value;
  auto converted = list_of(parameter);
  for (const auto& element : value.toListRef()) converted.push_back(from_user(element, parameter, who));
  return converted;
}

c10::IValue to_user(const c10::IValue& value, Mark mark) {
  if (mark != Mark::position) return value;
  if (value.isTensor()) return to_user(value.toTensor(), mark);
  if (value.isInt()) return value.toInt() < 0 ? value : c10::IValue(value.toInt() + 1);
  if (!value.isTensorList()) return value;
  std::vector<at::Tensor> converted;
  for (const at::Tensor& element : value.toTensorVector()) converted.push_back(to_user(element, mark));
  return converted;
}

/// A target that holds a share for each class has the shape of the scores; any other names classes.
bool holds_shares(const Overload& overload, const std::vector<std::optional<c10::IValue>>& arguments, size_t target) {
  if (overload.parameters[target].mark != Mark::label) return false;
  return arguments[0] && arguments[target] && arguments[0]->isTensor() && arguments[target]->isTensor() &&
         arguments[0]->toTensor().sizes() == arguments[target]->toTensor().sizes();
}

/// -1 of an `index` along `dim` is the last, which not every operator of LibTorch knows.
void count_from_end(const Overload& overload, std::vector<c10::IValue>& stack) {
  size_t dim = stack.size(), index = stack.size();
  for (size_t i = 0; i < stack.size(); ++i) {
    if (overload.parameters[i].name == "dim") dim = i;
    if (overload.parameters[i].name == "index") index = i;
  }
  if (dim == stack.size() || index == stack.size() || !stack[dim].isInt() || !stack[index].isTensor()) return;
  const at::Tensor& self = stack[0].toTensor();
  const at::Tensor& positions = stack[index].toTensor();
  const int64_t axis = stack[dim].toInt(), dims = self.dim();
  if (axis < -dims || axis >= dims) return;
  stack[index] = at::where(at::lt(positions, 0), at::add(positions, self.size(axis)), positions);
}

/// "select(): index ..." says again who speaks.
std::string without_name(const std::string& line, const std::string& name) {
  for (const std::string& start : {name + "(): ", name + ": "}) {
    if (line.starts_with(start)) return line.substr(start.size());
  }
  return line;
}

}  // namespace

c10::impl::GenericList list_of(const Parameter& parameter) {
  c10::TypePtr type = c10::TensorType::get();
  if (parameter.kind == Kind::integer) type = c10::IntType::get();
  if (parameter.kind == Kind::number) type = c10::FloatType::get();
  if (parameter.kind == Kind::boolean) type = c10::BoolType::get();
  if (parameter.kind == Kind::scalar) type = c10::NumberType::get();
  if (parameter.kind == Kind::text) type = c10::StringType::get();
  return c10::impl::GenericList(parameter.holes ? c10::OptionalType::create(type) : type);
}

const Operator* find_operator(std::string_view name) {
  static std::map<std::string, Operator, std::less<>> known;
  if (const auto found = known.find(name); found != known.end()) {
    return found->second.overloads.empty() ? nullptr : &found->second;
  }
  const auto alias = kAliases.find(name);
  if (alias == kAliases.end() && is_hidden(name)) return nullptr;
  const auto listed = index().find(alias == kAliases.end() ? name : alias->second);
  if (listed == index().end()) return nullptr;
  const std::string user_name(name);
  const Operator& made = known.emplace(user_name, describe(user_name, listed->first, listed->second)).first->second;
  return made.overloads.empty() ? nullptr : &made;
}

const std::vector<std::string>& operator_names() {
  static const auto all = [] {
    std::vector<std::string> names;
    for (const auto& [name, overloads] : index()) {
      if (!name.ends_with('_') && find_operator(name)) names.push_back(name);
    }
    for (const auto& [alias, name] : kAliases) {
      if (find_operator(alias)) names.push_back(alias);
    }
    std::sort(names.begin(), names.end());
    return names;
  }();
  return all;
}

std::vector<std::string> unmarked() {
  std::vector<std::string> missing;
  for (const auto& [name, overloads] : index()) {
    if (!is_hidden(name)) describe(name, name, overloads, &missing);
  }
  return missing;
}

std::vector<c10::IValue> call(const Operator& operation, const Overload& overload,
                              std::vector<std::optional<c10::IValue>> arguments) {
  try {
    std::vector<c10::IValue> stack;
    stack.reserve(arguments.size());
    for (size_t i = 0; i < arguments.size(); ++i) {
      const Parameter& parameter = overload.parameters[i];
      if (!arguments[i]) {
        stack.push_back(*parameter.default_value);
      } else if (holds_shares(overload, arguments, i)) {
        stack.push_back(*arguments[i]);
      } else {
        stack.push_back(from_user(*arguments[i], parameter, operation.name));
      }
    }
    count_from_end(overload, stack);
    overload.handle.callBoxed(stack);
    for (size_t i = 0; i < stack.size(); ++i) stack[i] = to_user(stack[i], overload.results[i].mark);
    return stack;
  } catch (const c10::Error& error) {
    throw ArgumentError(operation.name + ": " + without_name(in_words(error.what_without_backtrace()), operation.name));
  }
}

}  // namespace lumir::tensor
