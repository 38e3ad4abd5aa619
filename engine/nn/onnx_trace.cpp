// See onnx_trace.h.

#include "nn/onnx_trace.h"

#include <algorithm>

#include <ATen/ops/equal.h>

#include "nn/calls.h"
#include "nn/network.h"

namespace lumir::nn {
namespace {

std::string called(const tensor::RecordedCall& call) {
  return call.schema->name() + (call.place.empty() ? "" : " in " + call.place);
}

/// The modules that are at work, by which a call is told where in a network it is made.
class Working final : public CallWatch {
 public:
  void before(Module& module, const Flow& /*input*/) override { modules_.push_back(&module); }
  void after(Module& /*module*/, const Flow& /*input*/, const Flow& /*output*/) override { modules_.pop_back(); }

  /// "trunk.3: nn.PCEN", of the innermost that has a place; "" outside.
  std::string place_in(const std::vector<NamedModule>& parts) const {
    for (auto one = modules_.rbegin(); one != modules_.rend(); ++one) {
      for (const auto& [name, module] : parts) {
        if (module.get() != *one) continue;
        const bool written_in_lua = module->title() != module->name();
        return (name.empty() ? "" : name + ": ") + (written_in_lua ? "" : "nn.") + module->title();
      }
    }
    return "";
  }

 private:
  std::vector<const Module*> modules_;  // outermost first
};

}  // namespace

OnnxTrace::OnnxTrace(const ModulePtr& module, const std::array<Tensors, kTraceRuns>& inputs,
                     std::function<bool(const std::string&)> known, const std::string& who)
    : who_(who), slots_(slots_of(*module)) {
  const auto parts = all_of(module);
  const Working working;
  const tensor::OperatorWatch::Questions ask{std::move(known), [&] { return working.place_in(parts); }};
  const Judging judging(*module);
  for (size_t run = 0; run < kTraceRuns; ++run) {
    run_once(module, run, inputs[run], ask);
    compare(run);
  }
  find_constants();
}

void OnnxTrace::run_once(const ModulePtr& module, size_t run, const Tensors& inputs,
                         const tensor::OperatorWatch::Questions& ask) {
  tensor::OperatorWatch watch(inputs, ask);
  const Tensors outputs = (*module)(Flow{inputs}).tensors;
  std::vector<int> places;
  for (const auto& output : outputs) places.push_back(watch.value_of(output));
  runs_[run] = watch.record();
  for (const int place : places) {
    if (!runs_[run].values[static_cast<size_t>(place)].stale) continue;
    throw ArgumentError(who_ + ": what the network gives was written into by way of another tensor on the same memory");
  }
  if (!runs_[run].problem.empty()) throw ArgumentError(who_ + ": " + runs_[run].problem);
  if (run == 0) outputs_ = places;
  if (places != outputs_) throw ArgumentError(who_ + ": what the network gives has other parts at another size");
}

void OnnxTrace::compare(size_t run) const {
  const auto &first = runs_[0].calls, &other = runs_[run].calls;
  const auto same = [](const tensor::RecordedCall& a, const tensor::RecordedCall& b) {
    return a.schema == b.schema && a.read == b.read && a.made == b.made && a.arguments.size() == b.arguments.size();
  };
  const auto [a, b] = std::mismatch(first.begin(), first.end(), other.begin(), other.end(), same);
  if (a == first.end() && b == other.end()) return;
  throw ArgumentError(
      who_ + ": the network does other things at another size: " + (a == first.end() ? "nothing" : called(*a)) +
      ", then " + (b == other.end() ? "nothing" : called(*b)));
}

Wholes OnnxTrace::shape(int value) const {
  Wholes sizes(static_cast<size_t>(tensor_of(value).dim()));
  for (size_t run = 0; run < kTraceRuns; ++run) {
    const auto seen = runs_[run].values[static_cast<size_t>(value)].tensor.sizes();
    if (seen.size() != sizes.size()) throw ArgumentError(who_ + ": a tensor has more dimensions at another size");
    for (size_t i = 0; i < sizes.size(); ++i) sizes[i].seen[run] = seen[i];
  }
  return sizes;
}

bool OnnxTrace::same_numbers(int value) const {
  const at::Tensor& first = tensor_of(value);
  for (size_t run = 0; run < kTraceRuns; ++run) {
    const auto& seen = runs_[run].values[static_cast<size_t>(value)];
    if (seen.replaced || seen.stale) return false;  // what it was then is not there any more
    const at::Tensor& other = seen.tensor;
    if (other.is_same(first)) continue;
    if (other.sizes() != first.sizes() || other.scalar_type() != first.scalar_type()) return false;
    const bool same_memory =
        other.has_storage() && other.const_data_ptr() == first.const_data_ptr() && other.strides() == first.strides();
    if (!same_memory && !at::equal(other, first)) return false;
  }
  return true;
}

void OnnxTrace::find_constants() {
  const size_t inputs = runs_[0].values.size();
  constant_.assign(inputs, false);
  for (size_t i = 0; i < inputs; ++i) {
    constant_[i] = !runs_[0].values[i].follows && same_numbers(static_cast<int>(i));
  }
}

std::string OnnxTrace::name_of(int value) const {
  for (const auto& slot : slots_) {
    if (slot.tensor->defined() && slot.tensor->is_same(tensor_of(value))) return slot.name;
  }
  return "";
}

std::vector<size_t> OnnxTrace::needed() const {
  const auto& record = runs_[0];
  std::vector<bool> wanted(record.values.size(), false);
  for (const int output : outputs_) wanted[static_cast<size_t>(output)] = true;
  std::vector<size_t> calls;
  for (size_t i = record.calls.size(); i-- > 0;) {
    const auto& call = record.calls[i];
    const bool is_needed = std::any_of(call.made.begin(), call.made.end(), [&](int value) {
      return value >= 0 && wanted[static_cast<size_t>(value)] && !constant(value);
    });
    if (!is_needed) continue;
    calls.push_back(i);
    for (const int value : call.read) {
      if (value >= 0) wanted[static_cast<size_t>(value)] = true;
    }
  }
  std::reverse(calls.begin(), calls.end());
  return calls;
}

}  // namespace lumir::nn
