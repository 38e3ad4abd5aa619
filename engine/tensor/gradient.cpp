// Backward, and what is left of a graph behind it.

#include "tensor/gradient.h"

#include "core/error.h"
#include "tensor/operators.h"

namespace lumir::tensor {
namespace {

struct Freed : Error {
  Freed() : Error("an earlier backward has freed this graph; it needs { retain_graph = true } there") {}
};

/// LibTorch frees the tensors that a graph has kept and leaves the nodes, some kilobytes a loss, to whoever holds the
/// result. Here it becomes a tensor on its own, which refuses to be gone through again, as the used up graph would.
void let_go(at::Tensor result) {
  if (result.is_leaf() || result.is_view()) return;
  result.detach_();
  result.requires_grad_(true);
  result.register_hook([](const at::Tensor&) { throw Freed(); });
}

}  // namespace

void differentiate(const at::Tensor& result, const at::Tensor& gradient, bool retain, const std::string& who) {
  try {
    result.backward(gradient, retain);
  } catch (const c10::Error& problem) {
    throw ArgumentError(who + ": " + in_words(problem.what_without_backtrace()));
  } catch (const Freed& problem) {
    throw ArgumentError(who + ": " + problem.what());
  }
  if (!retain) let_go(result);
}

}  // namespace lumir::tensor
