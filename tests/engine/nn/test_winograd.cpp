// Convolutions of few products against LibTorch's: values, gradients, gradients of gradients, at every level.

#include "engine/nn/trained.h"

#include <ATen/ops/ones_like.h>

#include "core/parallel.h"
#include "nn/module.h"
#include "nn/winograd.h"
#include "signal/asked_kernels.h"
#include "tensor/gradients.h"

using namespace lumir;
using tests::at_every_level, tests::distance, tests::Fused, tests::weighted, tests::Tensors;

namespace {

struct Case {
  std::vector<int64_t> shape;
  int channels;
  Value padding;
  bool bias = true, weight_in_rows = false;
  int kernel = 3;
};

/// Even and odd pictures, all paddings, few patches of many channels and many of few.
std::vector<Case> cases() {
  return {{{2, 32, 16, 20}, 64, 1},
          {{3, 64, 15, 13}, 32, 0, false},
          {{1, 32, 40, 7}, 32, 2},
          {{1, 160, 16, 21}, 96, "same"},
          {{70, 32, 3, 4}, 32, 0},
          {{2, 32, 9, 40}, 32, List{2, 0}, true, true},
          {{1, 32, 130, 50}, 32, 1, false},
          {{2, 32, 16, 20}, 64, 2, true, false, 5},
          {{3, 64, 15, 13}, 32, 0, false, false, 5},
          {{1, 32, 40, 7}, 32, 4, true, true, 5},
          {{1, 160, 16, 21}, 96, "same", true, false, 5},
          {{9, 96, 5, 30}, 32, List{3, 1}, true, false, 5}};
}

nn::ModulePtr made(const Case& one) {
  at::manual_seed(3);
  const auto module = nn::make_module("Conv2d", {{"in_channels", static_cast<int>(one.shape[1])},
                                                 {"out_channels", one.channels},
                                                 {"kernel_size", one.kernel},
                                                 {"padding", one.padding},
                                                 {"bias", one.bias}});
  const at::NoGradGuard guard;
  for (const auto& slot : nn::slots_of(*module)) {
    if (!one.weight_in_rows || slot.tensor->dim() != 4) continue;
    *slot.tensor = slot.tensor->detach().contiguous(at::MemoryFormat::ChannelsLast).requires_grad_(true);
  }
  return module;
}

at::Tensor batch(const Case& one) {
  at::manual_seed(5);
  return at::randn(one.shape).contiguous(at::MemoryFormat::ChannelsLast).requires_grad_(true);
}

/// What comes out, and the gradients.
Tensors results(const Case& one, bool fused) {
  const Fused use(fused);
  const auto module = made(one);
  const at::Tensor x = batch(one);
  Tensors all{(*module)(x)};
  weighted(all).backward();
  all.push_back(x.grad());
  for (const auto& slot : nn::slots_of(*module)) all.push_back(slot.tensor->grad());
  return all;
}

bool runs(const nn::ModulePtr& module, const at::Tensor& x) {
  const signal::AskedKernels asked;
  (*module)(x);
  return asked.names().contains("winograd_run");
}

}  // namespace

TEST_CASE("convolutions of few products give LibTorch's values and gradients at every processor level") {
  at_every_level([] {
    for (const auto& one : cases()) {
      INFO(made(one)->show() << " of " << at::IntArrayRef(one.shape));
      CHECK(runs(made(one), batch(one)));
      CHECK(distance(results(one, true), results(one, false)) < 1e-5);
    }
  });
}

TEST_CASE("convolutions of few products give the same bits by any number of threads") {
  const int before = thread_count();
  for (const auto& one : cases()) {
    set_thread_count(1);
    const Tensors alone = results(one, true);
    for (const int threads : {2, 5}) {
      set_thread_count(threads);
      const Tensors again = results(one, true);
      for (size_t i = 0; i < alone.size(); ++i) CHECK(again[i].equal(alone[i]));
    }
  }
  set_thread_count(before);
}

TEST_CASE("convolutions of few products have gradients of gradients") {
  const auto twice = [](bool fused) {
    const Fused use(fused);
    const auto module = made(cases()[0]);
    const at::Tensor x = batch(cases()[0]);
    const at::Tensor loss = (*module)(x).pow(3).mean();
    const auto first = tensor::derivatives({loss}, {x}, {}, {.create_graph = true}, false, "test");
    (first[0] * first[0]).sum().backward();
    return Tensors{first[0].detach(), x.grad()};
  };
  CHECK(distance(twice(true), twice(false)) < 1e-5);
}

