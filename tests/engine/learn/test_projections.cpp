// k-means, mixtures, batches of components and UMAP find what scikit-learn and umap-learn find.

#include <algorithm>
#include <cmath>

#include <catch2/catch.hpp>

#include "core/parallel.h"
#include "engine/learn/blobs.h"
#include "engine/learn/trustworthiness.h"
#include "learn/silhouette.h"

using namespace lumir;
using namespace lumir::tests;

namespace {

Value expected(const std::string& name) {
  const std::string path = std::string(LUMIR_ROOT) + "/tests/golden/learn/projections.json";
  return from_json(read_file(path), path).at(name);
}

double number_of(const model::Estimator& estimator, const char* array) {
  return estimator.state().at(array).doubles().at(0);
}

}  // namespace

TEST_CASE("k-means finds middles as near to the rows as scikit-learn's") {
  const auto table = blobs(300, 10, 5, 1.0, 5);
  const auto means = estimator("KMeans", {{"n_clusters", 5}, {"n_init", 60}, {"seed", 1}});
  const Matrix distances = means->fit_transform(table.training());
  const Value golden = expected("k_means");
  CHECK(number_of(*means, "inertia") <= *golden.at("inertia").number());  // theirs is the best of twenty beginnings
  const auto labels = means->state().at("labels").doubles();
  for (size_t i = 0; i < 300; ++i) {
    const auto row = distances.row(i);
    CHECK(labels[i] == std::min_element(row.begin(), row.end()) - row.begin() + 1);
  }
  CHECK_THROWS_WITH(estimator("KMeans", {{"n_clusters", 301}})->fit(table.training()),
                    "KMeans: 'n_clusters' = 301 is more than the 300 rows");
}

TEST_CASE("groups stand apart as far as scikit-learn says") {
  const auto table = blobs(300, 10, 5, 1.0, 5);
  const Value golden = expected("k_means");
  CHECK(learn::silhouette_score("score", table.x, table.y) ==
        Approx(*golden.at("silhouette of classes").number()).epsilon(1e-9));
  CHECK_THROWS_WITH(learn::silhouette_score("score", table.x, std::vector<int>(300)),
                    "score: needs from 2 groups to one less than the 300 rows, got 1");
}

TEST_CASE("k-means keeps as many groups as were asked for where rows are alike") {
  Labelled table = blobs(20, 2, 2, 1.0, 5);
  for (size_t i = 0; i < 18; ++i) std::copy_n(table.x.row(0).begin(), 2, table.x.row(i).begin());
  const auto means = estimator("KMeans", {{"n_clusters", 3}, {"seed", 1}});
  means->fit(table.training());
  CHECK(number_of(*means, "inertia") == Approx(0).margin(1e-9));
}

TEST_CASE("a mixture is as likely as scikit-learn's, whatever shape its clouds may have") {
  const auto table = blobs(300, 6, 3, 0.6, 6);
  for (const char* type : {"full", "tied", "diag", "spherical"}) {
    INFO(type);
    const auto mixture = estimator("GaussianMixture", {{"n_components", 3},
                                                       {"covariance_type", type},
                                                       {"n_init", 30},
                                                       {"tol", 1e-8},
                                                       {"max_iter", 1000},
                                                       {"seed", 1}});
    const Matrix shares = mixture->fit_transform(table.training());
    const Value golden = expected("mixture").at(type);
    CHECK(number_of(*mixture, "lower_bound") == Approx(*golden.at("lower_bound").number()).epsilon(1e-4));
    auto weights = mixture->state().at("weights").doubles();
    std::sort(weights.begin(), weights.end());
    const auto theirs = numbers(golden.at("weights"));
    for (size_t c = 0; c < 3; ++c) CHECK(weights[c] == Approx(theirs[c]).margin(1e-3));
    for (size_t i = 0; i < shares.rows; ++i) CHECK(shares(i, 0) + shares(i, 1) + shares(i, 2) == Approx(1));
  }
}

TEST_CASE("components of batches are scikit-learn's") {
  const auto table = blobs(300, 10, 5, 1.0, 5);
  const auto pca = estimator("IncrementalPCA", {{"n_components", 3}, {"batch_size", 40}});
  const Matrix seen = pca->fit_transform(table.training());
  const Value golden = expected("incremental");
  for (const auto& [ours, theirs] :
       {std::pair{"explained_variance", "variance"}, {"explained_variance_ratio", "ratio"}, {"mean", "mean"}}) {
    const auto found = pca->state().at(ours).doubles(), wanted = numbers(golden.at(theirs));
    REQUIRE(found.size() == wanted.size());
    for (size_t c = 0; c < found.size(); ++c) CHECK(found[c] == Approx(wanted[c]).epsilon(1e-9));
  }
  const auto first = numbers(golden.at("first_row"));
  for (size_t c = 0; c < 3; ++c) CHECK(seen(0, c) == Approx(first[c]).epsilon(1e-9));
  CHECK_THROWS_WITH(estimator("IncrementalPCA", {{"n_components", 11}})->fit(table.training()),
                    "IncrementalPCA: 'n_components' = 11 is more than the 10 directions of a batch");
}

TEST_CASE("UMAP keeps neighbours as well as umap-learn, with as many threads as may be") {
  const auto table = blobs(300, 10, 5, 1.0, 5);
  double theirs = 0, ours = 0;
  for (const double value : numbers(expected("umap").at("trustworthiness"))) theirs += value / 3;
  const int before = thread_count();
  for (int seed = 0; seed < 3; ++seed) {
    const auto umap = estimator("UMAP", {{"seed", seed}});
    set_thread_count(1 + seed);
    const Matrix points = umap->fit_transform(table.training());
    ours += trustworthiness(table.x, points, 5) / 3;
    set_thread_count(3);
    CHECK(estimator("UMAP", {{"seed", seed}})->fit_transform(table.training()).values == points.values);
  }
  set_thread_count(before);
  CHECK(ours > theirs - 0.01);
  CHECK_THROWS_WITH(estimator("UMAP", {{"n_neighbors", 301}})->fit(table.training()),
                    "UMAP: 'n_neighbors' = 301 is more than the 300 rows");
}
