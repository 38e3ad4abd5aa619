// What losses share.

#include "nn/loss.h"

#include <limits>

#include <ATen/TensorOperators.h>
#include <ATen/core/Reduction.h>
#include <ATen/ops/linalg_vector_norm.h>

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

void check_views(const at::Tensor& first, const at::Tensor& second, const std::string& who) {
  if (first.dim() == 2 && first.sizes() == second.sizes()) return;
  throw ArgumentError(who + ": takes two views of [batch, numbers], got " + tensor::show_shape(first.sizes()) +
                      " and " + tensor::show_shape(second.sizes()) + "; nn.fit makes them with { views = 2 }");
}

void check_in_classes(const at::Tensor& target, int64_t classes, int64_t ignored, const std::string& there_are,
                      const std::string& who) {
  if (!target.is_cpu() || target.is_floating_point()) return;
  const at::Tensor wrong = target.lt(0).logical_or_(target.ge(classes)).logical_and_(target.ne(ignored));
  if (!wrong.any().item<bool>()) return;
  const auto found = target.masked_select(wrong)[0].item<int64_t>();
  throw ArgumentError(who + ": " + there_are + " 1 to " + std::to_string(classes) + ", the target holds " +
                      std::to_string(found < 0 ? found : found + 1));
}

void check_rows(const at::Tensor& x, const at::Tensor& target, int64_t numbers, int64_t classes,
                const std::string& who) {
  if (x.dim() == 2 && x.size(1) == numbers && target.dim() == 1 && target.size(0) == x.size(0)) {
    constexpr auto kNone = std::numeric_limits<int64_t>::min();
    return check_in_classes(target, classes, kNone, "classes are", who);
  }
  throw ArgumentError(who + ": takes [batch, " + std::to_string(numbers) + "] and a class of each row, got " +
                      tensor::show_shape(x.sizes()) + " and " + tensor::show_shape(target.sizes()));
}

at::Tensor reduced(const at::Tensor& losses, const std::string& word, const at::Tensor& counting) {
  if (word == "none") return losses;
  if (word == "sum") return losses.sum();
  return counting.defined() ? losses.sum() / counting.sum() : losses.mean();
}

at::Tensor unit_rows(const at::Tensor& x) {
  return x / at::linalg_vector_norm(x, 2, {1}, /*keepdim=*/true).clamp_min(1e-12);
}

at::Tensor floats(const std::vector<double>& numbers) {
  return tensor::from_doubles(numbers, {static_cast<int64_t>(numbers.size())}).to(at::kFloat);
}

}  // namespace lumir::nn
