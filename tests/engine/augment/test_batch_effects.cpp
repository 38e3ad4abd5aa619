// Draws of effects on batches: their distribution, and that threads change nothing.

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>

#include "augment/batch_effect.h"
#include "tensor/convert.h"

using namespace lumir;
using namespace lumir::augment;

namespace {

Batch batch_of(int64_t n) {
  std::vector<double> values, classes;
  for (int64_t i = 0; i < n * 16 * 40; ++i) values.push_back(std::sin(static_cast<double>(i)));
  for (int64_t i = 0; i < n; ++i) classes.push_back(static_cast<double>(i % 5));
  return {tensor::from_doubles(values, {n, 1, 16, 40}).to(at::kFloat),
          tensor::from_doubles(classes, {n}).to(at::kLong),
          {},
          5};
}

}  // namespace

TEST_CASE("beta draws have the mean, the variance and the quartiles of the distribution") {
  Random random(1);
  for (const auto& [a, b, low, high] : {std::tuple{1.0, 1.0, 0.25, 0.75},          // even
                                        std::tuple{0.5, 0.5, 0.146447, 0.853553},  // sin^2 of pi / 8, 3 pi / 8
                                        std::tuple{2.0, 1.0, 0.5, 0.866025},       // roots of the shares
                                        std::tuple{0.2, 0.2, 0.023815, 0.976185}}) {
    constexpr int kDraws = 40000;
    std::vector<double> draws(kDraws);
    double sum = 0, squares = 0;
    for (double& draw : draws) {
      draw = draw_beta(random, a, b);
      sum += draw;
      squares += draw * draw;
    }
    std::sort(draws.begin(), draws.end());
    const double mean = sum / kDraws, variance = squares / kDraws - mean * mean;
    INFO("a = " << a << ", b = " << b);
    CHECK(draws.front() >= 0);
    CHECK(draws.back() <= 1);
    CHECK(mean == Approx(a / (a + b)).margin(0.01));
    CHECK(variance == Approx(a * b / ((a + b) * (a + b) * (a + b + 1))).epsilon(0.03));
    CHECK(draws[kDraws / 4] == Approx(low).margin(0.012));
    CHECK(draws[3 * kDraws / 4] == Approx(high).margin(0.012));
  }
  for (int i = 0; i < 100; ++i) CHECK(std::isfinite(draw_beta(random, 1e-5, 1e-5)));
}

TEST_CASE("effects on batches give the same with one thread and with four, and draw anew in each place") {
  for (const char* name : {"Mixup", "CutMix", "SpecAugment"}) {
    INFO(name);
    const BatchEffectPtr effect = make_batch_effect(name, {});
    const Batch batch = batch_of(64);
    const Context here{.seed = 3, .epoch = 7};
    const int threads = at::get_num_threads();
    at::set_num_threads(1);
    const Batch one = (*effect)(batch, here);
    at::set_num_threads(4);
    const Batch four = (*effect)(batch, here);
    at::set_num_threads(threads);
    CHECK(one.x.equal(four.x));
    CHECK(one.y.equal(four.y));
    CHECK_FALSE((*effect)(batch, {.seed = 3, .epoch = 8}).x.equal(one.x));
    CHECK_FALSE((*effect)(batch, {.seed = 4, .epoch = 7}).x.equal(one.x));
    CHECK(batch.x.equal(batch_of(64).x));
    if (one.y.dim() == 2) {
      for (const double sum : tensor::to_doubles(one.y.sum(1), "sums")) CHECK(sum == Approx(1));
    }
  }
}

TEST_CASE("an effect on batches is built again from its description") {
  const BatchEffectPtr made = make_batch_effect("augment.SpecAugment", {{"time", 8}, {"value", "min"}});
  CHECK(made->show() == "SpecAugment { time = 8, value = 'min' }");
  CHECK(make_batch_effect(from_json(to_json(made->description()), "text"))->show() == made->show());
  CHECK_THROWS_WITH(make_batch_effect("MixUp", {}), "there is no effect on batches 'MixUp' (did you mean 'Mixup'?)");
}
