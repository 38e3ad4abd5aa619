// Norms and bounds of gradients.

#include "optim/clip.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/isfinite.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/stack.h>

#include "core/error.h"
#include "core/value.h"

namespace lumir::optim {
namespace {

std::vector<at::Tensor> gradients_of(const std::vector<at::Tensor>& parameters) {
  std::vector<at::Tensor> gradients;
  for (const auto& parameter : parameters) {
    if (parameter.grad().defined()) gradients.push_back(parameter.grad());
  }
  return gradients;
}

/// The norm of norms, where the first gradient is: a device is waited for once.
at::Tensor norm_of(const std::vector<at::Tensor>& gradients, double norm_type) {
  std::vector<at::Tensor> norms;
  for (const auto& gradient : gradients) {
    norms.push_back(at::linalg_vector_norm(gradient, norm_type).to(gradients[0].device()));
  }
  return at::linalg_vector_norm(at::stack(norms), norm_type);
}

void check_bound(double bound, const std::string& who, const std::string& name) {
  if (bound > 0) return;
  throw ArgumentError(who + ": '" + name + "' = " + show_number(bound) + " is out of range (must be above 0)");
}

}  // namespace

double grad_norm(const std::vector<at::Tensor>& parameters, double norm_type) {
  const at::NoGradGuard guard;
  const auto gradients = gradients_of(parameters);
  return gradients.empty() ? 0 : norm_of(gradients, norm_type).item<double>();
}

double clip_grad_norm(const std::vector<at::Tensor>& parameters, double max_norm, double norm_type) {
  check_bound(max_norm, "clip_grad_norm", "max_norm");
  const at::NoGradGuard guard;
  auto gradients = gradients_of(parameters);
  if (gradients.empty()) return 0;
  const at::Tensor norm = norm_of(gradients, norm_type);
  const at::Tensor factor = norm.add(1e-6).reciprocal().mul(max_norm).clamp_max(1.0);
  for (auto& gradient : gradients) gradient.mul_(factor.to(gradient.device()));
  return norm.item<double>();
}

void clip_grad_value(const std::vector<at::Tensor>& parameters, double value) {
  check_bound(value, "clip_grad_value", "value");
  const at::NoGradGuard guard;
  for (auto& gradient : gradients_of(parameters)) gradient.clamp_(-value, value);
}

std::optional<size_t> first_not_finite(const std::vector<at::Tensor>& parameters) {
  const at::NoGradGuard guard;
  for (size_t i = 0; i < parameters.size(); ++i) {
    const at::Tensor& gradient = parameters[i].grad();
    if (gradient.defined() && !at::isfinite(gradient).all().item<bool>()) return i;
  }
  return std::nullopt;
}

}  // namespace lumir::optim
