// Dropout as one node of LibTorch's graph.
//
// LibTorch draws in one thread, keeps a number for each it has drawn, and reads that again on the way back: 1.6 million
// numbers (the middle of a layer of recipes/fma/vit.lua) take 13 ms at p = 0.1 and 20 ms at 0.5; here 3 ms, and what is
// drawn is not kept, only x (one thread, AMD EPYC, Zen 4).

#include "nn/fused_dropout.h"

#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/ops/dropout.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/ones_like.h>

#include "core/parallel.h"
#include "nn/dropout_kernels.h"
#include "signal/kernel.h"
#include "tensor/differentiable.h"
#include "tensor/fused.h"

namespace lumir::nn {
namespace {

using Tensors = std::vector<at::Tensor>;

class FusedDropout final : public tensor::Differentiable {
 public:
  explicit FusedDropout(double p)
      : share_(1 - p), key_(static_cast<uint64_t>(at::empty({}, at::kLong).random_().item<int64_t>())) {}

  Made forward(const Tensors& inputs, bool) override { return {{drop(inputs[0])}, {}}; }
  Tensors backward(const Known& known, const Tensors& gradients) override {
    const at::Tensor& x = known.inputs[0];
    const bool alike = gradients[0].strides() == x.strides();
    return {drop(alike ? gradients[0] : at::empty_like(x).copy_(gradients[0]))};
  }
  Tensors by_operators(const Tensors& inputs) override { return {inputs[0] * drop(at::ones_like(inputs[0]))}; }

 private:
  at::Tensor drop(const at::Tensor& x) const {
    return x.scalar_type() == at::kFloat ? drop_by<float>(drop_floats, x) : drop_by<double>(drop_doubles, x);
  }

  /// In parts of some blocks each, in the order of memory.
  template <class T>
  at::Tensor drop_by(void (*kernel)(const Drop<T>&, int64_t, int64_t), const at::Tensor& x) const {
    constexpr int64_t kPart = 64 * kDropBlock;
    const at::Tensor y = at::empty_like(x);
    const Drop<T> drop{key_, static_cast<uint32_t>(std::ldexp(share_, 32)), static_cast<T>(1 / share_),
                       x.const_data_ptr<T>(), y.data_ptr<T>()};
    const int64_t numbers = x.numel();
    parallel_for(static_cast<size_t>((numbers + kPart - 1) / kPart), [&](size_t part) {
      const int64_t first = static_cast<int64_t>(part) * kPart;
      signal::best(kernel)(drop, first, std::min(first + kPart, numbers));
    });
    return y;
  }

  const double share_;  // of those that stay
  const uint64_t key_;
};

}  // namespace

at::Tensor dropped(const at::Tensor& x, double p) {
  constexpr int64_t kFewest = 1 << 14;  // of fewer LibTorch draws in no time
  const bool fits = tensor::fused_kernels() && x.numel() >= kFewest && x.is_cpu() && x.is_non_overlapping_and_dense() &&
                    p > 0 && p < 1 && (x.scalar_type() == at::kFloat || x.scalar_type() == at::kDouble);
  if (!fits) return at::dropout(x, p, /*train=*/true);
  return tensor::apply(std::make_shared<FusedDropout>(p), {x})[0];
}

}  // namespace lumir::nn
