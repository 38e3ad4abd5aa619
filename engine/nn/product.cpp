// Products by oneDNN where MKL, which LibTorch multiplies with, takes its slow way.
//
// MKL has its best kernels for Intel's processors; on AMD's it takes those for AVX2. Billions of operations a second
// of one thread, AMD EPYC (Zen 4), PyTorch 2.15, by MKL and by oneDNN:
//
//   [2048, 192] x [192, 576]    forward 95 and 100, back to x 85 and 103
//   [2048, 768] x [768, 192]    forward 89 and 103, back to x 91 and 99
//   [2048, 384] x [384, 1536]   forward 94 and 101, back to x 91 and 103
//
// Products are seven tenths of a step of recipes/fma/vit.lua. By AVX2 alone oneDNN is slower on the way back, where
// weights lie turned: [788, 768] x [768, 3072] forward 59 and 68, back to x 65 and 46; there MKL goes back.
//
// Tried and left: derivatives by weights, which sum over rows that lie far apart (MKL 91 to 96, oneDNN 71 to 101, and
// what it gives the other way round would have to be turned back); weights kept in oneDNN's order (105 to 109 forward),
// which change with each step.

#include "nn/product.h"

#include <atomic>

#include <ATen/TensorOperators.h>
#include <ATen/autocast_mode.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/sum.h>

#include "nn/onednn.h"
#include "tensor/differentiable.h"
#include "tensor/fused.h"
#include "tensor/operator_record.h"

namespace lumir::nn {
namespace {

using Tensors = std::vector<at::Tensor>;

const std::optional<c10::OperatorHandle>& operation() {
  static const auto found = onednn_operator("mkldnn::_linear_pointwise");
  return found;
}

at::Tensor multiply(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
  const c10::List<std::optional<at::Scalar>> none;
  const c10::IValue with_bias = bias.defined() ? c10::IValue(bias) : c10::IValue();
  return called(*operation(), {x, weight, with_bias, "none", none, ""});
}

bool has_wide_registers() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512f");
#else
  return false;
#endif
}

/// Derivatives by x.
at::Tensor by_input(const at::Tensor& gradient, const at::Tensor& weight) {
  static const bool by_onednn = has_wide_registers();
  return by_onednn ? multiply(gradient, weight.t(), {}) : at::mm(gradient, weight);
}

/// Of x, weights and, where there is one, the bias.
class Product final : public tensor::Differentiable {
 public:
  Made forward(const Tensors& inputs, bool) override {
    return {{multiply(inputs[0], inputs[1], inputs.size() > 2 ? inputs[2] : at::Tensor())}, {}};
  }
  Tensors backward(const Known& known, const Tensors& gradients) override {
    const at::Tensor &x = known.inputs[0], &weight = known.inputs[1];
    const at::Tensor rows = gradients[0].reshape({-1, weight.size(0)});
    Tensors all(known.inputs.size());
    if (known.wanted[0]) all[0] = by_input(rows, weight).view(x.sizes());
    if (known.wanted[1]) all[1] = at::mm(rows.t(), x.reshape({-1, weight.size(1)}));
    if (all.size() > 2 && known.wanted[2]) all[2] = at::sum(rows, 0);
    return all;
  }
  Tensors by_operators(const Tensors& inputs) override {
    return {at::linear(inputs[0], inputs[1], inputs.size() > 2 ? inputs[2] : at::Tensor())};
  }
};

bool is_amd() {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_is("amd") && __builtin_cpu_supports("avx2");
#else
  return false;
#endif
}

std::atomic<bool>& chosen() {
  static std::atomic<bool> use{is_amd()};
  return use;
}

/// Whether oneDNN multiplies faster: floats on an AMD processor, and so many that its preparations do not count.
bool pays(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
  constexpr int64_t kProducts = 1 << 24, kNumbers = 64;
  const auto fits = [](const at::Tensor& tensor) { return tensor.is_cpu() && tensor.scalar_type() == at::kFloat; };
  return onednn_products() && fits(x) && fits(weight) && (!bias.defined() || fits(bias)) && weight.dim() == 2 &&
         x.dim() > 1 && x.size(-1) == weight.size(1) && x.numel() * weight.size(0) >= kProducts &&
         weight.size(0) >= kNumbers && weight.size(1) >= kNumbers && tensor::fused_kernels() &&
         !tensor::records_operators() && !at::autocast::is_autocast_enabled(at::kCPU) && operation().has_value();
}

}  // namespace

bool onednn_products() { return chosen(); }
void use_onednn_products(bool use) { chosen() = use; }

at::Tensor product(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias) {
  if (!pays(x, weight, bias)) return at::linear(x, weight, bias);
  Tensors inputs{x, weight};
  if (bias.defined()) inputs.push_back(bias);
  return tensor::apply(std::make_shared<Product>(), inputs)[0];
}

}  // namespace lumir::nn
