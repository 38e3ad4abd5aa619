// Watching for the first NaN, or infinity if that is asked for, and naming where it came from.
//
// Whoever calls an operator or a module on a user's behalf keeps a CallScope meanwhile. While an AnomalyWatch lives, a
// call that gives one is an error at once; and scopes remember which parts of the graph they made, so that a NaN of a
// backward pass (tensor/gradients.h) is traced to the call whose gradient it is. Where nothing watches, a scope costs a
// look at a counter.

#pragma once

#include <cstdint>
#include <span>
#include <string>

#include <ATen/core/Tensor.h>

namespace lumir::tensor {

class AnomalyWatch {
 public:
  /// Of infinities only what calls give is looked at, not gradients.
  explicit AnomalyWatch(bool infinities = false);
  ~AnomalyWatch();
  AnomalyWatch(const AnomalyWatch&) = delete;
  AnomalyWatch& operator=(const AnomalyWatch&) = delete;

 private:
  bool infinities_;
};
bool watches_anomalies();

/// Where the next call comes from, "net.lua:12"; only worth the search while something watches.
void call_comes_from(std::string place);

/// One call of an operator or a module, for as long as it lives; `name` must live as long.
class CallScope {
 public:
  explicit CallScope(const std::string& name);
  ~CallScope();
  CallScope(const CallScope&) = delete;
  CallScope& operator=(const CallScope&) = delete;
  bool watched() const { return watched_; }
  /// Throws ArgumentError, while something watches, where a result holds what is watched for.
  void check(std::span<const at::Tensor> given, std::span<const at::Tensor> results) const;

 private:
  bool watched_;
  uint64_t first_node_ = 0;  // of the graph that the call makes, by LibTorch's count
};

/// "log is NaN (LogBackward0; called at net.lua:12; in Scale; batch 3 of epoch 1)": whose gradient a node of the graph
/// works out, by its name and its place in LibTorch's count.
std::string gradient_in_words(const std::string& node, uint64_t number);

}  // namespace lumir::tensor
