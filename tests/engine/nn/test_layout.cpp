// How pictures lie while they go through a Sequential.

#include <any>
#include <memory>

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

/// A layer between others that looks at how a tensor lies; nobody else knows that it does.
class Watch final : public nn::Module {
 public:
  Watch() : Module(*find_entry("nn.Identity")) {}
  Map options() const override { return {}; }
  bool channels_last = false;

 protected:
  nn::Flow flow(const nn::Flow& input) override {
    channels_last = input.tensors[0].is_contiguous(at::MemoryFormat::ChannelsLast);
    return input;
  }
};

nn::ModulePtr made(int channels, const nn::ModulePtr& watch) {
  at::manual_seed(1);
  const Map convolution{{"out_channels", 5}, {"kernel_size", 3}, {"in_channels", channels}};
  const Value inner = layer(
      "Sequential", {{"modules", List{layer("Conv2d", convolution), layer("BatchNorm2d", {{"num_features", 5}})}}});
  const Value between(Object(std::make_shared<const std::any>(watch)));
  return nn::make_module("Sequential", {{"modules", List{inner, between, layer("ReLU", {})}}});
}

struct Seen {
  bool channels_last = false;  // before the ReLU
  at::Tensor output, gradient;
};

Seen run(int channels, bool fused) {
  tensor::use_fused_kernels(fused);
  Seen seen;
  const auto watch = std::make_shared<Watch>();
  const auto module = made(channels, watch);
  const at::Tensor x = at::randn({2, channels, 6, 7}).requires_grad_(true);
  seen.output = (*module)(x);
  seen.channels_last = watch->channels_last;
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

TEST_CASE("pictures that a network makes of samples lie so from the first convolution on") {
  const auto watch = std::make_shared<Watch>();
  const Value between(Object(std::make_shared<const std::any>(nn::ModulePtr(watch))));
  const Value mel = layer("LogMel", {{"rate", 8000}, {"n_fft", 64}, {"n_mels", 8}});
  const Map convolution{{"out_channels", 5}, {"kernel_size", 3}, {"in_channels", 1}};
  const auto module = nn::make_module("Sequential", {{"modules", List{mel, layer("Conv2d", convolution), between}}});
  const at::Tensor y = (*module)(at::randn({2, 1, 8000}));
  CHECK(watch->channels_last);
  CHECK(y.is_contiguous());
}

TEST_CASE("strides of a convolution of one place come back whole where its channels fill no register") {
  const auto gradients = [](bool fused) {
    tensor::use_fused_kernels(fused);
    at::manual_seed(1);
    const Map options{{"in_channels", 8}, {"out_channels", 16}, {"kernel_size", 1}, {"stride", 2}, {"bias", false}};
    const auto module = nn::make_module("Sequential", {{"modules", List{layer("Conv2d", options), layer("ReLU", {})}}});
    const at::Tensor x = at::randn({13, 8, 16, 32}).requires_grad_(true);
    (*module)(x).pow(2).sum().backward();
    tensor::use_fused_kernels(true);
    return nn::slots_of(*module)[0].tensor->grad();
  };
  const at::Tensor plain = gradients(false);
  for (int i = 0; i < 10; ++i) CHECK(gradients(true).allclose(plain, 1e-4, 1e-4));
}

TEST_CASE("a hook within a Sequential sees tensors as they always lie") {
  const auto watch = std::make_shared<Watch>();
  const auto module = made(3, watch);
  bool contiguous = false;
  const nn::ModulePtr last = module->children()[2].module;
  const int number = last->add_hook(
      [&](nn::Module&, const nn::Flow& input, const nn::Flow&) { contiguous = input.tensors[0].is_contiguous(); });
  const at::Tensor x = at::randn({2, 3, 6, 7});
  (*module)(x);
  CHECK(contiguous);
  last->remove_hook(number);
  (*module)(x);
  CHECK(watch->channels_last);
}
