// t-SNE ends as low as scikit-learn's and keeps neighbours as well.

#include <cmath>

#include <catch2/catch.hpp>

#include "core/parallel.h"
#include "engine/learn/blobs.h"
#include "engine/learn/trustworthiness.h"
#include "learn/tsne.h"

using namespace lumir;
using namespace lumir::tests;

TEST_CASE("t-SNE's divergence and trustworthiness are those of scikit-learn") {
  const auto table = blobs(300, 10, 5, 1.0, 5);
  const auto embedding = learn::tsne(table.x, {});
  for (const double theirs : numbers(golden("tsne").at("divergence"))) {
    CHECK(embedding.kl_divergence < 1.05 * theirs);
    CHECK(embedding.kl_divergence > 0.8 * theirs);
  }
  for (const double theirs : numbers(golden("tsne").at("trustworthiness"))) {
    CHECK(trustworthiness(table.x, embedding.points, 5) > theirs - 0.01);
  }
}

TEST_CASE("t-SNE keeps neighbours in a space at least as well as in the plane") {
  const auto table = blobs(300, 10, 5, 1.0, 5);
  learn::TSNEOptions options;
  options.n_components = 3;
  const auto space = learn::tsne(table.x, options), plane = learn::tsne(table.x, {});
  REQUIRE(space.points.columns == 3);
  CHECK(space.kl_divergence < plane.kl_divergence);
  CHECK(trustworthiness(table.x, space.points, 5) > trustworthiness(table.x, plane.points, 5));
  const auto estimator = tests::estimator("TSNE", {{"n_components", 3}, {"perplexity", 5}});
  CHECK(estimator->columns_out({}) == std::vector<std::string>{"tsne1", "tsne2", "tsne3"});
}

TEST_CASE("t-SNE does not depend on the number of threads") {
  const int before = thread_count();
  for (const int rows : {1100, 1700}) {  // by pairs, by a grid
    const auto table = blobs(rows, 6, 3, 1.0, 6);
    learn::TSNEOptions options;
    options.max_iter = 310;
    set_thread_count(1);
    const auto alone = learn::tsne(table.x, options).points.values;
    set_thread_count(3);
    CHECK(learn::tsne(table.x, options).points.values == alone);
    set_thread_count(before);
  }
}

TEST_CASE("t-SNE never gives NaN") {
  const auto finite = [](const Matrix& x, double perplexity) {
    learn::TSNEOptions options;
    options.perplexity = perplexity;
    const auto embedding = learn::tsne(x, options);
    for (const double value : embedding.points.values) REQUIRE(std::isfinite(value));
    CHECK(std::isfinite(embedding.kl_divergence));
  };
  finite(Matrix(40, 3, 1.0), 5);  // all rows equal
  Matrix twins = blobs(40, 3, 2, 1.0, 7).x;
  for (size_t i = 0; i < 30; ++i) std::copy_n(twins.row(0).begin(), 3, twins.row(i).begin());
  finite(twins, 5);  // many rows equal
  Matrix far = blobs(40, 3, 2, 1.0, 8).x;
  for (double& value : far.row(7)) value = 1e12;  // one row very far away
  finite(far, 5);
  finite(blobs(40, 1, 2, 1.0, 9).x, 39.5);  // one column, all rows as neighbours
  finite(blobs(3, 2, 2, 1.0, 9).x, 1);
}

TEST_CASE("t-SNE says what it cannot place") {
  const auto table = blobs(20, 3, 2, 1.0, 10);
  CHECK_THROWS_WITH(lumir::learn::tsne(table.x, {}), "TSNE: 'perplexity' = 30 must be below the 20 rows");
  const auto tsne = estimator("TSNE", {{"perplexity", 5}, {"n_components", 1}});
  const Matrix line = tsne->fit_transform(table.training());
  CHECK(line.columns == 1);
  CHECK_THROWS_WITH(tsne->transform(table.x), "TSNE: places only the rows that it is fitted on; call fit_transform");
  const auto loaded = estimator("TSNE", {{"perplexity", 5}, {"n_components", 1}});
  loaded->load(tsne->state());
  CHECK(loaded->state().at("embedding").doubles() == line.values);
  learn::TSNEOptions few;
  few.perplexity = 1;
  CHECK_THROWS_WITH(lumir::learn::tsne(table.x.take(std::vector{0, 1}), few),
                    "TSNE: needs at least three rows and one column, got 2 and 3");
  learn::TSNEOptions wild;
  wild.perplexity = 5;
  wild.learning_rate = 1e30;
  CHECK_THROWS_WITH(lumir::learn::tsne(table.x, wild),
                    Catch::Contains("is too large for these rows: the points ran away"));
}
