// 3 x 3 and 5 x 5 convolutions of pictures with fewer products than a direct one takes.

#pragma once

#include <functional>

#include <ATen/core/Tensor.h>

#include "nn/conv_geometry.h"

namespace lumir::nn {

/// Whether they gain by it: floats on the CPU, the channels of a place beside each other and in whole panels, steps
/// of one, and so many places that forms of weights pay, which takes fewer where these are kept.
bool winograd_pays(const at::Tensor& x, const at::Tensor& weight, const ConvGeometry& geometry, bool kept);

/// What a convolution gives. `bias` may be undefined. Has derivatives.
at::Tensor winograd(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                    const ConvGeometry& geometry);

/// Weights in the form that products take, to be kept.
at::Tensor winograd_formed(const at::Tensor& weight);
/// The same by weights in their form, nothing recorded; `cuts`: what is below zero becomes zero. `weight` are those
/// weights as they were, asked for where pictures are not finite.
at::Tensor winograd_by_formed(const at::Tensor& x, const at::Tensor& formed, const at::Tensor& bias,
                              const ConvGeometry& geometry, bool cuts, const std::function<at::Tensor()>& weight);

}  // namespace lumir::nn
