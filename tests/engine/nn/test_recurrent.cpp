// Kernels of recurrent layers against LibTorch's operators: values, gradients, gradients of gradients, at every level.

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/tensor.h>

#include <catch2/catch.hpp>

#include "core/parallel.h"
#include "engine/nn/fused.h"
#include "nn/module.h"
#include "optim/optimizer.h"
#include "program.h"
#include "signal/kernel.h"
#include "tensor/fused.h"
#include "tensor/gradients.h"

using namespace lumir;
using nn::Flow;
using tests::at_every_level, tests::distance, tests::Fused, tests::weighted, tests::Tensors;

namespace {

struct Case {
  std::string name;
  Map options;
  int batch = 1, frames = 1;
  std::vector<int64_t> lengths = {};
  bool states = false;  // are given
};

Map sizes(int inputs, int hidden, Map more = {}) {
  more["input_size"] = inputs;
  more["hidden_size"] = hidden;
  return more;
}

/// Sizes that fill no register, and some that do; one sequence, and more than a piece has.
std::vector<Case> cases() {
  std::vector<Case> all;
  for (const std::string name : {"LSTM", "GRU", "RNN"}) {
    all.push_back({name, sizes(13, 64, {{"num_layers", 2}, {"batch_first", true}}), 9, 7});
    all.push_back({name, sizes(1, 5), 1, 4, {}, true});
    all.push_back({name, sizes(20, 16, {{"bidirectional", true}, {"num_layers", 2}}), 21, 6, {}, true});
    all.push_back({name, sizes(3, 33, {{"bias", false}, {"batch_first", true}}), 5, 50});
    const Map ragged{{"bidirectional", true}, {"num_layers", 2}, {"dropout", 0.5}, {"batch_first", true}};
    all.push_back({name, sizes(17, 24, ragged), 10, 6, {3, 6, 1, 5, 5, 2, 6, 4, 1, 3}, true});
    all.push_back({name, sizes(4, 8, {{"dropout", 0.3}, {"num_layers", 3}, {"batch_first", true}}), 4, 5});
  }
  all.push_back({"RNN", sizes(6, 10, {{"nonlinearity", "relu"}}), 3, 9});
  return all;
}

nn::ModulePtr made(const Case& one, at::ScalarType type) {
  at::manual_seed(3);
  const auto module = nn::make_module(one.name, one.options);
  module->to({}, type);
  return module;
}

/// x, and the states where they are given.
Flow heard(const Case& one, at::ScalarType type) {
  at::manual_seed(5);
  const auto options = at::TensorOptions(type);
  const auto number = [&](const std::string& name, int64_t otherwise) {
    const auto found = one.options.find(name);
    return found == one.options.end() ? otherwise : static_cast<int64_t>(*found->second.number());
  };
  const auto is = [&](const std::string& name) {
    return one.options.contains(name) && *one.options.at(name).boolean();
  };
  const int64_t inputs = number("input_size", 1), outermost = is("batch_first") ? one.batch : one.frames;
  Flow flow{{at::randn({outermost, one.batch + one.frames - outermost, inputs}, options)}};
  const int64_t layers = number("num_layers", 1) * (is("bidirectional") ? 2 : 1);
  for (int i = 0; one.states && i < (one.name == "LSTM" ? 2 : 1); ++i) {
    flow.tensors.push_back(at::randn({layers, one.batch, number("hidden_size", 1)}, options));
  }
  for (auto& tensor : flow.tensors) tensor.requires_grad_(true);
  if (!one.lengths.empty()) flow.named["lengths"] = at::tensor(one.lengths);
  return flow;
}

/// What comes out, then the gradients of all that went in, weights included.
Tensors results(const Case& one, at::ScalarType type, bool fused) {
  const Fused use(fused);
  const auto module = made(one, type);
  const Flow input = heard(one, type);
  at::manual_seed(7);  // of dropout
  Tensors all = (*module)(input).tensors;
  weighted(all).backward();
  for (const auto& tensor : input.tensors) all.push_back(tensor.grad());
  for (const auto& slot : nn::slots_of(*module)) all.push_back(slot.tensor->grad());
  return all;
}

}  // namespace

TEST_CASE("recurrent kernels give LibTorch's values and gradients at every processor level") {
  at_every_level([] {
    for (const auto& one : cases()) {
      INFO(nn::make_module(one.name, one.options)->show());
      CHECK(distance(results(one, at::kFloat, true), results(one, at::kFloat, false)) < 1e-5);
      CHECK(distance(results(one, at::kDouble, true), results(one, at::kDouble, false)) < 1e-10);
    }
  });
}

