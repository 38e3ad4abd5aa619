// Initialisers: PyTorch's nn.init by its names. Each fills a tensor in place with LibTorch's default generator, so that
// after one manual_seed both give the same, and keeps no record of it for gradients.

#pragma once

#include <string>

#include <ATen/core/Tensor.h>

#include "core/schema.h"

namespace lumir::nn::init {

struct Uniform {
  double a = 0, b = 1;
  static Schema schema();
};
struct Normal {
  double mean = 0, std = 1;
  static Schema schema();
};
struct TruncatedNormal : Normal {
  double a = -2, b = 2;
  static Schema schema();
};
struct Constant {
  double val = 0;
  static Schema schema();
};
struct Gain {
  double gain = 1;
  static Schema schema();
};
struct Kaiming {
  double a = 0;
  std::string mode = "fan_in";
  std::string nonlinearity = "leaky_relu";
  static Schema schema();
};

void uniform(at::Tensor tensor, const Uniform& how);
void normal(at::Tensor tensor, const Normal& how);
/// Numbers beyond a and b are drawn again.
void trunc_normal(at::Tensor tensor, const TruncatedNormal& how);
void constant(at::Tensor tensor, const Constant& how);
void ones(at::Tensor tensor, const NoOptions&);
void zeros(at::Tensor tensor, const NoOptions&);
/// Throws ArgumentError unless the tensor has two dimensions.
void eye(at::Tensor tensor, const NoOptions&);

// What follows looks at how many numbers come in and go out: ArgumentError for less than two dimensions.
void xavier_uniform(at::Tensor tensor, const Gain& how);
void xavier_normal(at::Tensor tensor, const Gain& how);
void kaiming_uniform(at::Tensor tensor, const Kaiming& how);
void kaiming_normal(at::Tensor tensor, const Kaiming& how);
void orthogonal(at::Tensor tensor, const Gain& how);

}  // namespace lumir::nn::init
