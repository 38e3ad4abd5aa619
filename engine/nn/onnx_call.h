// What an operator of LibTorch becomes in ONNX: a form, registered by the operator's name in files beside this one
// (nn/onnx_*.cpp), one for each subject.
//
//   const OnnxOperator gelu({"aten::gelu"}, [](OnnxCall& call) { return call.add("Erf", {call.value("self")}); });
//
// A form of "aten::relu" is that of "aten::relu_", too: what is written into is another value from then on.

#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <vector>

#include "model/onnx.h"
#include "nn/onnx_trace.h"

namespace lumir::nn {

/// Puts a trace into a graph.
class OnnxWriter;

/// One call of an operator, as a form sees it. Arguments go by the names of LibTorch's schema.
class OnnxCall {
 public:
  OnnxCall(OnnxWriter& writer, const tensor::RecordedCall& call, size_t place);

  /// "relu", of relu_ too.
  std::string name() const;
  model::OnnxGraph& graph() const;
  std::string add(const std::string& op, const std::vector<std::string>& inputs,
                  const model::OnnxAttributes& attributes = {}) const {
    return graph().add(op, inputs, attributes);
  }
  /// Throws ArgumentError: "trunk.3: nn.PCEN: aten::pow: why".
  [[noreturn]] void refuse(const std::string& why) const;

  /// Whether the operator has such an argument.
  bool has(const std::string& name) const { return call_.schema->argumentIndexWithName(name).has_value(); }
  /// Whether it has, and it is not none.
  bool given(const std::string& name) const;
  bool is_tensor(const std::string& name) const { return argument(name).isTensor(); }
  /// A tensor's value in the graph, in the type that it has or in another. Refuses complex ones, which ONNX has not.
  std::string value(const std::string& name) const;
  std::string value(const std::string& name, at::ScalarType type) const;
  std::vector<std::string> values(const std::string& name) const;
  std::vector<std::string> values(const std::string& name, at::ScalarType type) const;
  /// A complex tensor as its real and imaginary parts, along one more dimension at the end.
  std::string parts(const std::string& name) const;
  /// A tensor or a number, in a type.
  std::string operand(const std::string& name, at::ScalarType type) const;
  /// A tensor of the first run, for its type and dimensions.
  const at::Tensor& sample(const std::string& name) const;
  at::ScalarType type(const std::string& name) const { return sample(name).scalar_type(); }
  std::vector<at::Tensor> samples(const std::string& name) const;
  /// Tensors that are the same whatever comes in (weights).
  at::Tensor constant(const std::string& name) const;
  std::vector<at::Tensor> constants(const std::string& name) const;
  /// Whether a list's tensor was made by an operator ("aten::zeros").
  bool made_by(const std::string& name, size_t i, const std::string& op) const;
  Wholes shape(const std::string& name) const;

  int64_t whole(const std::string& name) const;
  /// A dimension from 0, counted from the front, of a tensor argument.
  int64_t dimension(const std::string& name, const std::string& of = "self") const;
  std::vector<int64_t> wholes(const std::string& name) const;
  /// One that may change from run to run.
  Whole changing(const std::string& name) const;
  double number(const std::string& name) const;
  std::vector<double> numbers(const std::string& name) const;
  bool flag(const std::string& name) const;
  std::string text(const std::string& name) const;

  /// Of the first run; the shape of all.
  const at::Tensor& result(size_t i = 0) const;
  size_t results() const { return call_.made.size(); }
  Wholes result_shape(size_t i = 0) const;
  at::ScalarType result_type() const { return result().scalar_type(); }

  /// Whole numbers as a value, int64 of one dimension: what changes is found among the sizes of tensors.
  std::string sizes(const Wholes& wholes) const;
  std::string list(const std::vector<int64_t>& numbers) const;
  /// A number as a value of no dimension.
  std::string scalar(double number, at::ScalarType type) const;
  /// An int64 of no dimension.
  std::string place(int64_t number) const { return graph().constant({number}, {}); }
  std::string keep(const at::Tensor& constant) const;
  std::string cast(const std::string& value, at::ScalarType from, at::ScalarType to) const;
  /// A value as a tensor of this shape.
  std::string reshape(const std::string& value, const Wholes& shape) const;
  std::string unsqueeze(const std::string& value, const std::vector<int64_t>& axes) const;
  std::string squeeze(const std::string& value, const std::vector<int64_t>& axes) const;
  std::string transpose(const std::string& value, const std::vector<int64_t>& order) const;
  /// From a place to before another along an axis.
  std::string slice(const std::string& value, int64_t axis, const Whole& from, const Whole& to, int64_t step = 1) const;

 private:
  const c10::IValue& argument(const std::string& name) const { return argument_in(0, name); }
  const c10::IValue& argument_in(size_t run, const std::string& name) const;
  /// The values of an argument's tensors.
  std::vector<int> read(const std::string& name) const;
  int read_one(const std::string& name) const;
  std::string real_value(int value) const;

  OnnxWriter& writer_;
  const tensor::RecordedCall& call_;
  size_t place_;
};

/// Gives the values that come out, in order; "" for one that has none. The short one gives the only one.
using OnnxOperatorForms = std::vector<std::string> (*)(OnnxCall&);
using OnnxOperatorForm = std::string (*)(OnnxCall&);

struct OnnxOperator {
  OnnxOperator(std::initializer_list<const char*> names, OnnxOperatorForm form);
  OnnxOperator(std::initializer_list<const char*> names, OnnxOperatorForms form);
};
/// Whether an operator ("aten::linear") has one.
bool has_onnx_form(const std::string& name);

class OnnxWriter {
 public:
  /// `inputs` are the graph's values for the network's inputs.
  OnnxWriter(model::OnnxGraph& graph, const OnnxTrace& trace, const std::vector<std::string>& inputs, std::string who);
  /// Adds all that the outputs need; answers their values.
  std::vector<std::string> write();

 private:
  friend class OnnxCall;
  /// The graph's value for one of the trace.
  std::string name_of(int value, const std::string& for_whom);
  void write_call(size_t place);
  std::string sizes(const Wholes& wholes, const std::string& for_whom);
  std::string size(const Whole& whole, const std::string& for_whom);
  /// A size of a tensor that is there already, as int64 [1].
  std::string size_of(int value, size_t dimension);
  std::optional<std::string> size_by(const Whole& whole, bool products);
  std::optional<std::string> from_size(const Whole& wanted, const Whole& known, int value, size_t dimension);
  std::string list(const std::vector<int64_t>& numbers);

  model::OnnxGraph& graph_;
  const OnnxTrace& trace_;
  std::string who_;
  std::map<int, std::string> names_;
  std::vector<int> sized_;  // values with names whose sizes change
  std::map<std::pair<int, size_t>, std::string> sizes_;
  std::map<std::array<int64_t, kTraceRuns>, std::string> found_sizes_;
};

}  // namespace lumir::nn
