// Dropout by a kernel of our own: what is drawn, and its derivative.

#include <ATen/ops/dropout.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros_like.h>

#include "engine/nn/fused.h"

#include "core/parallel.h"
#include "nn/module.h"
#include "tensor/gradients.h"

using namespace lumir;
using tests::at_every_level, tests::distance, tests::Fused;

namespace {

nn::ModulePtr dropout(double p) { return nn::make_module("Dropout", {{"p", p}}); }

/// What a dropout leaves of x, drawn by a seed.
at::Tensor left(const at::Tensor& x, double p, uint64_t seed = 1) {
  at::manual_seed(seed);
  return (*dropout(p))(x);
}

}  // namespace

TEST_CASE("dropout leaves as many numbers as it says, scaled, at every processor level") {
  const at::Tensor ones = at::ones({300, 1001});
  const at::Tensor wanted = left(ones, 0.3);
  at_every_level([&] {
    for (const double p : {0.1, 0.3, 0.5, 0.9}) {
      const at::Tensor y = left(ones, p);
      const double share = y.ne(0).to(at::kDouble).mean().item<double>();
      CHECK(std::abs(share - (1 - p)) < 4 * std::sqrt(p * (1 - p) / 300300));
      CHECK(y.masked_select(y.ne(0)).sub(1 / (1 - p)).abs().max().item<double>() < 1e-6);
    }
    CHECK(left(ones, 0.3).equal(wanted));
    CHECK(left(ones.to(at::kDouble), 0.3).ne(0).equal(wanted.ne(0)));
  });
  CHECK(left(ones, 0).equal(ones));
  CHECK(left(ones, 1).equal(at::zeros_like(ones)));
}

TEST_CASE("what dropout leaves depends on the seed, and on no number of threads") {
  const at::Tensor x = at::ones({5, 200, 301});
  const int before = thread_count();
  set_thread_count(1);
  const at::Tensor alone = left(x, 0.5);
  set_thread_count(5);
  CHECK(left(x, 0.5).equal(alone));
  set_thread_count(before);
  CHECK_FALSE(left(x, 0.5, 2).equal(alone));
  const at::Tensor next = (*dropout(0.5))(x);
  CHECK_FALSE(next.equal((*dropout(0.5))(x)));
}

TEST_CASE("the derivative of dropout, and that of the derivative, go where numbers were left") {
  for (const bool turned : {false, true}) {
    at::Tensor x = at::randn({300, 70}, at::kDouble).requires_grad_(true);
    at::manual_seed(4);
    const at::Tensor y = (*dropout(0.4))(turned ? x.t() : x);
    const at::Tensor weights = at::randn(y.sizes(), y.options());
    const auto first =
        tensor::derivatives({(y.pow(2) * weights).sum()}, {x}, {}, {.create_graph = true}, false, "test");
    const at::Tensor mask = (turned ? y.t() : y).ne(0).to(at::kDouble) / 0.6, w = turned ? weights.t() : weights;
    CHECK(distance({first[0]}, {2 * w * mask * mask * x}) < 1e-10);
    first[0].sum().backward();
    CHECK(distance({x.grad()}, {2 * w * mask * mask}) < 1e-10);
  }
}

TEST_CASE("dropout that is turned off, or of few numbers, draws as LibTorch does; NaN stays NaN") {
  const at::Tensor x = at::ones({200, 300}), few = at::ones({64});
  const auto by_operator = [](const at::Tensor& of) {
    at::manual_seed(1);
    return at::dropout(of, 0.5, true);
  };
  {
    const Fused off(false);
    CHECK(left(x, 0.5).equal(by_operator(x)));
  }
  CHECK(left(few, 0.5).equal(by_operator(few)));
  CHECK_FALSE(left(x, 0.5).equal(by_operator(x)));
  CHECK(left(x * NAN, 0.5).isnan().all().item<bool>());
}
