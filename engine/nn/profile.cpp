// Profiles: every call is timed on its way forward, and by hooks on what comes out and what went in on the way back.

#include "nn/profile.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>

#include <ATen/core/grad_mode.h>

#include "core/memory.h"
#include "core/text.h"
#include "nn/calls.h"
#include "nn/snapshot.h"
#include "tensor/generators.h"
#include "tensor/gradients.h"

namespace lumir::nn {
namespace {

using Clock = std::chrono::steady_clock;

using Places = std::map<const Module*, size_t>;  // the row of each

/// A network and the generators as they were, whatever happens meanwhile.
class Untouched {
 public:
  explicit Untouched(const ModulePtr& network) : before_(network), drawn_(tensor::generator_states()) {}
  ~Untouched() {
    before_.restore();
    tensor::set_generator_states(drawn_, "profile");
  }
  Untouched(const Untouched&) = delete;
  Untouched& operator=(const Untouched&) = delete;

 private:
  Snapshot before_;
  State drawn_;
};

double seconds(Clock::duration time) { return std::chrono::duration<double>(time).count(); }

/// Waits until a device beside the processor has reckoned it.
void wait_for(const at::Tensor& x) {
  if (x.defined() && !x.is_cpu() && x.numel() > 0) x.detach().flatten()[0].cpu();
}

/// One call of a module in one run.
struct Timed {
  size_t row = 0;
  double forward = 0;
  double memory = 0;
  std::optional<Clock::time_point> arrived, passed;  // the gradient: at the output, at the input
};

/// Fills a list of calls, in the order in which they ended. Memory is looked at on its own, since that takes time.
class Stopwatch final : public CallWatch {
 public:
  Stopwatch(const Places& rows, bool memory) : rows_(rows), memory_(memory) {}

  void before(Module&, const Flow& input) override {
    if (!input.tensors.empty()) wait_for(input.tensors[0]);
    begun_.push_back({Clock::now(), memory_ ? allocated_bytes() : 0});
  }

  void after(Module& module, const Flow& input, const Flow& output) override {
    if (!output.tensors.empty()) wait_for(output.tensors[0]);
    const auto [began, before] = begun_.back();
    begun_.pop_back();
    const auto place = rows_.find(&module);
    if (place == rows_.end()) return;  // one that a network which is written in Lua holds aside
    const auto call = std::make_shared<Timed>();
    call->row = place->second;
    call->forward = seconds(Clock::now() - began);
    if (memory_) call->memory = static_cast<double>(allocated_bytes()) - static_cast<double>(before);
    calls.push_back(call);
    if (output.tensors.empty() || !output.tensors[0].requires_grad()) return;
    output.tensors[0].register_hook([call](const at::Tensor&) { call->arrived = Clock::now(); });
    if (input.tensors.empty() || !input.tensors[0].requires_grad()) return;
    input.tensors[0].register_hook([call](const at::Tensor&) { call->passed = Clock::now(); });
  }

  std::vector<std::shared_ptr<Timed>> calls;

