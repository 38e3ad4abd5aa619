// Norms with the bend behind them, by kernels of our own: against LibTorch's operators, at every level.

#include <ATen/ops/ones.h>
#include <ATen/ops/ones_like.h>

#include "engine/nn/trained.h"

#include "core/parallel.h"
#include "nn/module.h"
#include "tensor/gradients.h"

using namespace lumir;
using tests::at_every_level, tests::distance, tests::Fused, tests::weighted, tests::Tensors;

namespace {

Value layer(const std::string& name, Map options = {}) { return Map{{"name", "nn." + name}, {"options", options}}; }

struct Case {
  std::string norm;
  Map options;
  std::vector<int64_t> shape;
  Value bend;  // nil: none
  bool channels_last = false, eval = false;
  Value pool = {};  // nil: none
};

/// Channels and places that fill registers, and some that do not; more numbers than a part has.
std::vector<Case> cases() {
  const Value relu = layer("ReLU"), elu = layer("ELU", {{"alpha", 0.7}});
  const Value leaky = layer("LeakyReLU", {{"negative_slope", 0.2}});
  std::vector<Case> all;
  for (const bool eval : {false, true}) {
    for (const bool last : {false, true}) {
      all.push_back({"BatchNorm2d", {}, {4, 64, 3, 40}, elu, last, eval});
      all.push_back({"BatchNorm2d", {{"momentum", "none"}}, {3, 5, 7, 9}, relu, last, eval});
      all.push_back({"BatchNorm2d", {{"momentum", 0.4}, {"eps", 0.01}}, {2, 1, 6, 5}, leaky, last, eval});
      all.push_back({"BatchNorm2d", {}, {3, 33, 40, 61}, {}, last, eval});
    }
    all.push_back({"BatchNorm1d", {}, {9, 20}, relu, false, eval});
    all.push_back({"BatchNorm1d", {}, {6, 3, 50}, elu, false, eval});
    all.push_back({"BatchNorm3d", {}, {2, 6, 3, 4, 5}, elu, false, eval});
    all.push_back({"BatchNorm2d", {{"track_running_stats", false}}, {2, 4, 5, 6}, relu, true, eval});
    all.push_back({"BatchNorm2d", {{"affine", false}}, {2, 4, 5, 6}, relu, true, eval});
  }
  return all;
}

/// Blocks that fill a picture, that leave a rest, that have a hole between them, and of more numbers than a byte counts.
std::vector<Case> pooled_cases() {
  const auto blocks = [](List sizes, Map more = {}) {
    more["kernel_size"] = std::move(sizes);
    return layer("MaxPool2d", more);
  };
  const Value relu = layer("ReLU"), elu = layer("ELU", {{"alpha", 0.7}}), rises = layer("ELU", {{"alpha", -0.5}});
  std::vector<Case> all;
  for (const bool eval : {false, true}) {
    for (const bool last : {false, true}) {
      all.push_back({"BatchNorm2d", {}, {4, 64, 6, 40}, elu, last, eval, blocks({2, 2})});
      all.push_back({"BatchNorm2d", {}, {3, 5, 7, 11}, relu, last, eval, blocks({3, 4})});
      all.push_back({"BatchNorm2d", {}, {2, 33, 40, 61}, {}, last, eval, blocks({4, 2})});
      all.push_back({"BatchNorm2d", {}, {2, 6, 8, 9}, rises, last, eval, blocks({2, 2})});
      all.push_back(
          {"BatchNorm2d", {}, {2, 6, 8, 9}, elu, last, eval, blocks({3, 3}, {{"stride", 2}, {"padding", 1}})});
      all.push_back({"BatchNorm2d", {}, {1, 6, 18, 40}, relu, last, eval, blocks({17, 20})});
    }
  }
  return all;
}

nn::ModulePtr made(const Case& one, at::ScalarType type) {
  Map options = one.options;
  options["num_features"] = static_cast<int>(one.shape[1]);
  List layers{layer(one.norm, options)};
  for (const Value& next : {one.bend, one.pool}) {
    if (!next.is_nil()) layers.push_back(next);
  }
  const auto module = nn::make_module("Sequential", {{"modules", layers}});
  at::manual_seed(3);
  for (const auto& slot : nn::slots_of(*module)) {
    const at::NoGradGuard guard;
    if (slot.tensor->dim() == 1) slot.tensor->copy_(at::randn(slot.tensor->sizes()).abs().add(0.2));
  }
  module->to({}, type);
  if (one.eval) module->train(false);
  return module;
}

at::Tensor batch(const Case& one, at::ScalarType type) {
  at::manual_seed(5);
  const at::Tensor x = at::randn(one.shape, type).mul(2).add(0.5);
  return (one.channels_last ? x.contiguous(at::MemoryFormat::ChannelsLast) : x).requires_grad_(true);
}

/// What comes out, the gradients of x and of the weights, and the running statistics.
Tensors results(const Case& one, at::ScalarType type, bool fused) {
  const Fused use(fused);
  const auto module = made(one, type);
  const at::Tensor x = batch(one, type);
  Tensors all{(*module)(x)};
  weighted(all).backward();
  all.push_back(x.grad());
  for (const auto& slot : nn::slots_of(*module)) all.push_back(slot.trained ? slot.tensor->grad() : *slot.tensor);
  return all;
}

}  // namespace

