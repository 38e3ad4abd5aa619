// Products by oneDNN against LibTorch's own, values and gradients, whatever the processor.

#include <ATen/ops/linear.h>

#include "engine/nn/trained.h"

#include "nn/module.h"
#include "nn/product.h"
#include "tensor/gradients.h"

using namespace lumir;
using tests::distance, tests::Fused, tests::weighted, tests::Tensors;

namespace {

struct Case {
  std::vector<int64_t> shape;
  int64_t outputs;
  bool has_bias = true, turned = false;
};

/// As many products as oneDNN is asked for, and fewer.
const std::vector<Case> kCases{{{1024, 96}, 192},    {{1024, 96}, 192, false},
                               {{4, 256, 192}, 128}, {{4, 256, 192}, 128, true, true},
                               {{3, 7}, 5},          {{9, 2}, 5000}};

Tensors arguments(const Case& one) {
  at::manual_seed(4);
  at::Tensor x = at::randn(one.shape);
  const int64_t inputs = x.size(-1);
  if (one.turned) x = x.transpose(0, 1);
  Tensors all{x, at::randn({one.outputs, inputs})};
  if (one.has_bias) all.push_back(at::randn({one.outputs}));
  for (auto& tensor : all) tensor = tensor.detach().requires_grad_(true);
  return all;
}

/// Large products are oneDNN's, until destroyed.
class ByOneDnn {
 public:
  ByOneDnn() : before_(nn::onednn_products()) { nn::use_onednn_products(true); }
  ~ByOneDnn() { nn::use_onednn_products(before_); }
  ByOneDnn(const ByOneDnn&) = delete;
  ByOneDnn& operator=(const ByOneDnn&) = delete;

 private:
  bool before_;
};

/// What comes out, and the gradients.
Tensors results(const Case& one, bool fused) {
  const Fused use(fused);
  const Tensors given = arguments(one);
  Tensors all{nn::product(given[0], given[1], one.has_bias ? given[2] : at::Tensor())};
  weighted(all).backward();
  for (const auto& tensor : given) all.push_back(tensor.grad());
  return all;
}

}  // namespace

TEST_CASE("products by oneDNN give LibTorch's values and gradients") {
  const ByOneDnn forced;
  for (const auto& one : kCases) {
    INFO(at::IntArrayRef(one.shape) << " to " << one.outputs);
    CHECK(distance(results(one, true), results(one, false)) < 1e-5);
  }
}

TEST_CASE("products by oneDNN have gradients of gradients") {
  const ByOneDnn forced;
  const auto twice = [](bool fused) {
    const Fused use(fused);
    const Tensors given = arguments(kCases[0]);
    const at::Tensor loss = nn::product(given[0], given[1], given[2]).pow(3).mean();
    const auto first = tensor::derivatives({loss}, {given[0]}, {}, {.create_graph = true}, false, "test");
    (first[0] * first[0]).sum().backward();
    return Tensors{first[0].detach(), given[1].grad()};
  };
  CHECK(distance(twice(true), twice(false)) < 1e-5);
}

TEST_CASE("weights after twenty steps by fused kernels are those of LibTorch's operators: a Transformer's layer") {
  const ByOneDnn forced;
  const auto trained = [](bool fused) {
    const Fused use(fused);
    at::manual_seed(3);
    const auto layer = nn::make_module("TransformerEncoderLayer", {{"d_model", 96},
                                                                   {"nhead", 3},
                                                                   {"dim_feedforward", 192},
                                                                   {"dropout", 0},
                                                                   {"activation", "gelu"},
                                                                   {"batch_first", true}});
    const at::Tensor x = at::randn({8, 128, 96});
    return tests::after_twenty_steps(layer, x, {{"lr", 0.05}, {"momentum", 0.9}}, 1e-6);
  };
  CHECK(distance(trained(true), trained(false)) < 1e-4);
}
