// See onnx_call.h.

#include "nn/onnx_call.h"

#include <algorithm>

#include <ATen/ops/scalar_tensor.h>

#include "core/error.h"
#include "tensor/convert.h"
#include "tensor/show.h"

namespace lumir::nn {
namespace {

using Forms = std::map<std::string, std::pair<OnnxOperatorForm, OnnxOperatorForms>>;
Forms& forms() {
  static Forms all;
  return all;
}

/// That of "aten::relu" for "aten::relu_".
const Forms::mapped_type* form_of(const std::string& name) {
  auto found = forms().find(name);
  if (found == forms().end() && name.ends_with('_')) found = forms().find(name.substr(0, name.size() - 1));
  return found == forms().end() ? nullptr : &found->second;
}

ElementType element(at::ScalarType type) {
  return tensor::to_array(at::scalar_tensor(0, at::TensorOptions().dtype(type)), "onnx").type();
}

int64_t whole_in(const c10::IValue& value) { return value.isBool() ? value.toBool() : value.toInt(); }

}  // namespace

OnnxOperator::OnnxOperator(std::initializer_list<const char*> names, OnnxOperatorForm form) {
  for (const char* name : names) forms()[name] = {form, nullptr};
}
OnnxOperator::OnnxOperator(std::initializer_list<const char*> names, OnnxOperatorForms form) {
  for (const char* name : names) forms()[name] = {nullptr, form};
}
bool has_onnx_form(const std::string& name) { return form_of(name) != nullptr; }

OnnxCall::OnnxCall(OnnxWriter& writer, const tensor::RecordedCall& call, size_t place)
    : writer_(writer), call_(call), place_(place) {}

std::string OnnxCall::name() const {
  std::string name = call_.schema->name().substr(std::string("aten::").size());
  if (name.ends_with('_') && !name.ends_with("__")) name.pop_back();
  return name;
}

model::OnnxGraph& OnnxCall::graph() const { return writer_.graph_; }

void OnnxCall::refuse(const std::string& why) const {
  throw ArgumentError(writer_.who_ + ": " + (call_.place.empty() ? "" : call_.place + ": ") + call_.schema->name() +
                      " " + why);
}

const c10::IValue& OnnxCall::argument_in(size_t run, const std::string& name) const {
  static const c10::IValue none;
  const auto place = call_.schema->argumentIndexWithName(name);
  if (!place) return none;
  return writer_.trace_.run(run).calls.at(place_).arguments.at(static_cast<size_t>(*place));
}

bool OnnxCall::given(const std::string& name) const {
  const auto& value = argument(name);
  return !value.isNone() && !(value.isTensor() && !value.toTensor().defined());
}

std::vector<int> OnnxCall::read(const std::string& name) const {
  const auto place = call_.schema->argumentIndexWithName(name);
  if (!place) refuse("has no '" + name + "'");
  size_t first = 0;
  for (size_t i = 0; i < static_cast<size_t>(*place); ++i) first += tensor::tensors_in(call_.arguments[i]).size();
  const size_t count = tensor::tensors_in(argument(name)).size();
  return {call_.read.begin() + static_cast<ptrdiff_t>(first),
          call_.read.begin() + static_cast<ptrdiff_t>(first + count)};
}

int OnnxCall::read_one(const std::string& name) const {
  const auto all = read(name);
  if (all.size() != 1 || all[0] < 0) refuse("without '" + name + "' has no form in ONNX");
  return all[0];
}

std::string OnnxCall::real_value(int value) const {
  if (writer_.trace_.tensor_of(value).is_complex()) refuse("of complex numbers has no form in ONNX");
  return writer_.name_of(value, call_.place);
}

std::string OnnxCall::value(const std::string& name) const { return real_value(read_one(name)); }

std::string OnnxCall::value(const std::string& name, at::ScalarType type) const {
  const int one = read_one(name);
  return cast(real_value(one), writer_.trace_.tensor_of(one).scalar_type(), type);
}

std::vector<std::string> OnnxCall::values(const std::string& name) const {
  std::vector<std::string> all;
  for (const int value : read(name)) all.push_back(value < 0 ? "" : real_value(value));
  return all;
}

std::vector<std::string> OnnxCall::values(const std::string& name, at::ScalarType type) const {
  std::vector<std::string> all;
  for (const int value : read(name)) {
    all.push_back(cast(real_value(value), writer_.trace_.tensor_of(value).scalar_type(), type));
  }
  return all;
}

std::string OnnxCall::parts(const std::string& name) const { return writer_.name_of(read_one(name), call_.place); }

std::string OnnxCall::operand(const std::string& name, at::ScalarType type) const {
  if (argument(name).isTensor()) return value(name, type);
  const Whole seen = argument(name).isDouble() ? Whole() : changing(name);
  if (seen.fixed()) return scalar(number(name), type);
  return squeeze(cast(sizes({seen}), at::kLong, type), {0});
}

const at::Tensor& OnnxCall::sample(const std::string& name) const { return writer_.trace_.tensor_of(read_one(name)); }

std::vector<at::Tensor> OnnxCall::samples(const std::string& name) const { return tensor::tensors_in(argument(name)); }

at::Tensor OnnxCall::constant(const std::string& name) const {
  const int one = read_one(name);
  if (!writer_.trace_.constant(one)) refuse("whose '" + name + "' follows from the input has no form in ONNX");
  return writer_.trace_.tensor_of(one);
}

std::vector<at::Tensor> OnnxCall::constants(const std::string& name) const {
  for (const int one : read(name)) {
    if (!writer_.trace_.constant(one)) refuse("whose '" + name + "' follow from the input has no form in ONNX");
  }
  return samples(name);
}

bool OnnxCall::made_by(const std::string& name, size_t i, const std::string& op) const {
  const int maker = writer_.trace_.first().values[static_cast<size_t>(read(name).at(i))].maker;
  return maker >= 0 && writer_.trace_.first().calls[static_cast<size_t>(maker)].schema->name() == op;
}

Wholes OnnxCall::shape(const std::string& name) const { return writer_.trace_.shape(read_one(name)); }

Whole OnnxCall::changing(const std::string& name) const {
  Whole all;
  for (size_t run = 0; run < kTraceRuns; ++run) {
    const auto& value = argument_in(run, name);
    if (!value.isInt() && !value.isBool()) refuse("needs a whole number for '" + name + "'");
    all.seen[run] = whole_in(value);
  }
  return all;
}

int64_t OnnxCall::whole(const std::string& name) const {
  const Whole all = changing(name);
  if (!all.fixed()) refuse("has another '" + name + "' for another size");
  return all.seen[0];
}

int64_t OnnxCall::dimension(const std::string& name, const std::string& of) const {
  const int64_t given = whole(name);
  return given < 0 ? given + sample(of).dim() : given;
}

std::vector<int64_t> OnnxCall::wholes(const std::string& name) const {
  const auto in = [&](size_t run) {
    const auto& value = argument_in(run, name);
    return value.isInt() ? std::vector<int64_t>{value.toInt()} : value.toIntVector();
  };
  if (!given(name)) return {};
  if (in(0) != in(1) || in(0) != in(2)) refuse("has another '" + name + "' for another size");
  return in(0);
}

double OnnxCall::number(const std::string& name) const {
  const auto in = [&](size_t run) {
    const auto& value = argument_in(run, name);
    return value.isBool() ? static_cast<double>(value.toBool()) : value.toScalar().toDouble();
  };
  if (in(0) != in(1) || in(0) != in(2)) refuse("has another '" + name + "' for another size");
  return in(0);
}

std::vector<double> OnnxCall::numbers(const std::string& name) const { return argument(name).toDoubleVector(); }

bool OnnxCall::flag(const std::string& name) const { return argument(name).isBool() && argument(name).toBool(); }

std::string OnnxCall::text(const std::string& name) const {
  return argument(name).isString() ? argument(name).toStringRef() : "";
}

const at::Tensor& OnnxCall::result(size_t i) const { return writer_.trace_.tensor_of(call_.made.at(i)); }
Wholes OnnxCall::result_shape(size_t i) const { return writer_.trace_.shape(call_.made.at(i)); }

std::string OnnxCall::sizes(const Wholes& wholes) const { return writer_.sizes(wholes, call_.place); }
std::string OnnxCall::list(const std::vector<int64_t>& numbers) const { return writer_.list(numbers); }

std::string OnnxCall::scalar(double number, at::ScalarType type) const {
  return keep(at::scalar_tensor(number, at::TensorOptions().dtype(type)));
}

std::string OnnxCall::keep(const at::Tensor& constant) const {
  return graph().constant(tensor::to_array(constant, writer_.who_));
}

std::string OnnxCall::cast(const std::string& value, at::ScalarType from, at::ScalarType to) const {
  return from == to ? value : graph().cast(value, element(to));
}

/// One size that changes is what is left; several are looked for.
std::string OnnxCall::reshape(const std::string& value, const Wholes& shape) const {
  Wholes wanted = shape;
  const auto changes = [](const Whole& size) { return !size.fixed(); };
  if (std::count_if(wanted.begin(), wanted.end(), changes) == 1) {
    *std::find_if(wanted.begin(), wanted.end(), changes) = Whole(-1);
  }
  return add("Reshape", {value, sizes(wanted)});
}

std::string OnnxCall::unsqueeze(const std::string& value, const std::vector<int64_t>& axes) const {
  return axes.empty() ? value : add("Unsqueeze", {value, list(axes)});
}
std::string OnnxCall::squeeze(const std::string& value, const std::vector<int64_t>& axes) const {
  return axes.empty() ? value : add("Squeeze", {value, list(axes)});
}
std::string OnnxCall::transpose(const std::string& value, const std::vector<int64_t>& order) const {
  return add("Transpose", {value}, {{"perm", order}});
}

std::string OnnxCall::slice(const std::string& value, int64_t axis, const Whole& from, const Whole& to,
                            int64_t step) const {
  return add("Slice", {value, sizes({from}), sizes({to}), list({axis}), list({step})});
}

OnnxWriter::OnnxWriter(model::OnnxGraph& graph, const OnnxTrace& trace, const std::vector<std::string>& inputs,
                       std::string who)
    : graph_(graph), trace_(trace), who_(std::move(who)) {
  for (size_t i = 0; i < inputs.size(); ++i) {
    names_[static_cast<int>(i)] = inputs[i];
    sized_.push_back(static_cast<int>(i));
  }
}

std::vector<std::string> OnnxWriter::write() {
  for (const size_t place : trace_.needed()) write_call(place);
  graph_.set_place("");
  std::vector<std::string> outputs;
  for (const int output : trace_.outputs()) {
    if (trace_.tensor_of(output).is_complex()) throw ArgumentError(who_ + ": complex outputs have no form in ONNX");
    outputs.push_back(name_of(output, ""));
  }
  return outputs;
}

std::string OnnxWriter::name_of(int value, const std::string& for_whom) {
  const std::string where = who_ + ": " + (for_whom.empty() ? "" : for_whom + ": ");
  if (const auto found = names_.find(value); found != names_.end()) {
    if (found->second.empty()) throw ArgumentError(where + "takes a result that has no form in ONNX");
    return found->second;
  }
  if (!trace_.constant(value)) {
    throw ArgumentError(where + "takes a tensor " + tensor::show_shape(trace_.tensor_of(value).sizes()) +
                        " that changes with the input and that no operator made");
  }
  const Array array = tensor::to_array(trace_.tensor_of(value), who_);
  const std::string own = trace_.name_of(value);
  return names_[value] = own.empty() ? graph_.constant(array) : graph_.named_constant(own, array);
}

void OnnxWriter::write_call(size_t place) {
  const auto& record = trace_.first().calls[place];
  OnnxCall call(*this, record, place);
  const auto* form = form_of(record.schema->name());
  if (!form) call.refuse("has no form in ONNX");
  graph_.set_place(record.place.substr(0, record.place.find(": ")));
  const auto made = form->first ? std::vector<std::string>{form->first(call)} : form->second(call);
  for (size_t i = 0; i < record.made.size(); ++i) {
    const int value = record.made[i];
    if (value < 0) continue;
    names_[value] = i < made.size() ? made[i] : "";
    const auto shape = trace_.shape(value);
    const bool changes = std::any_of(shape.begin(), shape.end(), [](const Whole& size) { return !size.fixed(); });
    if (changes && !names_[value].empty()) sized_.push_back(value);
  }
}

std::string OnnxWriter::list(const std::vector<int64_t>& numbers) {
  return graph_.constant(numbers, {static_cast<int64_t>(numbers.size())});
}

std::string OnnxWriter::sizes(const Wholes& wholes, const std::string& for_whom) {
  if (std::all_of(wholes.begin(), wholes.end(), [](const Whole& whole) { return whole.fixed(); })) {
    std::vector<int64_t> numbers;
    for (const Whole& whole : wholes) numbers.push_back(whole.seen[0]);
    return list(numbers);
  }
  std::vector<std::string> each;
  for (const Whole& whole : wholes) each.push_back(size(whole, for_whom));
  return each.size() == 1 ? each[0] : graph_.add("Concat", each, {{"axis", 0}});
}

std::string OnnxWriter::size_of(int value, size_t dimension) {
  std::string& kept = sizes_[{value, dimension}];
  if (kept.empty()) {
    const auto shape = graph_.add("Shape", {names_.at(value)});
    kept = graph_.add("Gather", {shape, list({static_cast<int64_t>(dimension)})});
  }
  return kept;
}

/// One size from another that is known: the same, so many more or less, so many times as much, or a part of it.
std::optional<std::string> OnnxWriter::from_size(const Whole& wanted, const Whole& known, int value, size_t dimension) {
  const auto all = [&](auto from) {
    for (size_t run = 0; run < kTraceRuns; ++run) {
      if (from(known.seen[run]) != wanted.seen[run]) return false;
    }
    return true;
  };
  const auto with = [&](const char* op, int64_t number) {
    return graph_.add(op, {size_of(value, dimension), list({number})});
  };
  if (known == wanted) return size_of(value, dimension);
  const int64_t more = wanted.seen[0] - known.seen[0];
  if (all([&](int64_t size) { return size + more; })) return with("Add", more);
  if (known.seen[0] == 0 || wanted.seen[0] == 0) return std::nullopt;
  const int64_t times = wanted.seen[0] / known.seen[0], part = known.seen[0] / wanted.seen[0];
  if (times != 0 && all([&](int64_t size) { return size * times; })) return with("Mul", times);
  if (part > 0 && all([&](int64_t size) { return size / part; })) return with("Div", part);
  return std::nullopt;
}

std::optional<std::string> OnnxWriter::size_by(const Whole& whole, bool products) {
  for (const int value : sized_) {
    const Wholes shape = trace_.shape(value);
    for (size_t i = 0; i < shape.size(); ++i) {
      if (shape[i].fixed()) continue;
      if (!products) {
        if (const auto found = from_size(whole, shape[i], value, i)) return found;
        continue;
      }
      for (size_t j = i + 1; j < shape.size(); ++j) {
        Whole product;
        for (size_t run = 0; run < kTraceRuns; ++run) product.seen[run] = shape[i].seen[run] * shape[j].seen[run];
        if (shape[j].fixed() || product.seen[0] == 0 || whole.seen[0] % product.seen[0] != 0) continue;
        const int64_t times = whole.seen[0] / product.seen[0];
        for (auto& size : product.seen) size *= times;
        if (product != whole) continue;
        return graph_.add("Mul", {graph_.add("Mul", {size_of(value, i), size_of(value, j)}), list({times})});
      }
    }
  }
  return std::nullopt;
}

std::string OnnxWriter::size(const Whole& whole, const std::string& for_whom) {
  if (whole.fixed()) return list({whole.seen[0]});
  std::string& kept = found_sizes_[whole.seen];
  if (!kept.empty()) return kept;
  auto found = size_by(whole, false);
  if (!found) found = size_by(whole, true);
  if (!found) {
    throw ArgumentError(who_ + ": " + (for_whom.empty() ? "" : for_whom + ": ") + "has a size of " +
                        std::to_string(whole.seen[0]) + " that follows from the input's in no way known here");
  }
  return kept = *found;
}

}  // namespace lumir::nn
