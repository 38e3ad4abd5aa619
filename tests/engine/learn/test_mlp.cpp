// MLP in float, where numbers in double would do: weights and options at their limits.

#include <catch2/catch.hpp>

#include "engine/learn/normal_rows.h"

using namespace lumir;
using namespace lumir::tests;

namespace {

/// The losses of a training in which every row has this weight.
std::vector<double> losses(double weight, Map options) {
  const Labelled table = normal_rows(3);
  model::Training training = table.training();
  const std::vector<double> weights(table.x.rows, weight);
  training.weights = weights;
  options["max_iter"] = 5;
  options["seed"] = 1;
  const auto mlp = estimator("MLP", options);
  mlp->fit(training);
  return mlp->state().at("loss_curve").doubles();
}

TEST_CASE("what all rows weigh changes nothing where no penalty stands beside them") {
  for (const char* solver : {"adam", "sgd"}) {
    const auto wanted = losses(1, {{"alpha", 0}, {"solver", solver}});
    for (const double weight : {1e30, 1e-50}) {
      INFO(solver << " " << weight);
      const auto got = losses(weight, {{"alpha", 0}, {"solver", solver}});
      REQUIRE(got.size() == wanted.size());
      for (size_t i = 0; i < got.size(); ++i) CHECK(got[i] == Approx(wanted[i]).epsilon(1e-4));
    }
  }
}

TEST_CASE("options that a float would round to 1 or to 0 are kept") {
  const auto wanted = losses(1, {{"beta_2", 0.9999999}}), same = losses(1, {{"beta_2", 0.99999999}});
  for (size_t i = 0; i < wanted.size(); ++i) CHECK(same[i] == Approx(wanted[i]).epsilon(1e-3));
  CHECK(losses(1, {{"epsilon", 1e-60}}).back() == Approx(losses(1, {{"epsilon", 1e-20}}).back()).epsilon(1e-4));
}

}  // namespace
