// PLDA scores as the definition of its model does.

#include <cmath>

#include <catch2/catch.hpp>

#include "engine/learn/blobs.h"

using namespace lumir;
using namespace lumir::tests;

namespace {

Value golden_plda() {
  const std::string path = std::string(LUMIR_ROOT) + "/tests/golden/learn/plda.json";
  return from_json(read_file(path), path);
}

struct Sides {
  Labelled train, test;
};

Sides sides() {
  const auto table = blobs(130, 6, 5, 1.0, 7);
  return {table.slice(0, 110), table.slice(110, 130)};
}

void check_scores(const model::EstimatorPtr& plda, const Matrix& x, const Value& expected) {
  const Matrix scores = plda->scores(x);
  for (size_t i = 0; i < scores.rows; ++i) {
    const auto row = numbers((*expected.list())[i]);
    for (size_t c = 0; c < row.size(); ++c) CHECK(scores(i, c) == Approx(row[c]).epsilon(1e-8).margin(1e-8));
  }
}

}  // namespace

TEST_CASE("PLDA's ratios of likelihoods are those of whole covariance matrices") {
  const auto [train, test] = sides();
  const auto plda = estimator("PLDA");
  plda->fit(train.training());
  const auto psi = plda->state().at("psi").doubles(), expected = numbers(golden_plda().at("psi"));
  for (size_t d = 0; d < psi.size(); ++d) CHECK(psi[d] == Approx(expected[d]).margin(1e-9));
  check_scores(plda, test.x, golden_plda().at("scores"));
}

TEST_CASE("PLDA's cosines are taken where the spread within classes is even") {
  const auto [train, test] = sides();
  const auto plda = estimator("PLDA", {{"scoring", "cosine"}});
  plda->fit(train.training());
  check_scores(plda, test.x, golden_plda().at("cosines"));
}

TEST_CASE("PLDA finds the variances that rows were drawn with") {
  Lcg random(11);
  const double within[] = {1, 4, 0.25}, between[] = {9, 1, 0};
  Labelled table{Matrix(4000, 3), {}, 400, {}};
  for (size_t c = 0; c < 400; ++c) {
    double middle[3];
    for (size_t j = 0; j < 3; ++j) middle[j] = std::sqrt(between[j]) * random.normal();
    for (size_t i = 0; i < 10; ++i) {
      for (size_t j = 0; j < 3; ++j) {
        table.x(c * 10 + i, j) = middle[j] + std::sqrt(within[j]) * random.normal();
      }
      table.y.push_back(static_cast<int>(c));
    }
  }
  const auto plda = estimator("PLDA");
  plda->fit(table.training());
  const auto psi = plda->state().at("psi").doubles();
  CHECK(psi[0] == Approx(9).epsilon(0.15));
  CHECK(psi[1] == Approx(0.25).epsilon(0.2));
  CHECK(psi[2] == Approx(0).margin(0.03));
  const auto few = estimator("PLDA", {{"n_components", 2}});
  few->fit(table.training());
  CHECK(few->transform(table.x).columns == 2);
}

TEST_CASE("PLDA refuses columns that depend on each other, in one line") {
  auto [train, test] = sides();
  for (size_t i = 0; i < train.x.rows; ++i) train.x(i, 1) = 2 * train.x(i, 0);
  CHECK_THROWS_WITH(estimator("PLDA")->fit(train.training()),
                    "PLDA: the columns depend on each other; PCA or LDA before it leaves fewer");
}
