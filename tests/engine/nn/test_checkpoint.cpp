// Checkpoint: the same numbers and gradients, by less memory.

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/randn.h>

#include <catch2/catch.hpp>

#include "core/memory.h"
#include "nn/module.h"
#include "tensor/autocast.h"
#include "tensor/gradients.h"

using namespace lumir;
using Tensors = std::vector<at::Tensor>;

namespace {

Value layer(const std::string& name, Map options = {}) { return Map{{"name", "nn." + name}, {"options", options}}; }

/// A body that draws, and that has running means.
Value body(int width) {
  const Map sizes{{"in_features", width}, {"out_features", width}};
  return layer("Sequential", {{"modules", List{layer("Linear", sizes), layer("BatchNorm1d", {{"num_features", width}}),
                                               layer("ReLU"), layer("Dropout"), layer("Linear", sizes)}}});
}

nn::ModulePtr made(bool checkpoint, int width, at::ScalarType type) {
  at::manual_seed(1);
  const Value whole = checkpoint ? layer("Checkpoint", {{"body", body(width)}}) : body(width);
  const auto module = nn::make_module(whole);
  module->to({}, type);
  return module;
}

/// What comes out, the gradients of x and of every parameter, and every buffer.
Tensors results(bool checkpoint) {
  const auto module = made(checkpoint, 6, at::kFloat);
  const at::Tensor x = at::randn({9, 6}).requires_grad_(true);
  at::manual_seed(2);
  const at::Tensor output = (*module)(x);
  output.pow(3).sum().backward();
  Tensors all{output.detach(), x.grad(), at::randn({3})};  // draws go on from the same place
  for (const auto& slot : nn::slots_of(*module)) all.push_back(slot.trained ? slot.tensor->grad() : *slot.tensor);
  return all;
}

}  // namespace

TEST_CASE("Checkpoint changes no number: values, gradients, running means, and what is drawn afterwards") {
  const Tensors wanted = results(false), found = results(true);
  REQUIRE(found.size() == wanted.size());
  for (size_t i = 0; i < wanted.size(); ++i) {
    INFO("tensor " << i);
    CHECK(found[i].equal(wanted[i]));
  }
}

TEST_CASE("Checkpoint keeps nothing of what its body works out") {
  const auto held = [](bool checkpoint) {
    const auto module = made(checkpoint, 64, at::kFloat);
    const at::Tensor x = at::randn({20000, 64});
    const size_t before = allocated_bytes();
    const at::Tensor output = (*module)(x);
    return static_cast<double>(allocated_bytes() - before) / static_cast<double>(output.nbytes());
  };
  CHECK(held(true) < 1.5);
  CHECK(held(false) > 4);
}

TEST_CASE("Checkpoint has gradients of gradients") {
  const auto twice = [](bool checkpoint) {
    const auto module = made(checkpoint, 4, at::kDouble);
    const at::Tensor x = at::randn({5, 4}, at::kDouble).requires_grad_(true);
    at::manual_seed(2);
    const at::Tensor loss = (*module)(x).pow(2).sum();
    const auto first = tensor::derivatives({loss}, {x}, {}, {.create_graph = true}, false, "test");
    first[0].pow(2).sum().backward();
    return x.grad();
  };
  CHECK(twice(true).allclose(twice(false)));
}

TEST_CASE("in a Checkpoint names of weights begin with body, and without gradients it is its body") {
  const auto module = made(true, 4, at::kFloat);
  CHECK(nn::slots_of(*module)[0].name == "body.0.weight");
  module->train(false);
  const at::Tensor x = at::randn({2, 4});
  const at::NoGradGuard guard;
  CHECK((*module)(x).equal((*module->children()[0].module)(x)));
}

TEST_CASE("what flows into a Checkpoint by name has its gradient") {
  const auto gradient = [](bool checkpoint) {
    at::manual_seed(1);
    const Value attention = layer("MultiheadAttention",
                                  {{"embed_dim", 4}, {"num_heads", 2}, {"batch_first", true}, {"need_weights", false}});
    const auto module = nn::make_module(checkpoint ? layer("Checkpoint", {{"body", attention}}) : attention);
    const at::Tensor x = at::randn({3, 5, 4}), mask = at::randn({6, 5, 5}).requires_grad_(true);
    (*module)(nn::Flow{{x}, {{"attn_mask", mask}}}).tensors[0].pow(2).sum().backward();
    return mask.grad();
  };
  const at::Tensor wanted = gradient(false), found = gradient(true);
  REQUIRE(found.defined());
  CHECK(found.allclose(wanted));
}

TEST_CASE("a Checkpoint works out again in the precision of the first pass") {
  const auto results = [](bool checkpoint, bool way_back_mixed) {
    at::manual_seed(1);
    const Map sizes{{"in_features", 8}, {"out_features", 8}};
    const Value body =
        layer("Sequential", {{"modules", List{layer("Linear", sizes), layer("ReLU"), layer("Linear", sizes)}}});
    const auto module = nn::make_module(checkpoint ? layer("Checkpoint", {{"body", body}}) : body);
    const at::Tensor x = at::randn({9, 8}).requires_grad_(true);
    at::Tensor output;
    {
      const tensor::Autocast mixed(at::kCPU, {.mixed = true});
      output = (*module)(x);
      if (way_back_mixed) output.sum().backward();
    }
    if (!way_back_mixed) output.sum().backward();
    Tensors all{output.detach(), x.grad()};
    for (const auto& slot : nn::slots_of(*module)) all.push_back(slot.tensor->grad());
    return all;
  };
  for (const bool way_back_mixed : {false, true}) {
    const Tensors wanted = results(false, way_back_mixed), found = results(true, way_back_mixed);
    CHECK(found[0].scalar_type() == at::kBFloat16);
    for (size_t i = 0; i < wanted.size(); ++i) {
      INFO("tensor " << i << ", way back mixed: " << way_back_mixed);
      REQUIRE(found[i].defined());
      CHECK(found[i].equal(wanted[i]));
    }
  }
  CHECK_FALSE(tensor::precision_now(at::kCPU).mixed);
}
