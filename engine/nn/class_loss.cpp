// Class numbers beside scores of classes.

#include "nn/class_loss.h"

#include "tensor/show.h"

namespace lumir::nn {

void check_classes(const at::Tensor& outcome, const at::Tensor& target, int64_t ignored, const std::string& who) {
  if (outcome.dim() >= 2 && target.sizes() == outcome.sizes()) {
    throw ArgumentError(who + ": takes a class for each row, not a share of each class; got " +
                        tensor::show_shape(target.sizes()));
  }
  if (outcome.dim() >= 2 && target.dim() != outcome.dim() - 1) {
    throw ArgumentError(who + ": the scores are " + tensor::show_shape(outcome.sizes()) +
                        ", so the target has a class for each row, or their shape; got " +
                        tensor::show_shape(target.sizes()));
  }
  if (outcome.dim() == 0) return;
  check_in_classes(target, outcome.size(outcome.dim() > 1 ? 1 : 0), ignored, "the scores are of classes", who);
}

}  // namespace lumir::nn
