// Every kernel of our own that stands in for LibTorch's operators: that it runs, that LUMIR_FUSED=off keeps it from
// running, and that what comes out is the same.

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "engine/nn/fused.h"

#include "nn/module.h"
#include "signal/asked_kernels.h"
#include "tree.h"

using namespace lumir;
using tests::at_every_level, tests::distance, tests::Fused, tests::weighted, tests::Tensors;
namespace fs = std::filesystem;

namespace {

/// Names that sources under engine/nn say are kernels.
std::set<std::string> kernels_of_networks() {
  std::set<std::string> names;
  for (const auto& file : fs::directory_iterator(fs::path(LUMIR_ROOT) / "engine" / "nn")) {
    std::stringstream text;
    text << std::ifstream(file.path()).rdbuf();
    const std::string source = text.str();
    const std::regex mark("\nLUMIR_KERNEL\\((\\w+)\\)");
    for (std::sregex_iterator found(source.begin(), source.end(), mark), end; found != end; ++found) {
      names.insert((*found)[1]);
    }
  }
  return names;
}

Value layer(const std::string& name, Map options = {}) { return Map{{"name", "nn." + name}, {"options", options}}; }

nn::ModulePtr sequential(const List& layers) { return nn::make_module("Sequential", {{"modules", layers}}); }

struct Network {
  std::string name;
  std::function<nn::ModulePtr()> make;
  std::vector<int64_t> shape;
};

/// Such that all kernels have something to do.
std::vector<Network> networks() {
  // a bias before a norm has a derivative of zero, of which each way has other digits
  const Map three{{"in_channels", 32}, {"out_channels", 32}, {"kernel_size", 3}, {"padding", 1}, {"bias", false}};
  const Value wide = layer("Conv2d", three);
  const Value norm = layer("BatchNorm2d", {{"num_features", 32}});
  const Value halves = layer("MaxPool2d", {{"kernel_size", 2}});
  std::vector<Network> all{{"convolution, norm and bend",
                            [=] {
                              return sequential({wide, norm, layer("ReLU")});
                            },
                            {2, 32, 16, 16}},
                           {"convolution, norm, bend and pool",
                            [=] {
                              return sequential({wide, norm, layer("ELU"), halves});
                            },
                            {2, 32, 16, 16}}};
  for (const std::string name : {"LSTM", "GRU", "RNN"}) {
    const auto make = [=] {
      return nn::make_module(name, {{"input_size", 13}, {"hidden_size", 20}, {"batch_first", true}});
    };
    all.push_back({name, make, {5, 9, 13}});
  }
  return all;
}

/// What comes out, and the gradients.
Tensors results(const Network& network, at::ScalarType type, bool fused) {
  const Fused use(fused);
  at::manual_seed(3);
  const auto module = network.make();
  module->to({}, type);
  at::manual_seed(5);
  at::Tensor x = at::randn(network.shape).to(type);
  if (x.dim() == 4) x = x.contiguous(at::MemoryFormat::ChannelsLast);
  x.requires_grad_(true);
  Tensors all{(*module)(x)};
  weighted(all).backward();
  all.push_back(x.grad());
  for (const auto& slot : nn::slots_of(*module)) {
    if (slot.trained) all.push_back(slot.tensor->grad());
  }
  return all;
}

/// Names of kernels that steps of all these networks ask for; dropout draws otherwise than LibTorch, so it stands alone.
std::set<std::string> asked_for(bool fused) {
  const signal::AskedKernels asked;
  for (const auto type : {at::kFloat, at::kDouble}) {
    for (const auto& network : networks()) results(network, type, fused);
    const Fused use(fused);
    (*nn::make_module("Dropout", {{"p", 0.5}}))(at::randn({300, 1000}, type));
  }
  return asked.names();
}

}  // namespace

TEST_CASE("every kernel of networks runs, and none of them where they are off") {
  const auto asked = asked_for(true), off = asked_for(false);
  for (const auto& name : kernels_of_networks()) {
    INFO(name);
    CHECK(asked.contains(name));
    CHECK_FALSE(off.contains(name));
  }
}

TEST_CASE("networks of all kernels give LibTorch's values and gradients at every processor level") {
  at_every_level([] {
    for (const auto& network : networks()) {
      INFO(network.name);
      CHECK(distance(results(network, at::kFloat, true), results(network, at::kFloat, false)) < 1e-5);
      CHECK(distance(results(network, at::kDouble, true), results(network, at::kDouble, false)) < 1e-10);
    }
  });
}