 private:
  struct Begun {
    Clock::time_point time;
    size_t bytes;
  };
  const Places& rows_;
  bool memory_;
  std::vector<Begun> begun_;
};

/// What each row took in one run.
struct Run {
  explicit Run(size_t rows) : forward(rows), backward(rows), memory(rows), calls(rows) {}
  std::vector<double> forward, backward, memory;
  std::vector<int> calls;
};

bool is_within(const std::string& path, const std::string& outer) {
  return outer.empty() || path == outer || path.starts_with(outer + ".");
}

/// When the gradient had left a module. One whose input has no gradient is done when the next one begins that is no part
/// of it, or with all.
Clock::time_point end_of(const Timed& call, const std::vector<std::shared_ptr<Timed>>& calls,
                         const std::vector<ProfileRow>& rows, Clock::time_point end) {
  if (call.passed) return *call.passed;
  for (const auto& other : calls) {
    const bool later = other->arrived && *other->arrived > *call.arrived;
    if (later && !is_within(rows[other->row].path, rows[call.row].path)) end = std::min(end, *other->arrived);
  }
  return end;
}

Run run_once(Module& network, const Flow& input, const std::vector<ProfileRow>& rows, const Places& places,
             bool backward, bool memory) {
  Stopwatch watch(places, memory);
  const at::AutoGradMode mode(backward);
  const Flow output = network(input);
  Clock::time_point end = Clock::now();
  if (backward) {
    std::vector<at::Tensor> weights;
    for (const auto& slot : slots_of(network)) {
      if (slot.trained && slot.tensor->defined() && slot.tensor->requires_grad()) weights.push_back(*slot.tensor);
    }
    if (weights.empty() || output.tensors.empty() || !output.tensors[0].requires_grad()) {
      throw ArgumentError("profile: nothing in " + network.title() +
                          " has a gradient; { backward = false } looks at the way forward alone");
    }
    const auto found = tensor::derivatives({output.tensors[0].sum()}, weights, {}, {}, true, "profile");
    for (const auto& gradient : found) wait_for(gradient);
    end = Clock::now();
  }
  Run run(rows.size());
  for (const auto& call : watch.calls) {
    run.forward[call->row] += call->forward;
    run.memory[call->row] += call->memory;
    ++run.calls[call->row];
    if (call->arrived) run.backward[call->row] += seconds(end_of(*call, watch.calls, rows, end) - *call->arrived);
  }
  return run;
}

double median(std::vector<double> numbers) {
  const auto middle = numbers.begin() + static_cast<ptrdiff_t>(numbers.size() / 2);
  std::nth_element(numbers.begin(), middle, numbers.end());
  if (numbers.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(numbers.begin(), middle)) / 2;
}

/// 12.3, 0.45: three digits that count, of milliseconds or megabytes.
std::string in_thousandths(double number, double unit) {
  if (number == 0) return "--";
  char text[40];
  const double value = number / unit;
  std::snprintf(text, sizeof text, "%.*f", value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3, value);
  return text;
}

}  // namespace

Schema ProfileOptions::schema() {
  return {Option{"runs", &ProfileOptions::runs, "of which the median is told, after one to warm up", Range{1, 10000}},
          Option{"backward", &ProfileOptions::backward, "gradients, too; false: the way forward alone"}};
}

Profile profile(const ModulePtr& network, const Flow& input, const ProfileOptions& options) {
  Profile profile{{}, options};
  Places places;
  for (const auto& named : all_of(network)) {
    places[named.module.get()] = profile.rows.size();
    profile.rows.emplace_back(named);
  }
  const Untouched guard(network);
  const auto once = [&](bool memory) {
    return run_once(*network, input, profile.rows, places, options.backward, memory);
  };
  once(false);
  const Run measured = once(true);
  std::vector<Run> runs;
  for (int i = 0; i < options.runs; ++i) runs.push_back(once(false));
  for (size_t row = 0; row < profile.rows.size(); ++row) {
    const auto middle = [&](std::vector<double> Run::*times) {
      std::vector<double> all;
      for (const Run& run : runs) all.push_back((run.*times)[row]);
      return median(std::move(all));
    };
    profile.rows[row].calls = measured.calls[row];
    profile.rows[row].memory = std::max(0.0, measured.memory[row]);
    profile.rows[row].forward = middle(&Run::forward);
    profile.rows[row].backward = middle(&Run::backward);
  }
  return profile;
}

std::string show(const Profile& profile) {
  constexpr size_t kLayer = 41;
  constexpr double kMilli = 1e-3, kMega = 1e6;
  std::vector<std::vector<std::string>> rows{{"Layer", "Forward ms", "Backward ms", "Memory MB"}};
  for (const auto& row : profile.rows) {
    const std::string times = row.calls > 1 ? "  x" + std::to_string(row.calls) : "";
    rows.push_back({row.text(kLayer - times.size()) + times, in_thousandths(row.forward, kMilli),
                    in_thousandths(row.backward, kMilli), in_thousandths(row.memory, kMega)});
  }
  return text_table(rows, {1, 2, 3}) + "median of " + std::to_string(profile.options.runs) + " run" +
         (profile.options.runs == 1 ? "" : "s") + "; each line with all that the module holds;\nmemory: what a call " +
         "leaves allocated" + (profile.options.backward ? " for the way back" : "");
}

}  // namespace lumir::nn
