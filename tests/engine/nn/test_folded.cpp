// Norms as parts of the weights before them, while nothing is learned.

#include <ATen/ops/cat.h>
#include <ATen/ops/zeros.h>

#include "engine/nn/fused.h"

#include "nn/module.h"
#include "program.h"

using namespace lumir;
using tests::distance, tests::Fused, tests::Tensors;

namespace {

Value layer(const std::string& name, Map options = {}) { return Map{{"name", "nn." + name}, {"options", options}}; }

struct Case {
  List layers;
  std::vector<int64_t> shape;
};

std::vector<Case> cases() {
  const Map three{{"in_channels", 3}, {"out_channels", 8}, {"kernel_size", 3}};
  Map wide{{"in_channels", 32}, {"out_channels", 64}, {"kernel_size", 3}, {"padding", 1}};
  Map grouped = three, plain = three, same = three, round = three, along = three;
  grouped["in_channels"] = 4, grouped["groups"] = 2, grouped["stride"] = 2, grouped["padding"] = 1;
  plain["bias"] = false, plain["dilation"] = 2;
  same["padding"] = "same";
  const Map upright{{"in_channels", 3},
                    {"out_channels", 8},
                    {"kernel_size", List{5, 1}},
                    {"stride", List{2, 1}},
                    {"padding", List{4, 0}}};
  const Map deep{{"in_channels", 32}, {"out_channels", 16}, {"kernel_size", List{9, 1}}, {"dilation", List{2, 1}}};
  round["padding"] = 1, round["padding_mode"] = "circular";
  const auto norm = [](const std::string& name, int channels) { return layer(name, {{"num_features", channels}}); };
  const Map dense{{"in_features", 6}, {"out_features", 4}};
  const Value halves = layer("MaxPool2d", {{"kernel_size", 2}});
  return {{List{layer("Conv2d", three), norm("BatchNorm2d", 8), layer("ReLU")}, {2, 3, 20, 30}},
          {List{layer("Conv2d", three), norm("BatchNorm2d", 8), layer("ReLU"), halves}, {2, 3, 20, 31}},
          {List{layer("Conv2d", three), norm("BatchNorm2d", 8), layer("ELU"), halves}, {1, 3, 9, 30}},
          {List{layer("Conv2d", three), halves, layer("ReLU")}, {1, 3, 9, 30}},
          {List{layer("Conv2d", round), norm("BatchNorm2d", 8), layer("ELU"), halves}, {2, 3, 5, 6}},
          {List{layer("Conv2d", wide), norm("BatchNorm2d", 64), layer("ReLU")}, {1, 32, 21, 30}},
          {List{layer("Conv2d", wide), norm("BatchNorm2d", 64), layer("ELU"), halves}, {3, 32, 12, 17}},
          {List{layer("Conv2d", grouped), norm("BatchNorm2d", 8), layer("ELU")}, {1, 4, 21, 9}},
          {List{layer("Conv2d", plain), norm("BatchNorm2d", 8)}, {1, 3, 12, 12}},
          {List{layer("Conv2d", plain), layer("LeakyReLU")}, {3, 3, 12, 12}},
          {List{layer("Conv2d", same), norm("BatchNorm2d", 8), layer("ReLU")}, {2, 3, 5, 6}},
          {List{layer("Conv2d", round), norm("BatchNorm2d", 8), layer("ReLU")}, {2, 3, 5, 6}},
          {List{layer("Conv2d", upright), norm("BatchNorm2d", 8), layer("ReLU")}, {2, 3, 30, 1}},
          {List{layer("Conv2d", upright), layer("ReLU"), norm("BatchNorm2d", 8)}, {1, 3, 30, 2}},
          {List{layer("Conv2d", deep), norm("BatchNorm2d", 16), layer("ELU")}, {1, 32, 40, 1}},
          {List{layer("Conv1d", along), norm("BatchNorm1d", 8), layer("ReLU")}, {2, 3, 25}},
          {List{layer("Linear", dense), norm("BatchNorm1d", 4), layer("ReLU")}, {5, 6}},
          {List{layer("Linear", dense), norm("BatchNorm1d", 5), layer("ReLU")}, {3, 5, 6}}};
}

constexpr auto kRowsOfChannels = at::MemoryFormat::ChannelsLast;

/// A convolution that takes fewer products where the channels of a place lie beside each other.
Case few_products(int padding) {
  const Map three{{"in_channels", 32}, {"out_channels", 32}, {"kernel_size", 3}, {"padding", padding}};
  return {List{layer("Conv2d", three), layer("BatchNorm2d", {{"num_features", 32}}), layer("ReLU")}, {1, 32, 40, 41}};
}

/// In eval, with statistics that are no ones and zeros.
nn::ModulePtr made(const Case& one) {
  at::manual_seed(3);
  const auto module = nn::make_module("Sequential", {{"modules", one.layers}});
  const at::NoGradGuard guard;
  for (const auto& slot : nn::slots_of(*module)) {
    if (slot.tensor->dim() == 1) slot.tensor->copy_(at::randn(slot.tensor->sizes()).abs().add(0.2));
  }
  module->train(false);
  return module;
}

at::Tensor answer(const nn::ModulePtr& module, const at::Tensor& x, bool fused) {
  const Fused use(fused);
  const at::NoGradGuard guard;
  return (*module)(x);
}

at::Tensor batch(const Case& one) {
  at::manual_seed(5);
  return at::randn(one.shape);
}

}  // namespace

