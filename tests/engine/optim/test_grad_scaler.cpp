// Scaled losses: on the CPU, whose control flow is that of a GPU.

#include <ATen/TensorOperators.h>

#include "optim_cases.h"

#include "optim/grad_scaler.h"

using namespace lumir;
using namespace lumir::optim;
using namespace lumir::tests::optim_cases;

namespace {

/// One weight, whose loss is `slope` times it.
struct Line {
  at::Tensor w = at::ones({1}).requires_grad_(true);
  OptimizerPtr sgd = make_optimizer("SGD", {{"lr", 0.5}})->bind({{"w", w}});
  at::Tensor loss(double slope) const { return (w * slope).sum(); }
  double value() const { return w.detach().item<double>(); }
};

MinimizeOptions by(const GradScalerPtr& scaler, int accumulate = 1) {
  MinimizeOptions options;
  options.scaler = scaler;
  options.accumulate = accumulate;
  return options;
}

GradScalerPtr scaler_of(ScalerOptions options = {}) { return std::make_shared<GradScaler>(options); }

}  // namespace

TEST_CASE("a step with a scaler is the step without, whatever the factor") {
  for (const double factor : {1.0, 65536.0}) {
    const Line plain, scaled;
    MinimizeOptions clipped = by({}), both = by(scaler_of({.init_scale = factor}));
    clipped.clip_norm = both.clip_norm = 0.125;
    plain.sgd->minimize(plain.loss(0.25), clipped);
    scaled.sgd->minimize(scaled.loss(0.25), both);
    CHECK(scaled.value() == plain.value());
    CHECK(scaled.sgd->grad_norm() == 0.25);
    CHECK(scaled.sgd->last_loss() == 0.25);
  }
}

TEST_CASE("where a scaled gradient is infinite no step is made, and the factor shrinks until it fits") {
  const Line line;
  const auto scaler = scaler_of();
  for (int i = 0; i < 8; ++i) {  // 2^16 to 2^8, under the largest float of 3.4e38
    line.sgd->minimize(line.loss(1e36), by(scaler));
    CHECK(line.value() == 1);
  }
  CHECK(scaler->factor() == 256);
  CHECK(scaler->skipped() == 8);
  line.sgd->minimize(line.loss(1e36), by(scaler));
  CHECK(line.value() == Approx(-0.5e36));
  CHECK(scaler->skipped() == 8);
}

TEST_CASE("after steps enough in a row the factor grows; one that is skipped begins the row anew") {
  const Line line;
  const auto scaler = scaler_of({.init_scale = 4, .growth_factor = 3, .growth_interval = 2});
  const auto step = [&](double slope) { line.sgd->minimize(line.loss(slope), by(scaler)); };
  step(0);
  step(1e38);
  CHECK(scaler->factor() == 2);
  step(0);
  CHECK(scaler->factor() == 2);
  const State state = scaler->state();
  step(0);
  CHECK(scaler->factor() == 6);
  scaler->load_state(state, "load_state_dict");
  CHECK(scaler->factor() == 2);
  step(0);
  CHECK(scaler->factor() == 6);
  CHECK(problem([&] { scaler->load_state({}, "load_state_dict"); }) ==
        "load_state_dict: has no array 'growth_tracker'");
}

TEST_CASE("a loop by hand divides once: unscale, step, update") {
  const Line line;
  const auto scaler = scaler_of();
  scaler->scale(line.loss(0.25)).backward();
  CHECK(scaler->unscale(*line.sgd));
  CHECK(line.w.grad().item<double>() == 0.25);
  CHECK(problem([&] { scaler->unscale(*line.sgd); }) ==
        "unscale: the gradients of this SGD are divided already; update comes first");
  CHECK(scaler->step(*line.sgd));
  CHECK(line.value() == 0.875);
  CHECK(problem([&] { scaler->step(*line.sgd); }) == "step: this SGD has made its step already; update comes first");
  CHECK(line.value() == 0.875);
  scaler->update();
  CHECK(problem([&] { scaler->update(); }) == "update: no step was made since the last one");
}

TEST_CASE("gradients of several losses are added up before they are divided") {
  const Line plain, scaled;
  const auto scaler = scaler_of();
  for (const double slope : {0.25, 0.75}) {
    plain.sgd->minimize(plain.loss(slope), by({}, 2));
    scaled.sgd->minimize(scaled.loss(slope), by(scaler, 2));
  }
  CHECK(scaled.value() == plain.value());
  CHECK(scaled.value() == 0.75);
}

TEST_CASE("what a scaler knows of an optimiser is not said of another that lies where it lay") {
  const auto scaler = scaler_of();
  for (int i = 0; i < 20; ++i) {
    const Line line;  // gone at the end of the turn: memory hands its place on
    scaler->scale(line.loss(0.25)).backward();
    CHECK(scaler->unscale(*line.sgd));
    CHECK(line.w.grad().item<double>() == 0.25);
  }
  scaler->update();
  CHECK(scaler->skipped() == 0);
}

TEST_CASE("gradients of several types are divided together") {
  const at::Tensor w = at::ones({2}).requires_grad_(true), v = at::ones({2}, at::kDouble).requires_grad_(true);
  const auto sgd = make_optimizer("SGD", {{"lr", 0.5}})->bind({{"w", w}, {"v", v}});
  const auto scaler = scaler_of();
  scaler->scale((w * 0.25).sum() + (v * 0.75).sum()).backward();
  CHECK(scaler->step(*sgd));
  CHECK(w.sum().item<double>() == 1.75);
  CHECK(v.sum().item<double>() == 1.25);
}