TEST_CASE("norm kernels give LibTorch's values, gradients and statistics at every processor level") {
  const auto check = [](const std::vector<Case>& all) {
    for (const auto& one : all) {
      INFO(made(one, at::kFloat)->show() << ", " << (one.channels_last ? "channels last" : "planes") << ", "
                                         << (one.eval ? "eval" : "training"));
      CHECK(distance(results(one, at::kFloat, true), results(one, at::kFloat, false)) < 1e-5);
      CHECK(distance(results(one, at::kDouble, true), results(one, at::kDouble, false)) < 1e-10);
    }
  };
  at_every_level([&] { check(cases()); });
  at_every_level([&] { check(pooled_cases()); });
}

TEST_CASE("norm kernels give the same bits by any number of threads") {
  const int before = thread_count();
  std::vector<Case> all = cases();
  for (auto& one : pooled_cases()) all.push_back(one);
  for (const auto& one : all) {
    set_thread_count(1);
    const Tensors alone = results(one, at::kFloat, true);
    for (const int threads : {2, 5}) {
      set_thread_count(threads);
      const Tensors again = results(one, at::kFloat, true);
      for (size_t i = 0; i < alone.size(); ++i) CHECK(again[i].equal(alone[i]));
    }
  }
  set_thread_count(before);
}

TEST_CASE("gradients of gradients go through norm kernels") {
  const auto twice = [](const Case& one, bool fused) {
    const Fused use(fused);
    const auto module = made(one, at::kDouble);
    const at::Tensor x = batch(one, at::kDouble);
    const at::Tensor loss = weighted({(*module)(x)});
    const auto first = tensor::derivatives({loss}, {x}, {}, {.create_graph = true}, false, "test");
    (first[0] * first[0]).sum().backward();
    return Tensors{first[0].detach(), x.grad()};
  };
  Case one{"BatchNorm2d", {}, {3, 4, 5, 6}, layer("ELU"), true, false};
  CHECK(distance(twice(one, true), twice(one, false)) < 1e-10);
  one.pool = layer("MaxPool2d", {{"kernel_size", 2}});
  CHECK(distance(twice(one, true), twice(one, false)) < 1e-10);
}

TEST_CASE("NaN in a channel comes out of norm kernels, in that channel alone") {
  Case one{"BatchNorm2d", {}, {2, 20, 4, 5}, layer("ReLU"), true, false};
  for (const int way : {0, 1, 2}) {
    one.channels_last = way > 0;
    if (way == 2) one.pool = layer("MaxPool2d", {{"kernel_size", List{2, 5}}});
    at::Tensor x = batch(one, at::kFloat).detach();
    x[1][3][2][0] = NAN;
    const at::Tensor y = (*made(one, at::kFloat))(x);
    CHECK(y.select(1, 3).isnan().all().item<bool>());
    CHECK(y.narrow(1, 0, 3).isfinite().all().item<bool>());
    CHECK(y.narrow(1, 4, 16).isfinite().all().item<bool>());
  }
}

TEST_CASE("numbers far from zero keep their variance in norm kernels") {
  const Case one{"BatchNorm1d", {}, {4000, 3}, {}, false, false};
  const Fused use(true);
  const at::Tensor x = batch(one, at::kFloat).detach();
  const Tensors near{(*made(one, at::kFloat))(x)}, far{(*made(one, at::kFloat))(x + 4096)};
  CHECK(distance(far, near) < 3e-3);  // x itself has lost a twelfth of its bits
}

TEST_CASE("weights after twenty steps with norm kernels are those of LibTorch's operators") {
  const auto trained = [](bool fused) {
    const Fused use(fused);
    at::manual_seed(3);
    const Map first{{"in_channels", 2}, {"out_channels", 8}, {"kernel_size", 3}, {"padding", 1}};
    const Map second{{"in_channels", 8}, {"out_channels", 5}, {"kernel_size", 3}};
    const auto module = nn::make_module(
        "Sequential", {{"modules", List{layer("Conv2d", first), layer("BatchNorm2d", {{"num_features", 8}}),
                                        layer("ELU"), layer("MaxPool2d", {{"kernel_size", 2}}), layer("Conv2d", second),
                                        layer("BatchNorm2d", {{"num_features", 5}}), layer("ReLU")}}});
    const at::Tensor x = at::randn({6, 2, 16, 20});
    return tests::after_twenty_steps(module, x, {{"lr", 0.05}}, 1e-4);
  };
  CHECK(distance(trained(true), trained(false)) < 1e-4);
}

TEST_CASE("of equals in a block the first one is the largest, as in LibTorch") {
  const auto by = [](bool fused) {
    const Fused use(fused);
    const Value pool = layer("MaxPool2d", {{"kernel_size", 2}});
    const Case one{"BatchNorm2d", {}, {1, 3, 4, 4}, layer("ELU"), true, true, pool};
    at::Tensor x = at::ones(one.shape).contiguous(at::MemoryFormat::ChannelsLast);
    x.select(2, 3).fill_(2);
    x.requires_grad_(true);
    const at::Tensor y = (*made(one, at::kFloat))(x);
    y.backward(at::ones_like(y));
    return Tensors{y.detach(), x.grad()};
  };
  CHECK(distance(by(true), by(false)) < 1e-6);
}
