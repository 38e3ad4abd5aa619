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
  if (!target.is_cpu() || outcome.dim() == 0 || target.is_floating_point()) return;
  const int64_t classes = outcome.size(outcome.dim() > 1 ? 1 : 0);
  const at::Tensor wrong = target.lt(0).logical_or_(target.ge(classes)).logical_and_(target.ne(ignored));
  if (!wrong.any().item<bool>()) return;
  const auto found = target.masked_select(wrong)[0].item<int64_t>();
  throw ArgumentError(who + ": the scores are of classes 1 to " + std::to_string(classes) + ", the target holds " +
                      std::to_string(found < 0 ? found : found + 1));
}

}  // namespace lumir::nn
