// What losses share.

#include "nn/loss.h"

#include <ATen/core/Reduction.h>

#include "tensor/convert.h"
#include "tensor/show.h"

namespace lumir::nn {

int64_t reduction_of(const std::string& word) {
  if (word == "none") return at::Reduction::None;
  return word == "sum" ? at::Reduction::Sum : at::Reduction::Mean;
}

void check_same_shape(const at::Tensor& outcome, const at::Tensor& target, const std::string& who) {
  if (outcome.sizes() == target.sizes()) return;
  throw ArgumentError(who + ": the target is " + tensor::show_shape(target.sizes()) + ", the outcome " +
                      tensor::show_shape(outcome.sizes()) + "; they must be alike");
}

at::Tensor floats(const std::vector<double>& numbers) {
  return tensor::from_doubles(numbers, {static_cast<int64_t>(numbers.size())}).to(at::kFloat);
}

}  // namespace lumir::nn
