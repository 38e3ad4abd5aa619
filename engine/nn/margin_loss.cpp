// Margins between angles.

#include "nn/margin_loss.h"

#include <cmath>
#include <numbers>

#include <ATen/TensorOperators.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/one_hot.h>
#include <ATen/ops/where.h>

#include "nn/init.h"

namespace lumir::nn {

void AngularMargin::make(const MarginOptions& how) {
  how_ = how;
  add_parameter("weight", weight_, draw_xavier({how.num_classes, how.embedding_size}));
}

at::Tensor AngularMargin::loss(const at::Tensor& x, const at::Tensor& target) const {
  check_rows(x, target, how_.embedding_size, how_.num_classes, name());
  const at::Tensor cosine = at::linear(unit_rows(x), unit_rows(weight_));
  const at::Tensor sine = (1 - cosine.square()).clamp(1e-9, 1).sqrt();
  const at::Tensor widened = cosine * std::cos(how_.margin) - sine * std::sin(how_.margin);
  // where the sum of both angles would be beyond 180 degrees, a straight line goes on
  const double turn = std::numbers::pi - how_.margin;
  const at::Tensor larger = how_.easy_margin
                                ? at::where(cosine > 0, widened, cosine)
                                : at::where(cosine > std::cos(turn), widened, cosine - std::sin(turn) * how_.margin);
  const at::Tensor own = at::one_hot(target, how_.num_classes).to(at::kBool);
  return at::cross_entropy_loss(at::where(own, larger, cosine) * how_.scale, target, {}, reduction_of(how_.reduction));
}

}  // namespace lumir::nn