TEST_CASE("norms that are part of weights give what layers give one by one") {
  for (const auto& one : cases()) {
    const auto module = made(one);
    INFO(module->show());
    const at::Tensor x = batch(one);
    const Tensors wanted{answer(module, x, false)};
    CHECK(distance({answer(module, x, true)}, wanted) < 1e-5);
    CHECK(distance({answer(module, x, true)}, wanted) < 1e-5);  // from what was kept
    const at::Tensor more = at::cat({x, x * 2});
    CHECK(distance({answer(module, more, true)}, {answer(module, more, false)}) < 1e-5);
  }
}

TEST_CASE(
    "NaN of what comes in comes out wherever it does of layers one by one, and that of weights does not get lost") {
  for (const auto& one : cases()) {
    const auto module = made(one);
    INFO(module->show());
    const at::Tensor x = batch(one);
    answer(module, x, true);
    const at::Tensor odd = x.clone();
    odd.view(-1)[x.numel() / 2] = NAN;
    const at::Tensor wanted = answer(module, odd, false).isnan();
    CHECK(wanted.any().item<bool>());
    CHECK(answer(module, odd, true).isnan().equal(wanted));
    CHECK(distance({answer(module, x, true)}, {answer(module, x, false)}) < 1e-5);
    {
      const at::NoGradGuard guard;
      nn::slots_of(*module)[0].tensor->view(-1)[0] = NAN;
    }
    CHECK(answer(module, x, true).isnan().any().item<bool>());  // of padding times NaN each way says another thing
  }
}

TEST_CASE("what a picture gives does not depend on those before it") {
  for (const bool rows : {false, true}) {
    for (const int64_t height : {4, 40}) {
      INFO("rows " << rows << ", height " << height);
      const Case one = few_products(1);
      const at::Tensor part = batch(one).narrow(2, 0, height).narrow(3, 0, height + 1);
      const at::Tensor x = part.contiguous(rows ? kRowsOfChannels : at::MemoryFormat::Contiguous);
      const auto module = made(one);
      answer(module, batch(one).contiguous(kRowsOfChannels), true);
      CHECK(answer(module, x, true).equal(answer(made(one), x, true)));
      CHECK(distance({answer(module, x, true)}, {answer(module, x, false)}) < 1e-5);
    }
  }
}

TEST_CASE("pictures of one column and of several go through the same kernel in turn, and gradients come back") {
  const Case one{
      {layer("Conv2d", {{"in_channels", 4}, {"out_channels", 6}, {"kernel_size", List{5, 1}}, {"padding", List{3, 0}}}),
       layer("ReLU")},
      {2, 4, 20, 1}};
  const auto module = made(one);
  at::manual_seed(7);
  for (const int64_t width : {1, 3, 1}) {
    INFO("width " << width);
    const at::Tensor x = at::randn({2, 4, 20, width});
    CHECK(answer(module, x, true).sizes() == at::IntArrayRef({2, 6, 22, width}));
    CHECK(distance({answer(module, x, true)}, {answer(module, x, false)}) < 1e-5);
    Tensors gradients[2];
    for (const bool fused : {false, true}) {
      const Fused use(fused);
      const at::Tensor leaf = x.clone().requires_grad_(true);
      for (const auto& slot : nn::slots_of(*module)) slot.tensor->mutable_grad() = at::Tensor();
      (*module)(leaf).pow(2).sum().backward();
      gradients[fused].push_back(leaf.grad());
      for (const auto& slot : nn::slots_of(*module)) gradients[fused].push_back(slot.tensor->grad().clone());
    }
    CHECK(distance(gradients[1], gradients[0]) < 1e-4);
  }
}

