// How pictures lie while they go through a Sequential.

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/randn.h>

#include <catch2/catch.hpp>

#include "nn/module.h"
#include "tensor/fused.h"

using namespace lumir;

namespace {

Value layer(const std::string& name, Map options) { return Map{{"name", "nn." + name}, {"options", options}}; }

nn::ModulePtr made(int channels) {
  at::manual_seed(1);
  const Map convolution{{"out_channels", 5}, {"kernel_size", 3}, {"in_channels", channels}};
  const Value inner = layer(
      "Sequential", {{"modules", List{layer("Conv2d", convolution), layer("BatchNorm2d", {{"num_features", 5}})}}});
  return nn::make_module(layer("Sequential", {{"modules", List{inner, layer("ReLU", {})}}}));
}

struct Seen {
  bool channels_last = false;  // before the ReLU
  at::Tensor output, gradient;
};

Seen run(int channels, bool fused) {
  tensor::use_fused_kernels(fused);
  Seen seen;
  const auto module = made(channels);
  module->children()[1].module->add_hook([&](nn::Module&, const nn::Flow& input, const nn::Flow&) {
    seen.channels_last = input.tensors[0].is_contiguous(at::MemoryFormat::ChannelsLast);
  });
  const at::Tensor x = at::randn({2, channels, 6, 7}).requires_grad_(true);
  seen.output = (*module)(x);
  seen.output.pow(2).sum().backward();
  seen.gradient = x.grad();
  tensor::use_fused_kernels(true);
  return seen;
}

}  // namespace

TEST_CASE("within a Sequential the channels of a place lie beside each other, and nobody else sees it") {
  for (const int channels : {1, 3}) {
    INFO(channels << " channels");
    const Seen fast = run(channels, true), plain = run(channels, false);
    CHECK(fast.channels_last);
    CHECK_FALSE(plain.channels_last);
    CHECK(fast.output.is_contiguous());
    CHECK(fast.output.allclose(plain.output, 1e-5, 1e-6));
    CHECK(fast.gradient.allclose(plain.gradient, 1e-4, 1e-5));
  }
}
