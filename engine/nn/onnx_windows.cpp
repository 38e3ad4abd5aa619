// What moves along positions, convolutions and pooling, as ONNX operators.

#include <algorithm>

#include "nn/onnx_call.h"

namespace lumir::nn {
namespace {

using Op = std::string;
using Numbers = std::vector<int64_t>;

/// As many numbers as there are dimensions; one stands for all.
Numbers each(const OnnxCall& call, const std::string& name, size_t dimensions) {
  Numbers numbers = call.wholes(name);
  if (numbers.size() == 1) numbers.resize(dimensions, numbers[0]);
  return numbers;
}

/// The same at both ends.
Numbers both(const Numbers& padding) {
  Numbers all = padding;
  all.insert(all.end(), padding.begin(), padding.end());
  return all;
}

/// An example that is no batch, [channels, positions ...], is a batch of one meanwhile.
template <class Use>
Op in_batch(OnnxCall& call, const std::string& name, size_t dimensions, Use use) {
  const Op x = call.value(name);
  if (call.sample(name).dim() == static_cast<int64_t>(dimensions) + 2) return use(x);
  return call.squeeze(use(call.unsqueeze(x, {0})), {0});
}

Op by_kernel(OnnxCall& call, const char* op, const model::OnnxAttributes& how) {
  const auto dimensions = static_cast<size_t>(call.sample("weight").dim()) - 2;
  return in_batch(call, "input", dimensions, [&](const Op& x) {
    std::vector<Op> inputs{x, call.value("weight")};
    if (call.given("bias")) inputs.push_back(call.value("bias"));
    return call.add(op, inputs, how);
  });
}

Op convolved(OnnxCall& call) {
  const auto dimensions = static_cast<size_t>(call.sample("weight").dim()) - 2;
  model::OnnxAttributes how{{"strides", each(call, "stride", dimensions)},
                            {"dilations", each(call, "dilation", dimensions)},
                            {"group", call.whole("groups")}};
  const std::string word = call.text("padding");
  if (word == "same") {
    Numbers before, after;
    for (size_t i = 0; i < dimensions; ++i) {
      const int64_t all =
          each(call, "dilation", dimensions)[i] * (call.sample("weight").size(static_cast<int64_t>(i) + 2) - 1);
      before.push_back(all / 2);
      after.push_back(all - all / 2);
    }
    before.insert(before.end(), after.begin(), after.end());
    how["pads"] = before;
  } else if (word.empty()) {
    how["pads"] = both(each(call, "padding", dimensions));
  }
  return by_kernel(call, "Conv", how);
}
const OnnxOperator convolution({"aten::conv1d", "aten::conv2d", "aten::conv3d"}, convolved);

const OnnxOperator transposed({"aten::conv_transpose1d", "aten::conv_transpose2d", "aten::conv_transpose3d"},
                              [](OnnxCall& call) {
                                const auto dimensions = static_cast<size_t>(call.sample("weight").dim()) - 2;
                                return by_kernel(call, "ConvTranspose",
                                                 {{"strides", each(call, "stride", dimensions)},
                                                  {"dilations", each(call, "dilation", dimensions)},
                                                  {"output_padding", each(call, "output_padding", dimensions)},
                                                  {"pads", both(each(call, "padding", dimensions))},
                                                  {"group", call.whole("groups")}});
                              });

/// "max_pool2d": 2.
size_t dimensions_of(const OnnxCall& call) { return static_cast<size_t>(call.name().at(call.name().size() - 2) - '0'); }

/// How a window moves.
model::OnnxAttributes window(const OnnxCall& call) {
  const size_t dimensions = dimensions_of(call);
  const Numbers kernel = each(call, "kernel_size", dimensions);
  const bool given = call.given("stride") && !call.wholes("stride").empty();
  return {{"kernel_shape", kernel},
          {"strides", given ? each(call, "stride", dimensions) : kernel},
          {"pads", both(each(call, "padding", dimensions))},
          {"ceil_mode", int64_t{call.flag("ceil_mode")}}};
}

const OnnxOperator max_pool({"aten::max_pool1d", "aten::max_pool2d", "aten::max_pool3d"}, [](OnnxCall& call) {
  auto how = window(call);
  how["dilations"] = each(call, "dilation", dimensions_of(call));
  return in_batch(call, "self", dimensions_of(call), [&](const Op& x) { return call.add("MaxPool", {x}, how); });
});

/// How far windows with ceil_mode reach beyond the padding at each end.
Numbers reach_beyond(const OnnxCall& call, const model::OnnxAttributes& how) {
  const size_t dimensions = dimensions_of(call);
  const auto& kernel = std::get<Numbers>(how.at("kernel_shape"));
  const auto& stride = std::get<Numbers>(how.at("strides"));
  const auto& padding = std::get<Numbers>(how.at("pads"));
  const Wholes before = call.shape("self"), after = call.result_shape();
  Numbers beyond;
  for (size_t i = 0; i < dimensions; ++i) {
    const Whole size = before[before.size() - dimensions + i], windows = after[after.size() - dimensions + i];
    int64_t most = 0;
    for (size_t run = 0; run < kTraceRuns; ++run) {
      const int64_t end = (windows.seen[run] - 1) * stride[i] + kernel[i] - padding[i];
      most = std::max(most, end - size.seen[run] - padding[i]);
    }
    beyond.push_back(most);
  }
  return beyond;
}

Op mean_in_windows(OnnxCall& call) {
  auto how = window(call);
  how["count_include_pad"] = int64_t{call.flag("count_include_pad")};
  const Numbers beyond = reach_beyond(call, how);
  if (std::any_of(beyond.begin(), beyond.end(), [](int64_t more) { return more > 0; }) &&
      call.flag("count_include_pad")) {
    call.refuse("with ceil_mode and count_include_pad, whose last windows programs divide differently, has no form");
  }
  return in_batch(call, "self", dimensions_of(call), [&](const Op& x) -> Op {
    if (!call.given("divisor_override")) return call.add("AveragePool", {x}, how);
    how["count_include_pad"] = int64_t{1};
    double window = 1;
    for (const int64_t size : std::get<Numbers>(how.at("kernel_shape"))) window *= static_cast<double>(size);
    const Op mean = call.add("AveragePool", {x}, how);
    return call.add("Mul", {mean, call.scalar(window / call.number("divisor_override"), call.result_type())});
  });
}
const OnnxOperator avg_pool({"aten::avg_pool1d", "aten::avg_pool2d", "aten::avg_pool3d"}, mean_in_windows);

/// Windows as large as it takes, of one dimension: each is a slice of its own.
Op adapted_along(OnnxCall& call, const Op& x, int64_t axis, int64_t size, int64_t windows, const char* reduce) {
  std::vector<Op> parts;
  for (int64_t i = 0; i < windows; ++i) {
    const int64_t from = i * size / windows, to = ((i + 1) * size + windows - 1) / windows;
    parts.push_back(call.add(reduce, {call.slice(x, axis, from, to)}, {{"axes", Numbers{axis}}, {"keepdims", 1}}));
  }
  return parts.size() == 1 ? parts[0] : call.add("Concat", parts, {{"axis", axis}});
}

/// One window of a dimension is all of it, whatever its size.
Op adapted(OnnxCall& call, const char* reduce) {
  const size_t dimensions = dimensions_of(call);
  const Wholes before = call.shape("self"), after = call.result_shape();
  const size_t first = before.size() - dimensions;
  Op x = call.value("self");
  Numbers whole;
  for (size_t i = first; i < before.size(); ++i) {
    const Whole windows = after[i];
    const auto axis = static_cast<int64_t>(i);
    if (windows == Whole(1)) {
      whole.push_back(axis);
    } else if (windows == before[i]) {
      continue;
    } else if (before[i].fixed() && windows.fixed()) {
      x = adapted_along(call, x, axis, before[i].seen[0], windows.seen[0], reduce);
    } else {
      call.refuse("to more than one position, of a size that changes, has no form in ONNX");
    }
  }
  return whole.empty() ? x : call.add(reduce, {x}, {{"axes", whole}, {"keepdims", 1}});
}
const OnnxOperator adaptive_avg({"aten::adaptive_avg_pool1d", "aten::adaptive_avg_pool2d", "aten::adaptive_avg_pool3d"},
                                [](OnnxCall& call) { return adapted(call, "ReduceMean"); });
const OnnxOperator adaptive_max({"aten::adaptive_max_pool1d", "aten::adaptive_max_pool2d", "aten::adaptive_max_pool3d"},
                                [](OnnxCall& call) { return std::vector<Op>{adapted(call, "ReduceMax")}; });

}  // namespace
}  // namespace lumir::nn
