// Gradients as a whole: how large they are, and how large they may be.

#pragma once

#include <optional>
#include <vector>

#include <ATen/core/Tensor.h>

namespace lumir::optim {

/// The norm of all gradients together, as if they were one vector.
double grad_norm(const std::vector<at::Tensor>& parameters, double norm_type = 2);
/// Scales gradients so that their norm is at most `max_norm`; answers what it was before. PyTorch's clip_grad_norm_.
double clip_grad_norm(const std::vector<at::Tensor>& parameters, double max_norm, double norm_type = 2);
/// Cuts every number of a gradient to within +-value. PyTorch's clip_grad_value_.
void clip_grad_value(const std::vector<at::Tensor>& parameters, double value);
/// Which is the first parameter whose gradient holds a NaN or an infinite number.
std::optional<size_t> first_not_finite(const std::vector<at::Tensor>& parameters);

}  // namespace lumir::optim