TEST_CASE("recurrent kernels are what runs, unless they are off") {
  const Case one{"GRU", sizes(3, 4, {{"batch_first", true}}), 2, 5};
  const auto in_rows = [&](bool fused) {  // LibTorch's operators put frame behind frame, and turn that
    const Fused use(fused);
    return (*made(one, at::kFloat))(heard(one, at::kFloat)).tensors[0].is_contiguous();
  };
  CHECK(in_rows(true));
  CHECK_FALSE(in_rows(false));

  const tests::Scratch scratch("fused");
  write_file(scratch / "net.lua",
             "local t, nn = require('lumir').torch, require('lumir').nn\n"
             "print(nn.GRU(2, 3)(t.randn(4, 1, 2)).shape[1])");
  CHECK(tests::run(scratch.folder(), "net.lua").out == "4\n");
  setenv("LUMIR_FUSED", "perhaps", 1);
  CHECK_THAT(tests::run(scratch.folder(), "net.lua").err,
             Catch::Contains("LUMIR_FUSED = 'perhaps' is neither 'on' nor 'off'"));
  unsetenv("LUMIR_FUSED");
}

TEST_CASE("recurrent kernels give the same bits by any number of threads") {
  const int before = thread_count();
  for (const auto& one : cases()) {
    INFO(nn::make_module(one.name, one.options)->show());
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

TEST_CASE("five to eight sequences are worked out as four and the rest, each by itself, whose gradients are added") {
  for (const std::string name : {"LSTM", "GRU", "RNN"}) {
    for (int64_t batch = 5; batch <= 8; ++batch) {
      INFO(name << ", " << batch);
      const Case one{name, sizes(13, 24, {{"batch_first", true}}), static_cast<int>(batch), 9};
      const at::Tensor x = heard(one, at::kFloat).tensors[0].detach(), slopes = at::randn({batch, 9, 24});
      // what comes out of some sequences, then the gradients of the weights.
      const auto results_of = [&](int64_t first, int64_t last) {
        const auto module = made(one, at::kFloat);
        const at::Tensor y = (*module)(Flow{{x.slice(0, first, last)}}).tensors[0];
        y.backward(slopes.slice(0, first, last));
        Tensors all{y.detach()};
        for (const auto& slot : nn::slots_of(*module)) all.push_back(slot.tensor->grad());
        return all;
      };
      const Tensors whole = results_of(0, batch), four = results_of(0, 4), rest = results_of(4, batch);
      CHECK(whole[0].equal(at::cat({four[0], rest[0]})));
      REQUIRE(whole.size() == 5);
      for (size_t i = 1; i < whole.size(); ++i) CHECK(whole[i].equal(four[i] + rest[i]));
    }
  }
}

TEST_CASE("gradients of gradients go through recurrent kernels") {
  const auto twice = [](const Case& one, bool fused) {
    const Fused use(fused);
    const auto module = made(one, at::kDouble);
    const Flow input = heard(one, at::kDouble);
    const at::Tensor loss = weighted((*module)(input).tensors);
    const auto first = tensor::derivatives({loss}, {input.tensors[0]}, {}, {.create_graph = true}, false, "test");
    (first[0] * first[0]).sum().backward();
    Tensors all{first[0].detach(), input.tensors[0].grad()};
    for (const auto& slot : nn::slots_of(*module)) {
      if (slot.tensor->grad().defined()) all.push_back(slot.tensor->grad());
    }
    return all;
  };
  for (const std::string name : {"LSTM", "GRU", "RNN"}) {
    INFO(name);
    const Case one{name, sizes(3, 6, {{"num_layers", 2}, {"bidirectional", true}}), 3, 5};
    const Tensors wanted = twice(one, false);
    REQUIRE(wanted.size() > 10);
    CHECK(distance(twice(one, true), wanted) < 1e-10);
  }
}

TEST_CASE("weights after twenty steps are those of LibTorch's operators") {
  const auto trained = [](const std::string& name, bool fused) {
    const Fused use(fused);
    const Case one{name, sizes(13, 32, {{"num_layers", 2}, {"batch_first", true}}), 8, 40};
    const auto module = made(one, at::kFloat);
    const Flow input = heard(one, at::kFloat);
    std::vector<optim::NamedTensor> parameters;
    for (const auto& slot : nn::slots_of(*module)) parameters.push_back({slot.name, *slot.tensor});
    const auto adam = optim::make_optimizer("Adam", {})->bind(parameters);
    for (int step = 0; step < 20; ++step) adam->minimize((*module)(input).tensors[0].pow(2).mean(), {});
    Tensors weights;
    for (const auto& slot : nn::slots_of(*module)) weights.push_back(slot.tensor->detach());
    return weights;
  };
  for (const std::string name : {"LSTM", "GRU", "RNN"}) {
    INFO(name);
    CHECK(distance(trained(name, true), trained(name, false)) < 1e-4);
  }
}

TEST_CASE("NaN in a sequence comes out of recurrent kernels, in that sequence alone") {
  const Case one{"LSTM", sizes(2, 3, {{"batch_first", true}}), 3, 4};
  Flow input = heard(one, at::kFloat);
  input.tensors[0] = input.tensors[0].detach();
  input.tensors[0][1][2][0] = NAN;
  const at::Tensor output = (*made(one, at::kFloat))(input).tensors[0];
  CHECK(output[0].isfinite().all().item<bool>());
  CHECK(output[1].slice(0, 0, 2).isfinite().all().item<bool>());
  CHECK(output[1].slice(0, 2).isnan().all().item<bool>());
  CHECK(output[2].isfinite().all().item<bool>());
}
