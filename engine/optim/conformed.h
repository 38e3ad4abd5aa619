// A tensor that goes with another one in a kernel.

#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty_like.h>

namespace lumir::optim {

/// The tensor as it is, or a copy laid out like another one, of its type and on its device.
inline at::Tensor conformed(const at::Tensor& tensor, const at::Tensor& like) {
  const bool same = tensor.strides() == like.strides() && tensor.scalar_type() == like.scalar_type() &&
                    tensor.device() == like.device();
  return same ? tensor : at::empty_like(like).copy_(tensor);
}

}  // namespace lumir::optim
