// I-vectors are those of the definition of their model.

#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

#include "engine/learn/blobs.h"

using namespace lumir;
using namespace lumir::tests;

namespace {

constexpr size_t kRecordings = 40, kFrames = 30, kWidth = 3;

/// Those of tests/golden/learn/i_vector.py: two clouds that move along two directions from recording to
/// recording.
Matrix recordings() {
  Lcg random(17);
  const double middles[2][kWidth] = {{-6, 0, 2}, {6, 1, -2}};
  double ways[2][2][kWidth];
  for (auto& way : ways) {
    for (auto& cloud : way) {
      for (double& number : cloud) number = random.normal();
    }
  }
  Matrix x(kRecordings, kFrames * kWidth, std::numeric_limits<double>::quiet_NaN());
  for (size_t i = 0; i < x.rows; ++i) {
    const double first = random.normal(), second = 0.7 * random.normal();
    for (size_t t = 0; t < kFrames - i % 7; ++t) {
      const size_t c = random.uniform() < 0.4 ? 0 : 1;
      for (size_t j = 0; j < kWidth; ++j) {
        x(i, t * kWidth + j) = middles[c][j] + first * ways[0][c][j] + second * ways[1][c][j] + random.normal();
      }
    }
  }
  return x;
}

model::EstimatorPtr small(const Map& more = {}) {
  Map options{{"n_components", 2}, {"dimension", 2}, {"n_features", static_cast<double>(kWidth)}, {"seed", 3}};
  for (const auto& [name, value] : more) options[name] = value;
  return estimator("IVector", options);
}

Labelled table() { return {recordings(), {}, 0, {}}; }

Value golden_file() {
  const std::string path = std::string(LUMIR_ROOT) + "/tests/golden/learn/i_vector.json";
  return from_json(read_file(path), path);
}

}  // namespace

TEST_CASE("i-vectors have the products with each other that the definition in whole matrices gives") {
  const auto vectors = small({{"rounds", 500}, {"tol", 1e-12}, {"max_iter", 5000}});
  const Matrix found = vectors->fit_transform(table().training());
  const Value golden = golden_file().at("products");
  for (size_t i = 0; i < found.rows; ++i) {
    const auto expected = numbers((*golden.list())[i]);
    for (size_t k = 0; k < found.rows; ++k) {
      const double product = found(i, 0) * found(k, 0) + found(i, 1) * found(k, 1);
      CHECK(product == Approx(expected[k]).epsilon(1e-5).margin(1e-5));
    }
  }
}

TEST_CASE("the first number of an i-vector varies most from recording to recording") {
  const auto vectors = small();
  const Matrix found = vectors->fit_transform(table().training());
  double squares[2] = {0, 0};
  for (size_t i = 0; i < found.rows; ++i) {
    for (size_t d = 0; d < 2; ++d) squares[d] += found(i, d) * found(i, d);
  }
  CHECK(squares[0] > squares[1]);
}

TEST_CASE("an i-vector does not depend on the recordings beside it, nor on frames without numbers between its own") {
  const auto vectors = small();
  const Labelled all = table();
  const Matrix together = vectors->fit_transform(all.training());
  const auto check_alone = [&](const Matrix& row, size_t i) {
    const Matrix alone = vectors->transform(row);
    for (size_t d = 0; d < 2; ++d) CHECK(alone(0, d) == Approx(together(i, d)).epsilon(1e-9));
  };
  check_alone(all.x.take(std::vector<int>{7}), 7);
  Matrix later(1, all.x.columns, std::numeric_limits<double>::quiet_NaN());
  std::copy_n(all.x.row(6).begin(), 24 * kWidth, later.row(0).begin() + 6 * kWidth);  // row 6 has 24 frames
  check_alone(later, 6);
}

TEST_CASE("an i-vector's frames are found by the names of columns") {
  std::vector<std::string> names;
  for (size_t t = 1; t <= kFrames; ++t) {
    for (const char* row : {"mfcc_01", "mfcc_02", "mfcc_03"}) names.push_back(row + ("_at_" + std::to_string(t)));
  }
  const Labelled all = table();
  const auto named = small({{"n_features", "none"}}), told = small();
  model::Training training = all.training();
  training.columns = &names;
  CHECK(named->fit_transform(training).values == told->fit_transform(all.training()).values);
}

TEST_CASE("names that only begin like those of frames are columns of one number") {
  const std::vector<std::string> names{"loud_attack", "soft_attack", "high_at_", "low_at_1b"};
  Labelled few = table();
  few.x.columns = names.size();
  few.x.values.resize(few.x.rows * names.size());
  model::Training training = few.training();
  training.columns = &names;
  const auto vectors = small({{"n_features", "none"}});
  vectors->fit(training);
  CHECK(vectors->state().at("means").doubles().size() == 2);  // of two clouds
}

TEST_CASE("the background model of i-vectors is fitted on 'max_frames' at most") {
  const Labelled all = table();
  const std::string rule = " frames that the background model is fitted on ('max_frames' = ";
  CHECK_THROWS_WITH(small({{"n_components", 6}, {"max_frames", 5}})->fit(all.training()),
                    "IVector: 'n_components' = 6 is more than the 5" + rule + "5 at most)");
  CHECK_THROWS_WITH(small({{"n_components", 51}, {"max_frames", 50}})->fit(all.training()),
                    "IVector: 'n_components' = 51 is more than the 50" + rule + "50 at most)");
  CHECK_NOTHROW(small({{"max_frames", 50}})->fit(all.training()));
}

TEST_CASE("what cannot become an i-vector is one clear line") {
  const Labelled all = table();
  CHECK_THROWS_WITH(small({{"n_features", 4}})->fit(all.training()),
                    "IVector: rows of 90 columns are no frames of 4 numbers");
  CHECK_THROWS_WITH(small({{"dimension", 7}})->fit(all.training()),
                    "IVector: 'dimension' = 7 is more than n_components x n_features = 2 x 3");
  CHECK_THROWS_WITH(small({{"n_components", 16384}, {"dimension", 4096}})->fit(all.training()),
                    "IVector: 'dimension' = 4096 with 'n_components' = 16384 needs matrices of more than 8 GB; take "
                    "fewer of them");
  Labelled empty = all;
  for (double& number : empty.x.row(4)) number = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_WITH(small()->fit(empty.training()), "IVector: row 5 has no whole frame: each holds NaN");
}

TEST_CASE("an i-vector of one recording, and clouds without any width, are refused by what to do") {
  Labelled one = table();
  one.x = Matrix(1, one.x.columns, 1.0);
  CHECK_THROWS_WITH(small()->fit_transform(one.training()),
                    "IVector: needs at least two rows: it learns how recordings differ");
  Labelled flat = table();
  for (size_t i = 0; i < flat.x.values.size(); i += kWidth) flat.x.values[i] = 4;
  CHECK_THROWS_WITH(small({{"reg_covar", 0}})->fit_transform(flat.training()),
                    "IVector: cloud 1 is flat; take fewer n_components or a larger reg_covar");
}
