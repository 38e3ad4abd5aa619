// Calls that last, the parts of the graph that ended calls have made, and what is said of them.

#include "tensor/anomaly.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <utility>
#include <vector>

#include <ATen/SequenceNumber.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/isinf.h>
#include <ATen/ops/isnan.h>

#include "core/error.h"
#include "tensor/worked_on.h"

namespace lumir::tensor {
namespace {

std::atomic<int> watches{0}, watches_of_infinities{0};

struct Lasting {
  const std::string* name;
  std::string place;
};

/// A stretch of the graph and the call that made it.
struct Made {
  uint64_t first, end;
  std::string name, circumstances;
};

struct Calls {
  std::vector<Lasting> lasting;  // outermost first
  std::string next_place;
  std::deque<Made> made;
};
Calls& calls() {
  thread_local Calls own;
  return own;
}

/// More than any batch makes; older parts of a graph are gone.
constexpr size_t kRemembered = 20000;

bool is_looked_at(const at::Tensor& tensor) {
  if (!tensor.defined() || tensor.layout() != at::kStrided || tensor.is_meta()) return false;
  return tensor.is_floating_point() || tensor.is_complex();
}
using Test = at::Tensor (*)(const at::Tensor&);
bool any(Test test, std::span<const at::Tensor> tensors) {
  const at::NoGradGuard guard;
  return std::any_of(tensors.begin(), tensors.end(), [test](const at::Tensor& tensor) {
    return is_looked_at(tensor) && test(tensor).any().item<bool>();
  });
}
at::Tensor are_nan(const at::Tensor& tensor) { return at::isnan(tensor); }
at::Tensor are_infinite(const at::Tensor& tensor) { return at::isinf(tensor); }

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : "; ") + word;
  return text;
}

/// "in Scale, in Sequential": what lasts around the innermost call.
std::string surroundings() {
  const auto& lasting = calls().lasting;
  std::string text;
  for (size_t i = lasting.size() - 1; i-- > 0;) text += (text.empty() ? "in " : ", in ") + *lasting[i].name;
  return text;
}

std::string batch_in_words() {
  const WorkedOn now = worked_on();
  if (now.batch == 0) return "";
  return "batch " + std::to_string(now.batch) + (now.epoch > 0 ? " of epoch " + std::to_string(now.epoch) : "");
}

/// Where the innermost call of which that is known came from, and what lasts around.
std::vector<std::string> circumstances(bool with_place) {
  std::vector<std::string> words;
  const auto& lasting = calls().lasting;
  const auto placed =
      std::find_if(lasting.rbegin(), lasting.rend(), [](const Lasting& call) { return !call.place.empty(); });
  if (with_place && placed != lasting.rend()) words.push_back("called at " + placed->place);
  if (std::string around = surroundings(); !around.empty()) words.push_back(std::move(around));
  return words;
}

}  // namespace

AnomalyWatch::AnomalyWatch(bool infinities) : infinities_(infinities) {
  ++watches;
  watches_of_infinities += infinities_;
}
AnomalyWatch::~AnomalyWatch() {
  --watches;
  watches_of_infinities -= infinities_;
}
bool watches_anomalies() { return watches > 0; }

void call_comes_from(std::string place) { calls().next_place = std::move(place); }

CallScope::CallScope(const std::string& name) : watched_(watches_anomalies()) {
  if (!watched_) return;
  calls().lasting.push_back({&name, std::exchange(calls().next_place, "")});
  first_node_ = at::sequence_number::peek();
}

CallScope::~CallScope() {
  if (!watched_) return;
  const uint64_t end = at::sequence_number::peek();
  auto& [lasting, next_place, made] = calls();
  if (end > first_node_) {
    made.push_back({first_node_, end, *lasting.back().name, join(circumstances(true))});
    if (made.size() > kRemembered) made.pop_front();
  }
  lasting.pop_back();
}

void CallScope::check(std::span<const at::Tensor> given, std::span<const at::Tensor> results) const {
  if (!watched_) return;
  const bool nan = any(are_nan, results);
  if (!nan && (watches_of_infinities == 0 || !any(are_infinite, results))) return;
  auto words = circumstances(false);  // the error's own place says the line
  if (std::string batch = batch_in_words(); !batch.empty()) words.push_back(std::move(batch));
  const std::string name = *calls().lasting.back().name;
  const std::string what = nan ? "NaN" : "infinity";
  const bool known = any(nan ? are_nan : are_infinite, given);
  const std::string rule = known ? ": was given " + what : ": gives " + what + ", and was given none";
  throw ArgumentError(name + rule + (words.empty() ? "" : " (" + join(words) + ")"));
}

std::string gradient_in_words(const std::string& node, uint64_t number) {
  const Made* innermost = nullptr;
  for (const Made& made : calls().made) {
    const bool holds = made.first <= number && number < made.end;
    if (holds && (!innermost || made.end - made.first < innermost->end - innermost->first)) innermost = &made;
  }
  std::vector<std::string> words{node};
  if (innermost && !innermost->circumstances.empty()) words.push_back(innermost->circumstances);
  if (std::string batch = batch_in_words(); !batch.empty()) words.push_back(std::move(batch));
  return (innermost ? innermost->name : "a call") + " is NaN (" + join(words) + ")";
}

}  // namespace lumir::tensor
