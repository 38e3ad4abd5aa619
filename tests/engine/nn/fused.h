// How kernels of our own are held against LibTorch's operators.

#pragma once

#include <functional>
#include <vector>

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/randn.h>

#include <catch2/catch.hpp>

#include "engine/worse.h"
#include "signal/kernel.h"
#include "tensor/fused.h"

namespace lumir::tests {

using Tensors = std::vector<at::Tensor>;

/// Kernels on or off, until destroyed.
class Fused {
 public:
  explicit Fused(bool use) : before_(tensor::fused_kernels()) { tensor::use_fused_kernels(use); }
  ~Fused() { tensor::use_fused_kernels(before_); }
  Fused(const Fused&) = delete;
  Fused& operator=(const Fused&) = delete;

 private:
  bool before_;
};

/// A sum of all that comes out, weighted by what a seed draws.
inline at::Tensor weighted(const Tensors& outputs) {
  at::manual_seed(11);
  at::Tensor total;
  for (const auto& output : outputs) {
    const at::Tensor part = (output * at::randn(output.sizes(), output.options())).sum();
    total = total.defined() ? total + part : part;
  }
  return total;
}

/// The farthest distance of any number, beside the largest of its tensor or one.
inline double distance(const Tensors& found, const Tensors& wanted) {
  REQUIRE(found.size() == wanted.size());
  double worst = 0;
  for (size_t i = 0; i < found.size(); ++i) {
    INFO("tensor " << i);
    REQUIRE(found[i].sizes() == wanted[i].sizes());
    const double size = std::max(1.0, wanted[i].abs().max().item<double>());
    worst = testing::worse(worst, (found[i] - wanted[i]).abs().max().item<double>() / size);
  }
  return worst;
}

inline void at_every_level(const std::function<void()>& body) {
  const std::string before = signal::level_name();
  for (const auto& level : signal::levels()) {
    INFO(level);
    signal::use_level(level);
    body();
  }
  signal::use_level(before);
}

}  // namespace lumir::tests