TEST_CASE("weights after twenty steps by few products are those of LibTorch's convolutions") {
  const auto trained = [](bool fused) {
    const Fused use(fused);
    at::manual_seed(3);
    const auto layer = [](const std::string& name, const Map& options = {}) -> Value {
      return Map{{"name", "nn." + name}, {"options", options}};
    };
    const Value three =
        layer("Conv2d", {{"in_channels", 32}, {"out_channels", 32}, {"kernel_size", 3}, {"padding", 1}});
    const Value norm = layer("BatchNorm2d", {{"num_features", 32}});
    const auto module =
        nn::make_module("Sequential", {{"modules", List{three, norm, layer("ELU"), three, norm, layer("ReLU")}}});
    return tests::after_twenty_steps(module, at::randn({4, 32, 12, 14}), {{"lr", 0.05}}, 1e-6);
  };
  CHECK(distance(trained(true), trained(false)) < 1e-4);
}

TEST_CASE("only what gains goes by few products") {
  const auto takes = [](const std::vector<int64_t>& shape, const Map& options, bool rows = true) {
    Map all{{"in_channels", static_cast<int>(shape[1])}, {"out_channels", 32}, {"kernel_size", 3}, {"padding", 1}};
    for (const auto& [name, value] : options) all[name] = value;
    const at::Tensor x = at::randn(shape);
    return runs(nn::make_module("Conv2d", all), rows ? x.contiguous(at::MemoryFormat::ChannelsLast) : x);
  };
  CHECK(takes({1, 32, 16, 16}, {}));
  CHECK_FALSE(takes({1, 32, 14, 16}, {}));
  CHECK_FALSE(takes({1, 32, 16, 16}, {}, false));
  CHECK_FALSE(takes({1, 16, 16, 16}, {}));
  CHECK_FALSE(takes({1, 32, 32, 32}, {{"stride", 2}}));
  CHECK_FALSE(takes({1, 32, 32, 32}, {{"dilation", 2}}));
  CHECK_FALSE(takes({1, 64, 32, 32}, {{"groups", 2}}));
  CHECK_FALSE(takes({1, 32, 32, 32}, {{"padding", 3}}));
  CHECK(takes({1, 32, 32, 32}, {{"kernel_size", 5}}));
  CHECK_FALSE(takes({1, 32, 32, 32}, {{"kernel_size", 7}}));
  CHECK_FALSE(takes({1, 32, 32, 32}, {{"kernel_size", List{3, 5}}}));
  CHECK_FALSE(takes({1, 32, 32, 32}, {{"kernel_size", 5}, {"padding", 5}}));
  CHECK_FALSE(takes({1, 32, 32, 32}, {{"padding_mode", "circular"}}));
}

TEST_CASE("no pictures give none by few products") {
  const at::Tensor x = at::randn({0, 32, 16, 20}), formed = nn::winograd_formed(at::randn({64, 32, 3, 3}));
  const nn::ConvGeometry geometry{{1, 1}, {1, 1}, {1, 1}};
  CHECK(nn::winograd_by_formed(x, formed, {}, geometry, true, {}).sizes() == at::IntArrayRef({0, 64, 16, 20}));
}

/// What comes out of a picture that has `number` at one place, and the gradients.
Tensors with_one(float number, bool fused) {
  const Fused use(fused);
  const auto module = made(cases()[0]);
  at::Tensor x = batch(cases()[0]).detach();
  x[0][5][7][8] = number;
  x.requires_grad_(true);
  Tensors all{(*module)(x)};
  const at::NoGradGuard guard;
  at::Tensor gradient = at::ones_like(all[0]);
  gradient[0][3][2][1] = number;
  all[0].backward(gradient);
  all.push_back(x.grad());
  for (const auto& slot : nn::slots_of(*module)) all.push_back(slot.tensor->grad());
  all.push_back((*module)(x));
  return all;
}

TEST_CASE("infinity and NaN go through few products to where a direct convolution has them") {
  for (const float number : {INFINITY, -INFINITY, NAN}) {
    const Tensors few = with_one(number, true), direct = with_one(number, false);
    REQUIRE(few.size() == direct.size());
    CHECK(few[0][1].isfinite().all().item<bool>());
    for (size_t i = 0; i < few.size(); ++i) {
      CAPTURE(number, i);
      CHECK(few[i].isnan().equal(direct[i].isnan()));
      CHECK(few[i].isinf().equal(direct[i].isinf()));
      CHECK(few[i].nan_to_num(0, 0, 0).allclose(direct[i].nan_to_num(0, 0, 0), 1e-4, 1e-4));
    }
  }
}

TEST_CASE("a picture without end leaves the numbers of others as they are") {
  const Case one = cases()[0];
  at::Tensor x = batch(one).detach();
  const auto module = made(one);
  const at::NoGradGuard guard;
  const at::Tensor before = (*module)(x)[1].clone();
  x[0][5][7][8] = INFINITY;
  CHECK((*module)(x)[1].equal(before));
}
