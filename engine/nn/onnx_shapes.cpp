// Shapes, parts and joins of tensors as ONNX operators.

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <numeric>

#include "nn/onnx_call.h"

namespace lumir::nn {
namespace {

using Op = std::string;

/// The largest whole number: to the end, whatever the size.
constexpr int64_t kToTheEnd = 9223372036854775807;

const OnnxOperator as_it_is({"aten::contiguous", "aten::clone", "aten::alias", "aten::detach", "aten::lift_fresh",
                             "aten::requires_grad_", "aten::conj", "aten::resolve_conj"},
                            [](OnnxCall& call) { return call.parts("self"); });
const OnnxOperator to_form({"aten::to", "aten::_to_copy", "aten::type_as", "aten::to_dense"},
                           [](OnnxCall& call) { return call.value("self", call.result_type()); });
const OnnxOperator copy({"aten::copy_"}, [](OnnxCall& call) -> Op {
  const Op source = call.value("src", call.result_type());
  if (call.sample("src").sizes() == call.result().sizes()) return source;
  return call.add("Expand", {source, call.sizes(call.result_shape())});
});
/// Complex numbers have their parts along a last dimension already.
const OnnxOperator view_as_real({"aten::view_as_real", "aten::view_as_complex"},
                                [](OnnxCall& call) { return call.parts("self"); });

Op reshaped(OnnxCall& call) {
  Wholes shape = call.result_shape();
  if (call.result().is_complex()) shape.emplace_back(2);
  return call.reshape(call.parts("self"), shape);
}
const OnnxOperator reshape({"aten::view", "aten::reshape", "aten::_unsafe_view", "aten::view_as", "aten::reshape_as",
                            "aten::flatten", "aten::unflatten", "aten::_reshape_alias", "aten::ravel"},
                           reshaped);

Op squeezed(OnnxCall& call) {
  const auto before = call.sample("self").dim();
  std::vector<int64_t> axes;
  const auto shape = call.shape("self");
  for (int64_t i = 0; i < before; ++i) {
    const auto& size = shape[static_cast<size_t>(i)];
    if (size.fixed() && size.seen[0] == 1) axes.push_back(i);
  }
  if (call.given("dim")) {
    auto wanted = call.wholes("dim");
    for (auto& axis : wanted) axis += axis < 0 ? before : 0;
    std::erase_if(axes, [&](int64_t axis) { return std::find(wanted.begin(), wanted.end(), axis) == wanted.end(); });
  }
  return call.squeeze(call.value("self"), axes);
}
const OnnxOperator squeeze({"aten::squeeze"}, squeezed);
const OnnxOperator unsqueeze({"aten::unsqueeze"}, [](OnnxCall& call) {
  const int64_t axis = call.whole("dim");
  return call.unsqueeze(call.value("self"), {axis < 0 ? axis + call.result().dim() : axis});
});

Op turned(OnnxCall& call, int64_t a, int64_t b) {
  std::vector<int64_t> order(static_cast<size_t>(call.result().dim()));
  std::iota(order.begin(), order.end(), 0);
  if (!order.empty()) std::swap(order[static_cast<size_t>(a)], order[static_cast<size_t>(b)]);
  return call.transpose(call.value("self"), order);
}
const OnnxOperator transpose({"aten::transpose"}, [](OnnxCall& call) {
  return turned(call, call.dimension("dim0"), call.dimension("dim1"));
});
const OnnxOperator t({"aten::t", "aten::numpy_T"}, [](OnnxCall& call) -> Op {
  if (call.result().dim() > 2) call.refuse("of more than two dimensions has no form in ONNX");
  return call.result().dim() < 2 ? call.value("self") : turned(call, 0, 1);
});
const OnnxOperator permute({"aten::permute"}, [](OnnxCall& call) {
  auto order = call.wholes("dims");
  for (auto& axis : order) axis += axis < 0 ? call.result().dim() : 0;
  if (call.result().is_complex()) order.push_back(call.result().dim());
  return call.transpose(call.parts("self"), order);
});
const OnnxOperator expand({"aten::expand", "aten::expand_as", "aten::broadcast_to"}, [](OnnxCall& call) {
  return call.add("Expand", {call.value("self"), call.sizes(call.result_shape())});
});
const OnnxOperator repeat({"aten::repeat"}, [](OnnxCall& call) {
  const auto times = call.wholes("repeats");
  std::vector<int64_t> axes(times.size() - static_cast<size_t>(call.sample("self").dim()));
  std::iota(axes.begin(), axes.end(), 0);
  return call.add("Tile", {call.unsqueeze(call.value("self"), axes), call.list(times)});
});

const OnnxOperator cat({"aten::cat", "aten::concat"}, [](OnnxCall& call) {
  const int64_t axis = call.whole("dim");
  return call.add("Concat", call.values("tensors", call.result_type()),
                  {{"axis", axis < 0 ? axis + call.result().dim() : axis}});
});
const OnnxOperator stack({"aten::stack"}, [](OnnxCall& call) {
  const int64_t given = call.whole("dim"), axis = given < 0 ? given + call.result().dim() : given;
  auto parts = call.values("tensors", call.result_type());
  for (auto& part : parts) part = call.unsqueeze(part, {axis});
  return call.add("Concat", parts, {{"axis", axis}});
});

/// Positions from the end stay such, so that a size that changes need not be known.
const OnnxOperator slice({"aten::slice"}, [](OnnxCall& call) -> Op {
  const int64_t axis = call.dimension("dim");
  const Whole size = call.shape("self")[static_cast<size_t>(axis)];
  const Whole from = call.given("start") ? call.changing("start") : Whole(0);
  Whole to = call.given("end") ? call.changing("end") : Whole(kToTheEnd);
  const bool all = std::equal(to.seen.begin(), to.seen.end(), size.seen.begin(), std::greater_equal<>());
  if (all) to = Whole(kToTheEnd);
  if (all && from == Whole(0) && call.whole("step") == 1) return call.value("self");
  return call.slice(call.value("self"), axis, from, to, call.whole("step"));
});
const OnnxOperator narrow({"aten::narrow"}, [](OnnxCall& call) {
  const Whole from = call.changing("start"), length = call.changing("length");
  Whole to;
  for (size_t run = 0; run < kTraceRuns; ++run) to.seen[run] = from.seen[run] + length.seen[run];
  return call.slice(call.value("self"), call.dimension("dim"), from, to);
});
const OnnxOperator select({"aten::select"}, [](OnnxCall& call) {
  const Whole index = call.changing("index");
  const int64_t axis = call.dimension("dim");
  if (index.fixed()) {
    const Op place = call.place(index.seen[0]);
    return call.add("Gather", {call.value("self"), place}, {{"axis", axis}});
  }
  return call.squeeze(call.add("Gather", {call.value("self"), call.sizes({index})}, {{"axis", axis}}), {axis});
});

/// Into parts of the sizes that came out.
std::vector<Op> parted(OnnxCall& call) {
  const int64_t axis = call.dimension("dim");
  Wholes sizes;
  for (size_t i = 0; i < call.results(); ++i) sizes.push_back(call.result_shape(i)[static_cast<size_t>(axis)]);
  return call.graph().add("Split", sizes.size(), {call.value("self"), call.sizes(sizes)}, {{"axis", axis}});
}
const OnnxOperator split({"aten::split", "aten::split_with_sizes", "aten::chunk", "aten::tensor_split"}, parted);
const OnnxOperator unbind({"aten::unbind"}, [](OnnxCall& call) {
  const int64_t axis = call.dimension("dim");
  const std::vector<int64_t> ones(call.results(), 1);
  auto parts = call.graph().add("Split", call.results(), {call.value("self"), call.list(ones)}, {{"axis", axis}});
  for (auto& part : parts) part = call.squeeze(part, {axis});
  return parts;
});

const OnnxOperator index_select({"aten::index_select"}, [](OnnxCall& call) {
  return call.add("Gather", {call.value("self"), call.value("index", at::kLong)}, {{"axis", call.dimension("dim")}});
});
const OnnxOperator gather({"aten::gather"}, [](OnnxCall& call) {
  return call.add("GatherElements", {call.value("self"), call.value("index")}, {{"axis", call.dimension("dim")}});
});
const OnnxOperator embedding({"aten::embedding"}, [](OnnxCall& call) {
  return call.add("Gather", {call.value("weight"), call.value("indices", at::kLong)}, {{"axis", 0}});
});
/// x[numbers]: one list of positions, along one dimension.
const OnnxOperator index({"aten::index"}, [](OnnxCall& call) -> Op {
  int64_t axis = -1;
  const auto given = call.samples("indices");
  for (size_t i = 0; i < given.size(); ++i) {
    if (!given[i].defined()) continue;
    if (axis >= 0) call.refuse("along several dimensions at once has no form in ONNX");
    axis = static_cast<int64_t>(i);
  }
  if (axis < 0 || !at::isIntegralType(given[static_cast<size_t>(axis)].scalar_type(), false)) {
    call.refuse("by truths has no form in ONNX");
  }
  return call.add("Gather", {call.value("self"), call.values("indices").at(static_cast<size_t>(axis))},
                  {{"axis", axis}});
});
const OnnxOperator flip({"aten::flip"}, [](OnnxCall& call) {
  auto axes = call.wholes("dims");
  const std::vector<int64_t> back(axes.size(), -1), first(axes.size(), -kToTheEnd);
  for (auto& axis : axes) axis += axis < 0 ? call.result().dim() : 0;
  return call.add("Slice", {call.value("self"), call.list(back), call.list(first), call.list(axes), call.list(back)});
});
/// What a shift comes to: those beyond the size go around. Where that changes, it may be any, down to 1.
int64_t shift_within(const OnnxCall& call, int64_t shift, int64_t axis) {
  const Whole size = call.shape("self")[static_cast<size_t>(axis)];
  if (size.fixed()) return size.seen[0] == 0 ? 0 : shift % size.seen[0];
  if (std::abs(shift) > 1) {
    call.refuse("by " + std::to_string(shift) + ", along a size that changes and may be less, has no form in ONNX");
  }
  return shift;
}
const OnnxOperator roll({"aten::roll"}, [](OnnxCall& call) {
  const auto shifts = call.wholes("shifts");
  auto axes = call.wholes("dims");
  if (axes.size() != shifts.size()) call.refuse("without 'dims' has no form in ONNX");
  Op x = call.value("self");
  for (size_t i = 0; i < axes.size(); ++i) {
    const int64_t axis = axes[i] < 0 ? axes[i] + call.result().dim() : axes[i];
    const int64_t shift = shift_within(call, shifts[i], axis);
    if (shift == 0) continue;
    const Op end = call.slice(x, axis, -shift, kToTheEnd), start = call.slice(x, axis, 0, -shift);
    x = call.add("Concat", {end, start}, {{"axis", axis}});
  }
  return x;
});

/// ONNX counts the beginnings of all dimensions, then the ends; LibTorch both of each, the last dimension first.
std::vector<int64_t> ends_of(OnnxCall& call, const std::vector<int64_t>& pad) {
  const auto dimensions = static_cast<size_t>(call.sample("self").dim());
  std::vector<int64_t> ends(2 * dimensions, 0);
  for (size_t i = 0; 2 * i + 1 < pad.size(); ++i) {
    ends[dimensions - 1 - i] = pad[2 * i];
    ends[2 * dimensions - 1 - i] = pad[2 * i + 1];
  }
  return ends;
}

/// What lies at the other end stands beyond each end.
Op round(OnnxCall& call, const std::vector<int64_t>& pad) {
  if (std::any_of(pad.begin(), pad.end(), [](int64_t n) { return n < 0; })) {
    call.refuse("around, by less than 0, has no form in ONNX");
  }
  Op x = call.value("self");
  for (size_t i = 0; 2 * i + 1 < pad.size(); ++i) {
    const int64_t axis = call.sample("self").dim() - 1 - static_cast<int64_t>(i);
    std::vector<Op> parts{x};
    if (pad[2 * i] > 0) parts.insert(parts.begin(), call.slice(x, axis, -pad[2 * i], kToTheEnd));
    if (pad[2 * i + 1] > 0) parts.push_back(call.slice(x, axis, 0, pad[2 * i + 1]));
    if (parts.size() > 1) x = call.add("Concat", parts, {{"axis", axis}});
  }
  return x;
}

Op padded(OnnxCall& call, const std::string& mode) {
  const auto pad = call.wholes("pad");
  if (mode == "circular") return round(call, pad);
  const Op ends = call.list(ends_of(call, pad));
  if (mode == "constant") {
    const double value = call.given("value") ? call.number("value") : 0;
    return call.add("Pad", {call.value("self"), ends, call.scalar(value, call.result_type())}, {{"mode", "constant"}});
  }
  return call.add("Pad", {call.value("self"), ends}, {{"mode", std::string(mode == "replicate" ? "edge" : mode)}});
}
const OnnxOperator pad({"aten::pad"}, [](OnnxCall& call) { return padded(call, call.text("mode")); });
const OnnxOperator constant_pad({"aten::constant_pad_nd"}, [](OnnxCall& call) { return padded(call, "constant"); });

/// Tensors of one number, whose size may change.
Op filled(OnnxCall& call, double value) {
  return call.add("Expand", {call.scalar(value, call.result_type()), call.sizes(call.result_shape())});
}
const OnnxOperator zeros({"aten::zeros", "aten::zeros_like", "aten::new_zeros"},
                         [](OnnxCall& call) { return filled(call, 0); });
const OnnxOperator ones({"aten::ones", "aten::ones_like", "aten::new_ones"},
                        [](OnnxCall& call) { return filled(call, 1); });
const OnnxOperator full({"aten::full", "aten::full_like", "aten::new_full"},
                        [](OnnxCall& call) { return filled(call, call.number("fill_value")); });
const OnnxOperator arange({"aten::arange"}, [](OnnxCall& call) {
  const auto type = call.result_type();
  const Op from = call.given("start") ? call.operand("start", type) : call.scalar(0, type);
  const Op step = call.given("step") ? call.operand("step", type) : call.scalar(1, type);
  return call.add("Range", {from, call.operand("end", type), step});
});
const OnnxOperator triangle({"aten::triu", "aten::tril"}, [](OnnxCall& call) {
  return call.add("Trilu", {call.value("self"), call.place(call.whole("diagonal"))},
                  {{"upper", int64_t{call.name() == "triu"}}});
});

}  // namespace
}  // namespace lumir::nn
