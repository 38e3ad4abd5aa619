// Draws of weights.

#include "nn/init.h"

#include <cmath>

#include <ATen/ops/empty.h>

namespace lumir::nn {

int64_t fan_in(at::IntArrayRef weight_shape) {
  int64_t product = 1;
  for (size_t i = 1; i < weight_shape.size(); ++i) product *= weight_shape[i];
  return product;
}

at::Tensor draw_uniform(at::IntArrayRef shape, double bound) {
  return at::empty(shape, at::kFloat).uniform_(-bound, bound);
}

at::Tensor draw_normal(at::IntArrayRef shape, double deviation) {
  return at::empty(shape, at::kFloat).normal_(0, deviation);
}

at::Tensor draw_weight(at::IntArrayRef shape) {
  const double gain = std::sqrt(2.0 / (1 + 5));
  const double deviation = gain / std::sqrt(static_cast<double>(fan_in(shape)));
  return draw_uniform(shape, std::sqrt(3.0) * deviation);
}

at::Tensor draw_bias(int64_t size, at::IntArrayRef weight_shape) {
  return draw_uniform({size}, 1 / std::sqrt(static_cast<double>(fan_in(weight_shape))));
}

at::Tensor draw_xavier(at::IntArrayRef shape) {
  int64_t field = 1;  // places that a kernel covers
  for (size_t i = 2; i < shape.size(); ++i) field *= shape[i];
  const auto fans = static_cast<double>((shape[0] + shape[1]) * field);
  return draw_uniform(shape, std::sqrt(3.0) * std::sqrt(2.0 / fans));
}

}  // namespace lumir::nn