TEST_CASE("after a large picture one that is too small is refused, and none gives none") {
  const Case one = few_products(0);
  const auto module = made(one);
  answer(module, batch(one).contiguous(kRowsOfChannels), true);
  for (const int64_t height : {1, 2}) {
    const at::Tensor x = at::randn({1, 32, height, 40});
    CHECK_THROWS_WITH(answer(module, x, true), Catch::Contains("the input is too small here"));
    CHECK_THROWS_WITH(answer(module, x.contiguous(kRowsOfChannels), true),
                      Catch::Contains("the input is too small here"));
    CHECK_THROWS_WITH(answer(made(one), x, true), Catch::Contains("the input is too small here"));
  }
  const at::Tensor none = at::zeros({0, 32, 40, 40});
  CHECK(answer(module, none, true).sizes() == at::IntArrayRef({0, 32, 38, 38}));
  CHECK(answer(module, none.contiguous(kRowsOfChannels), true).sizes() == at::IntArrayRef({0, 32, 38, 38}));
}

TEST_CASE("weights that change are folded anew") {
  const Case one = cases()[0];
  const auto module = made(one);
  const at::Tensor x = batch(one);
  const at::NoGradGuard guard;
  for (const auto& slot : nn::slots_of(*module)) {
    INFO(slot.name);
    const at::Tensor before = answer(module, x, true);
    slot.tensor->add_(1);
    const at::Tensor after = answer(module, x, true);
    CHECK(distance({after}, {answer(module, x, false)}) < 1e-5);
    if (slot.tensor->dim() > 0) CHECK_FALSE(after.equal(before));
  }
  module->train(true);
  (*module)(x);
  module->train(false);
  CHECK(distance({answer(module, x, true)}, {answer(module, x, false)}) < 1e-5);
}

TEST_CASE("where derivatives are recorded nothing is folded, and gradients reach every layer") {
  const Case one = cases()[0];
  const auto module = made(one);
  const at::Tensor x = batch(one);
  answer(module, x, true);
  (*module)(x).sum().backward();
  for (const auto& slot : nn::slots_of(*module)) {
    INFO(slot.name);
    if (slot.trained) CHECK(slot.tensor->grad().defined());
  }
}

TEST_CASE("a hook sees what its layer gives, not what is folded") {
  const Case one = cases()[0];
  const auto module = made(one);
  const at::Tensor x = batch(one);
  at::Tensor seen;
  const nn::ModulePtr norm = module->children()[1].module;
  const int number = norm->add_hook([&](nn::Module&, const nn::Flow&, nn::Flow& output) { seen = output.tensors[0]; });
  answer(module, x, true);
  CHECK(seen.lt(0).any().item<bool>());
  norm->remove_hook(number);
}

TEST_CASE("pictures of other channels are refused by the convolution that is folded") {
  const Case one = cases()[0];
  const auto module = made(one);
  CHECK_THROWS_WITH(answer(module, at::randn({2, 5, 20, 30}), true), Catch::Contains("with 3 channels"));
}

TEST_CASE("numbers that Lua changes by their address are not kept folded") {
  const tests::Scratch scratch("folded");
  write_file(scratch / "net.lua",
             "local lumir = require 'lumir'\n"
             "local nn, torch = lumir.nn, lumir.torch\n"
             "local net = nn.Sequential { nn.Conv2d(1, 2, 1, { bias = false }), nn.BatchNorm2d(2), nn.ReLU() }:eval()\n"
             "local numbers = net[1].weight:data()\n"
             "local function first()\n"
             "  return torch.no_grad(function() return net(torch.ones { 1, 1, 2, 2 })[1][1][1][1]:item() end)\n"
             "end\n"
             "numbers[0] = 1\n"
             "local before = first()\n"
             "numbers[0] = 3\n"
             "print(('%.3f'):format(first() / before))\n");
  CHECK(tests::run(scratch.folder(), "net.lua").out == "3.000\n");
}
