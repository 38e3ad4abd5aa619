// Scalers and selection agree with scikit-learn and say clearly what they cannot take.

#include <cmath>

#include <catch2/catch.hpp>

#include "engine/learn/blobs.h"

using namespace lumir;
using namespace lumir::tests;

namespace {

void check_near(const std::vector<double>& values, const std::vector<double>& expected) {
  REQUIRE(values.size() == expected.size());
  for (size_t i = 0; i < values.size(); ++i) CHECK(values[i] == Approx(expected[i]).epsilon(1e-10).margin(1e-12));
}

}  // namespace

TEST_CASE("scalers measure what scikit-learn measures") {
  const auto table = blobs(60, 6, 3, 1.0, 1);
  const Value expected = golden("scalers");
  const auto robust = estimator("RobustScaler");
  robust->fit(table.training());
  check_near(robust->state().at("center").doubles(), numbers(expected.at("center")));
  check_near(robust->state().at("scale").doubles(), numbers(expected.at("scale")));

  const auto wide = estimator("RobustScaler", {{"quantile_range", List{10, 90}}, {"unit_variance", true}});
  wide->fit(table.training());
  check_near(wide->state().at("scale").doubles(), numbers(expected.at("wide_scale")));

  const auto standard = estimator("StandardScaler");
  const Matrix scaled = standard->fit_transform(table.training());
  check_near(standard->state().at("center").doubles(), numbers(expected.at("mean")));
  check_near(standard->state().at("scale").doubles(), numbers(expected.at("deviation")));
  double sum = 0, squares = 0;
  for (size_t i = 0; i < scaled.rows; ++i) {
    sum += scaled(i, 2);
    squares += scaled(i, 2) * scaled(i, 2);
  }
  CHECK(sum == Approx(0).margin(1e-10));
  CHECK(squares == Approx(60));
}

TEST_CASE("a constant column stays 0 and is not divided by 0") {
  Labelled table = blobs(20, 3, 2, 1.0, 1);
  for (size_t i = 0; i < 20; ++i) table.x(i, 1) = 0.1;
  for (const char* name : {"StandardScaler", "RobustScaler"}) {
    const Matrix scaled = estimator(name)->fit_transform(table.training());
    for (size_t i = 0; i < 20; ++i) CHECK(scaled(i, 1) == Approx(0).margin(1e-12));
  }
}

TEST_CASE("SelectKBest finds scikit-learn's F values and columns") {
  const auto table = blobs(150, 30, 4, 1.5, 2);
  const auto select = estimator("SelectKBest", {{"k", 10}});
  const Matrix chosen = select->fit_transform(table.training());
  check_near(select->state().at("f_values").doubles(), numbers(golden("select").at("scores")));
  CHECK(select->state().at("chosen").doubles() == numbers(golden("select").at("chosen")));
  CHECK(chosen.columns == 10);
  std::vector<std::string> names;
  for (int i = 0; i < 30; ++i) names.push_back("c" + std::to_string(i));
  CHECK(select->columns_out(names).front() == "c" + show_number(numbers(golden("select").at("chosen")).front()));
  const auto all = estimator("SelectKBest", {{"k", "all"}});
  CHECK(all->fit_transform(table.training()).values == table.x.values);
}

TEST_CASE("a constant column is the last to be chosen") {
  Labelled table = blobs(40, 4, 2, 1.0, 3);
  for (size_t i = 0; i < 40; ++i) table.x(i, 0) = 3;
  const auto select = estimator("SelectKBest", {{"k", 3}});
  select->fit(table.training());
  CHECK(select->state().at("chosen").doubles() == std::vector<double>{1, 2, 3});
}

TEST_CASE("a loaded transformer changes rows as the saved one did") {
  const auto table = blobs(50, 8, 3, 1.0, 4);
  for (const auto& [name, options] : std::vector<std::pair<std::string, Map>>{
           {"StandardScaler", {}}, {"RobustScaler", {}}, {"SelectKBest", {{"k", 3}}}, {"PCA", {{"n_components", 3}}}}) {
    const auto fitted = estimator(name, options);
    fitted->fit(table.training());
    const auto loaded = estimator(name, options);
    CHECK_FALSE(loaded->fitted());
    loaded->load(fitted->state());
    CHECK(loaded->fitted());
    CHECK(loaded->transform(table.x).values == fitted->transform(table.x).values);
    CHECK_THROWS_AS(estimator(name, options)->load({}), Error);
  }
}

TEST_CASE("transformers name the row, the column and the rule that they cannot work with") {
  Labelled table = blobs(30, 5, 2, 1.0, 5);
  CHECK_THROWS_WITH(estimator("SelectKBest", {{"k", 100}})->fit(table.training()),
                    "SelectKBest: 'k' = 100 is more than the 5 columns");
  CHECK_THROWS_WITH(estimator("SelectKBest", {{"k", 1.5}}), "SelectKBest: 'k' must be an integer, got 1.5");
  CHECK_THROWS_WITH(estimator("SelectKBest", {{"k", "al"}}),
                    "SelectKBest: 'k' = 'al' is none of 'all' (did you mean 'all'?)");
  CHECK_THROWS_WITH(estimator("RobustScaler")->transform(table.x), "RobustScaler: is not fitted yet; call fit first");
  CHECK_THROWS_WITH(estimator("RobustScaler", {{"quantile_range", List{75, 25}}}),
                    "RobustScaler: 'quantile_range' must be two numbers in ascending order, got { 75, 25 }");
  const auto scaler = estimator("RobustScaler");
  scaler->fit(table.training());
  CHECK_THROWS_WITH(scaler->transform(Matrix(2, 4)), "RobustScaler: was fitted on 5 columns, got 4");
  table.x(16, 2) = NAN;
  CHECK_THROWS_WITH(scaler->fit(table.training()),
                    "RobustScaler: column 3 holds NaN in row 17 (SimpleImputer before it fills in what is missing)");
  table.x(16, 2) = INFINITY;
  CHECK_THROWS_WITH(scaler->transform(table.x), "RobustScaler: column 3 holds an infinite number in row 17");
  for (int& label : table.y) label = 1;
  table.x(16, 2) = 0;
  CHECK_THROWS_WITH(estimator("SelectKBest", {{"k", 1}})->fit(table.training()),
                    "SelectKBest: needs at least two classes, got one (class 2)");
  CHECK_THROWS_WITH(model::make_estimator("RobustScalar", {}),
                    "no estimator is called 'RobustScalar' (did you mean 'RobustScaler'?)");
}

