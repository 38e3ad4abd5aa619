// Means, sums and norms as ONNX operators.

#include <limits>
#include <numeric>

#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

#include "nn/onnx_call.h"

namespace lumir::nn {
namespace {

using Op = std::string;
using Numbers = std::vector<int64_t>;

/// Those that are asked for, all where none are.
Numbers axes_of(const OnnxCall& call, const std::string& name = "dim") {
  const int64_t dimensions = call.sample("self").dim();
  Numbers axes = call.wholes(name);
  for (auto& axis : axes) axis += axis < 0 ? dimensions : 0;
  if (!axes.empty()) return axes;
  axes.resize(static_cast<size_t>(dimensions));
  std::iota(axes.begin(), axes.end(), 0);
  return axes;
}

Op reduced(const OnnxCall& call, const char* op, const Op& x, const Numbers& axes, bool keep) {
  if (axes.empty()) return x;
  if (std::string(op) == "ReduceSum") {  // the only one that takes its axes as a value
    return call.add(op, {x, call.list(axes)}, {{"keepdims", int64_t{keep}}});
  }
  return call.add(op, {x}, {{"axes", axes}, {"keepdims", int64_t{keep}}});
}

template <const auto& op>
Op reduction(OnnxCall& call) {
  return reduced(call, op, call.value("self", call.result_type()), axes_of(call), call.flag("keepdim"));
}
constexpr char kMean[] = "ReduceMean", kSum[] = "ReduceSum", kMax[] = "ReduceMax", kMin[] = "ReduceMin",
               kLogSum[] = "ReduceLogSumExp", kProduct[] = "ReduceProd";
const OnnxOperator mean_form({"aten::mean"}, reduction<kMean>), sum({"aten::sum"}, reduction<kSum>),
    amax({"aten::amax"}, reduction<kMax>), amin({"aten::amin"}, reduction<kMin>),
    log_sum({"aten::logsumexp"}, reduction<kLogSum>), product({"aten::prod"}, reduction<kProduct>);

/// x:max() is a number; x:max(dim) and where it stands; x:max(y) the larger of two.
std::vector<Op> extreme(OnnxCall& call, const char* reduce, const char* place, const char* of_two) {
  const Op x = call.value("self", call.result_type());
  if (call.has("other")) return {call.add(of_two, {x, call.value("other", call.result_type())})};
  if (!call.given("dim")) return {reduced(call, reduce, x, axes_of(call), false)};
  const model::OnnxAttributes how{{"axis", call.dimension("dim")}, {"keepdims", int64_t{call.flag("keepdim")}}};
  return {reduced(call, reduce, x, {call.dimension("dim")}, call.flag("keepdim")), call.add(place, {x}, how)};
}
const OnnxOperator max({"aten::max"}, [](OnnxCall& call) { return extreme(call, kMax, "ArgMax", "Max"); });
const OnnxOperator min({"aten::min"}, [](OnnxCall& call) { return extreme(call, kMin, "ArgMin", "Min"); });

Op place_of(OnnxCall& call, const char* op) {
  if (!call.given("dim")) call.refuse("over all dimensions at once has no form in ONNX");
  return call.add(op, {call.value("self")},
                  {{"axis", call.dimension("dim")}, {"keepdims", int64_t{call.flag("keepdim")}}});
}
const OnnxOperator argmax({"aten::argmax"}, [](OnnxCall& call) { return place_of(call, "ArgMax"); });
const OnnxOperator argmin({"aten::argmin"}, [](OnnxCall& call) { return place_of(call, "ArgMin"); });

const OnnxOperator cumsum({"aten::cumsum"}, [](OnnxCall& call) {
  return call.add("CumSum", {call.value("self", call.result_type()), call.place(call.dimension("dim"))});
});

/// Sums of squares away from the mean, by n - correction.
Op variance(OnnxCall& call) {
  const Numbers axes = axes_of(call);
  const Op x = call.value("self", call.result_type());
  const Op away = call.add("Sub", {x, reduced(call, kMean, x, axes, true)});
  const Op mean = reduced(call, kMean, call.add("Mul", {away, away}), axes, call.flag("keepdim"));
  double correction = 1;
  if (call.has("correction")) correction = call.given("correction") ? call.number("correction") : 1;
  if (call.has("unbiased")) correction = call.flag("unbiased") ? 1 : 0;
  if (correction == 0) return mean;
  double count = 1;
  for (const int64_t axis : axes) {
    const Whole size = call.shape("self")[static_cast<size_t>(axis)];
    if (!size.fixed()) call.refuse("with a correction, over a size that changes, has no form in ONNX");
    count *= static_cast<double>(size.seen[0]);
  }
  return call.add("Mul", {mean, call.scalar(count / (count - correction), call.result_type())});
}
const OnnxOperator var({"aten::var"}, variance);
const OnnxOperator deviation({"aten::std"}, [](OnnxCall& call) { return call.add("Sqrt", {variance(call)}); });

Op length(OnnxCall& call, const std::string& order) {
  const double p = call.given(order) ? call.number(order) : 2;
  const Op x = call.value("self", call.result_type());
  if (p == 1) return reduced(call, "ReduceL1", x, axes_of(call), call.flag("keepdim"));
  if (p == 2) return reduced(call, "ReduceL2", x, axes_of(call), call.flag("keepdim"));
  if (p == std::numeric_limits<double>::infinity()) {
    return reduced(call, kMax, call.add("Abs", {x}), axes_of(call), call.flag("keepdim"));
  }
  call.refuse("of another order than 1, 2 and infinity has no form in ONNX");
}
const OnnxOperator norm({"aten::norm"}, [](OnnxCall& call) { return length(call, "p"); });
const OnnxOperator vector_norm({"aten::linalg_vector_norm"}, [](OnnxCall& call) { return length(call, "ord"); });

/// Numbers of each channel, in front of positions: [channels, 1, ...].
Op of_channels(const OnnxCall& call, const Op& numbers, int64_t dimensions) {
  Numbers axes(static_cast<size_t>(dimensions - 2));
  std::iota(axes.begin(), axes.end(), 1);
  return call.unsqueeze(numbers, axes);
}

Op scaled_and_shifted(const OnnxCall& call, Op x, int64_t dimensions) {
  if (call.given("weight")) x = call.add("Mul", {x, of_channels(call, call.value("weight"), dimensions)});
  if (call.given("bias")) x = call.add("Add", {x, of_channels(call, call.value("bias"), dimensions)});
  return x;
}

/// By the statistics at hand, over the axes.
Op normalised(const OnnxCall& call, const Op& x, const Numbers& axes) {
  const Op away = call.add("Sub", {x, reduced(call, kMean, x, axes, true)});
  const Op variance = reduced(call, kMean, call.add("Mul", {away, away}), axes, true);
  const Op widened = call.add("Add", {variance, call.scalar(call.number("eps"), call.result_type())});
  return call.add("Div", {away, call.add("Sqrt", {widened})});
}

/// A number for each channel, the same where none were learnt.
Op learnt(const OnnxCall& call, const std::string& name, int64_t channels, bool ones) {
  if (call.given(name)) return call.value(name);
  const auto how = at::TensorOptions().dtype(call.result_type());
  return call.keep(ones ? at::ones({channels}, how) : at::zeros({channels}, how));
}

Op batch_normalised(OnnxCall& call, bool by_what_comes_in, const Numbers& axes) {
  const auto& x = call.sample("input");
  if (by_what_comes_in) return scaled_and_shifted(call, normalised(call, call.value("input"), axes), x.dim());
  const int64_t channels = x.size(1);
  return call.add("BatchNormalization",
                  {call.value("input"), learnt(call, "weight", channels, true), learnt(call, "bias", channels, false),
                   call.value("running_mean"), call.value("running_var")},
                  {{"epsilon", static_cast<float>(call.number("eps"))}});
}

/// All dimensions from one on, and the first where it counts.
Numbers positions(const OnnxCall& call, int64_t from, bool batch) {
  Numbers axes;
  if (batch) axes.push_back(0);
  for (int64_t axis = from; axis < call.sample("input").dim(); ++axis) axes.push_back(axis);
  return axes;
}
const OnnxOperator batch_norm({"aten::batch_norm"}, [](OnnxCall& call) {
  return batch_normalised(call, call.flag("training"), positions(call, 2, true));
});
const OnnxOperator instance_norm({"aten::instance_norm"}, [](OnnxCall& call) {
  return batch_normalised(call, call.flag("use_input_stats"), positions(call, 2, false));
});

/// Each group as one row.
const OnnxOperator group_norm({"aten::group_norm"}, [](OnnxCall& call) {
  const int64_t groups = call.whole("num_groups");
  const Op rows = call.add("Reshape", {call.value("input"), call.list({0, groups, -1})});
  const Op even = call.reshape(normalised(call, rows, {2}), call.result_shape());
  return scaled_and_shifted(call, even, call.sample("input").dim());
});

const OnnxOperator layer_norm({"aten::layer_norm"}, [](OnnxCall& call) {
  const Numbers shape = call.wholes("normalized_shape");
  std::vector<Op> inputs{call.value("input")};
  const auto how = at::TensorOptions().dtype(call.result_type());
  inputs.push_back(call.given("weight") ? call.value("weight") : call.keep(at::ones(shape, how)));
  if (call.given("bias")) inputs.push_back(call.value("bias"));
  return call.graph()
      .add("LayerNormalization", 1, inputs,
           {{"axis", -static_cast<int64_t>(shape.size())}, {"epsilon", static_cast<float>(call.number("eps"))}})
      .front();
});

const OnnxOperator rms_norm({"aten::rms_norm"}, [](OnnxCall& call) {
  Numbers axes;
  for (size_t i = 0; i < call.wholes("normalized_shape").size(); ++i) axes.push_back(-static_cast<int64_t>(i) - 1);
  const Op x = call.value("input");
  const bool doubles = call.result_type() == at::kDouble;  // LibTorch reckons all others in floats
  const double least = doubles ? std::numeric_limits<double>::epsilon() : std::numeric_limits<float>::epsilon();
  const double eps = call.given("eps") ? call.number("eps") : least;
  const Op mean = reduced(call, kMean, call.add("Mul", {x, x}), axes, true);
  const Op root = call.add("Sqrt", {call.add("Add", {mean, call.scalar(eps, call.result_type())})});
  const Op even = call.add("Div", {x, root});
  return call.given("weight") ? call.add("Mul", {even, call.value("weight")}) : even;
});

}  // namespace
}  // namespace lumir::nn
