// Draws of effects on batches: their distribution, and that threads change nothing.

#include <algorithm>
#include <cmath>

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/randn.h>

// LibTorch has a CHECK of its own, so Catch stands behind it
#include <catch2/catch.hpp>

#include "augment/batch_effect.h"
#include "core/file.h"
#include "engine/golden_tensor.h"
#include "tensor/convert.h"
#include "tree.h"

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

/// Without which an effect draws nothing.
Map options_of(const std::string& name) {
  if (name == "RandomAffine") return {{"degrees", 10}, {"translate", List{0.1, 0.1}}, {"scale", List{0.9, 1.2}}};
  if (name == "Views")
    return {{"effects", List{Map{{"name", "augment.TimeShift"}}, Map{{"name", "augment.RandomErasing"}}}}};
  return {};
}

}  // namespace

TEST_CASE("effects on batches do with given draws what torchvision does") {
  const Value golden = from_json(read_file(std::string(LUMIR_ROOT) + "/tests/golden/nn/effects.json"), "effects.json");
  for (const auto& one : *golden.at("cases").list()) {
    INFO(*one["name"].text() << " " << show(one["options"]));
    at::manual_seed(static_cast<uint64_t>(*one["seed"].number()));
    const Batch batch{at::randn(testing::shape_of(one))};
    const BatchEffectPtr effect = make_batch_effect(*one["name"].text(), *one["options"].map());
    CHECK(testing::difference(effect->work(batch, *one["drawn"].map()).x, one["output"]) < 1e-5);
  }
}

TEST_CASE("every view of an example is changed by draws of its own, and targets come as often") {
  const Map options{{"effects", List{Map{{"name", "augment.TimeShift"}, {"options", Map{{"max_shift", 0.5}}}}}},
                    {"n", 3}};
  const BatchEffectPtr views = make_batch_effect("Views", options);
  const Batch batch = batch_of(8), all = (*views)(batch, {.seed = 1});
  CHECK(all.x.size(0) == 24);
  CHECK(all.y.equal(batch.y.repeat({3})));
  const auto view = [&](int64_t k) { return all.x.narrow(0, 8 * k, 8); };
  CHECK_FALSE(view(0).equal(view(1)));
  CHECK_FALSE(view(1).equal(view(2)));
  const Map drawn = views->draw(batch, {.seed = 1});
  CHECK(views->work(batch, drawn).x.equal(all.x));
  CHECK_THROWS_WITH(views->work(batch, {{"views", List{List{}}}}),
                    "Views: 'views' must have 1 draws for each view, got 0");
}

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
  for (const char* name : {"Mixup", "CutMix", "SpecAugment", "TimeShift", "FrequencyShift", "RandomErasing",
                           "RandomFlip", "RandomBrightness", "RandomAffine", "Views"}) {
    INFO(name);
    const BatchEffectPtr effect = make_batch_effect(name, options_of(name));
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

TEST_CASE("of a padded batch only what is true is mirrored or moved, and padding stays behind it") {
  using Numbers = std::vector<double>;
  Batch batch{tensor::from_doubles(Numbers{1, 2, 3, 4, 0, 0, 1, 2, 3, 4, 5, 6}, {2, 1, 1, 6})};
  batch.lengths = tensor::from_doubles(Numbers{4, 6}, {2}).to(at::kLong);
  const auto work = [&](const char* name, const Map& options, const Map& drawn) {
    const Batch changed = make_batch_effect(name, options)->work(batch, drawn);
    CHECK(changed.lengths.equal(batch.lengths));
    return tensor::to_doubles(changed.x.contiguous(), "test");
  };
  const Map mirrored{{"horizontal", List{true, true}}, {"vertical", List{false, false}}};
  CHECK(work("RandomFlip", {}, mirrored) == Numbers{4, 3, 2, 1, 0, 0, 6, 5, 4, 3, 2, 1});
  const Map later{{"shifts", List{1, 1}}};
  CHECK(work("TimeShift", {}, later) == Numbers{4, 1, 2, 3, 0, 0, 6, 1, 2, 3, 4, 5});
  CHECK(work("TimeShift", {{"rollover", false}}, later) == Numbers{1, 1, 2, 3, 0, 0, 1, 1, 2, 3, 4, 5});
  CHECK(work("FrequencyShift", {{"rollover", false}}, later) == Numbers{1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1});
  CHECK(tensor::to_doubles(batch.x, "test").front() == 1);  // nothing is changed in place

  batch.x = batch.x.reshape({2, 6, 1});  // [batch, time, features]: time is the dimension before the last
  const Map upside_down{{"horizontal", List{false, false}}, {"vertical", List{true, true}}};
  CHECK(work("RandomFlip", {}, upside_down) == Numbers{4, 3, 2, 1, 0, 0, 6, 5, 4, 3, 2, 1});
  batch.x = batch.x.reshape({2, 1, 6});
  CHECK(work("RandomFlip", {{"time_dim", 3}}, mirrored) == Numbers{4, 3, 2, 1, 0, 0, 6, 5, 4, 3, 2, 1});
}

TEST_CASE("shifts are drawn from what is true of an example, and RandomAffine refuses what is padded") {
  Batch batch = batch_of(64);
  batch.lengths = tensor::from_doubles(std::vector<double>(64, 4), {64}).to(at::kLong);
  const Map drawn = make_batch_effect("TimeShift", {{"max_shift", 0.5}})->draw(batch, {.seed = 1});
  for (const Value& shift : *drawn.at("shifts").list()) CHECK(std::abs(*shift.number()) <= 2);
  CHECK_THROWS_WITH((*make_batch_effect("RandomAffine", options_of("RandomAffine")))(batch, {.seed = 1}),
                    "RandomAffine: takes no padded batch ('lengths'): padding would be moved into what is true");
}

TEST_CASE("an effect on batches is built again from its description") {
  const BatchEffectPtr made = make_batch_effect("augment.SpecAugment", {{"time", 8}, {"value", "min"}});
  CHECK(made->show() == "SpecAugment { time = 8, value = 'min' }");
  CHECK(make_batch_effect(from_json(to_json(made->description()), "text"))->show() == made->show());
  CHECK_THROWS_WITH(make_batch_effect("MixUp", {}), "there is no effect on batches 'MixUp' (did you mean 'Mixup'?)");
}