TEST_CASE("scalers refuse columns whose squares are no numbers, and a threshold of variances keeps them") {
  for (const double size : {1e155, 1e300, 1.7e308}) {
    Labelled large = blobs(30, 5, 2, 1.0, 5);
    for (size_t i = 0; i < large.x.rows; ++i) large.x(i, 2) = size * (i % 3 == 0 ? -1 : 0.5 + 0.01 * double(i));
    INFO(size);
    for (const char* name : {"StandardScaler", "PowerTransformer"}) {
      CHECK_THROWS_WITH(estimator(name)->fit(large.training()),
                        Catch::Contains("of column 3 is not finite; the column's numbers are too large for it"));
    }
    CHECK(estimator("VarianceThreshold")->fit_transform(large.training()).columns == 5);
  }
}

TEST_CASE("PCA finds scikit-learn's directions, signs included") {
  const auto table = blobs(150, 30, 4, 1.5, 2);
  const auto pca = estimator("PCA", {{"n_components", 3}});
  const Matrix projected = pca->fit_transform(table.training());
  const Value expected = golden("pca");
  check_near(pca->state().at("explained_variance").doubles(), numbers(expected.at("variance")));
  check_near(pca->state().at("explained_variance_ratio").doubles(), numbers(expected.at("ratio")));
  const auto first = numbers(expected.at("first_row"));
  for (size_t c = 0; c < 3; ++c) CHECK(projected(0, c) == Approx(first[c]));

  for (const char* solver : {"full", "covariance_eigh", "randomized"}) {
    INFO(solver);
    const auto other = estimator(
        "PCA",
        {{"n_components", 3}, {"svd_solver", solver}, {"iterated_power", 20}, {"seed", 1}, {"n_oversamples", 24}});
    const Matrix seen = other->fit_transform(table.training());
    for (size_t i = 0; i < seen.values.size(); ++i) CHECK(seen.values[i] == Approx(projected.values[i]).margin(1e-6));
    check_near(other->state().at("explained_variance_ratio").doubles(), numbers(expected.at("ratio")));
  }
  Labelled large = blobs(60, 3, 2, 1.0, 2);
  for (double& value : large.x.values) value *= 1e200;
  CHECK_THROWS_WITH(estimator("PCA")->fit(large.training()),
                    "PCA: variances are not finite; the columns' numbers are too large for it");
  for (double& value : large.x.values) value = std::copysign(1.7e308, value);
  for (const char* solver : {"auto", "full", "covariance_eigh", "randomized"}) {
    CHECK_THROWS_WITH(estimator("PCA", {{"svd_solver", solver}, {"n_components", 1}})->fit(large.training()),
                      "PCA: variances are not finite; the columns' numbers are too large for it");
  }
  CHECK_THROWS_WITH(estimator("PCA", {{"svd_solver", "randomized"}}),
                    "PCA: svd_solver = 'randomized' needs a number of directions in 'n_components'");

  const Matrix white = estimator("PCA", {{"n_components", 2}, {"whiten", true}})->fit_transform(table.training());
  double squares = 0;
  for (size_t i = 0; i < white.rows; ++i) squares += white(i, 1) * white(i, 1);
  CHECK(squares == Approx(149));
  const auto share = numbers(expected.at("ratio"));
  CHECK(estimator("PCA", {{"n_components", share[0] + 1e-6}})->fit_transform(table.training()).columns == 2);
  CHECK_THROWS_WITH(estimator("PCA", {{"n_components", 31}})->fit(table.training()),
                    "PCA: 'n_components' = 31 is more than the 30 directions of these rows and columns");
}

TEST_CASE("F values keep their digits: offsets, constant columns and perfect ones") {
  // scipy.stats.f_oneway (scipy 1.17.1) of the three classes; a huge offset or scale changes nothing
  const std::vector<double> plain{1, 2, 4, 3, 5, 7, 9, 8, 8.5};
  Labelled table{Matrix(9, 5), {0, 0, 0, 1, 1, 1, 2, 2, 2}, 3, {}};
  const std::vector<double> perfect{3.1, 90.7, 700.3};
  for (size_t i = 0; i < 9; ++i) {
    table.x(i, 0) = plain[i];
    table.x(i, 1) = plain[i] + 1e8;
    table.x(i, 2) = plain[i] * 1e200;
    table.x(i, 3) = 0.1;
    table.x(i, 4) = perfect[i / 3];
  }
  const auto select = estimator("SelectKBest", {{"k", 1}});
  select->fit(table.training());
  const auto f = select->state().at("f_values").doubles();
  CHECK(f[0] == Approx(13.075949367088603).epsilon(1e-12));
  CHECK(f[1] == Approx(f[0]).epsilon(1e-12));
  CHECK(f[2] == Approx(f[0]).epsilon(1e-12));
  CHECK(std::isnan(f[3]));
  CHECK(std::isinf(f[4]));
  CHECK(select->state().at("chosen").doubles() == std::vector<double>{4});
}
