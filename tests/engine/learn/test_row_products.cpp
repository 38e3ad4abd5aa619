// Products of rows with borders, and back, are what their definition says for every remainder of the blocks.

#include <catch2/catch.hpp>

#include <cmath>
#include <mutex>
#include <numeric>
#include <set>

#include "core/parallel.h"
#include "engine/learn/blobs.h"
#include "learn/row_products.h"
#include "learn/row_sums.h"

using namespace lumir;
using namespace lumir::tests;

namespace {

Matrix numbers(size_t rows, size_t columns, uint64_t seed) {
  Lcg random(seed);
  Matrix out(rows, columns);
  for (double& value : out.values) value = random.normal();
  return out;
}

/// Half the sum of squared decisions, so that the slopes are the decisions.
double half_squares(size_t, std::span<double> decisions) {
  double sum = 0;
  for (const double decision : decisions) sum += decision * decision / 2;
  return sum;
}

}  // namespace

TEST_CASE("decisions and the sum of slopes are products with every row, for any number of rows and borders") {
  for (const size_t rows : {1, 2, 3, 5, 64, 67, 131}) {
    for (const size_t lines : {1, 2, 3, 4, 5, 7, 8}) {
      const Matrix x = numbers(rows, 11, rows), borders = numbers(lines, 11, lines);
      const Matrix decisions = learn::decisions_of(x, borders);
      Matrix slopes;
      const double loss = learn::sum_losses(x, borders, half_squares, slopes);
      Matrix expected(lines, x.columns);
      double expected_loss = 0;
      INFO(rows << " rows, " << lines << " borders");
      for (size_t i = 0; i < rows; ++i) {
        for (size_t line = 0; line < lines; ++line) {
          double decision = 0;
          for (size_t j = 0; j < x.columns; ++j) decision += x(i, j) * borders(line, j);
          REQUIRE(decisions(i, line) == Approx(decision).margin(1e-12));
          expected_loss += decision * decision / 2;
          for (size_t j = 0; j < x.columns; ++j) expected(line, j) += decision * x(i, j);
        }
      }
      CHECK(loss == Approx(expected_loss));
      for (size_t at = 0; at < expected.values.size(); ++at) {
        REQUIRE(slopes.values[at] == Approx(expected.values[at]).margin(1e-10));
      }
    }
  }
}

TEST_CASE("sums over rows are kept in fewer pieces the larger they are, and are the same on all threads") {
  const size_t rows = 8192;
  const auto pieces_of = [&](size_t lines, size_t columns) {
    std::mutex guard;
    std::set<const Matrix*> pieces;
    const Matrix sums = learn::sums_over_rows(rows, lines, columns, [&](size_t i, Matrix& sum) {
      sum(i % lines, i % columns) += 1;
      const std::lock_guard lock(guard);
      pieces.insert(&sum);
    });
    CHECK(std::accumulate(sums.values.begin(), sums.values.end(), 0.0) == rows);
    return pieces.size();
  };
  CHECK(pieces_of(3, 7) == 8);
  CHECK(pieces_of(1024, 1024) == 4);
  CHECK(pieces_of(3, 3000000) == 1);
  CHECK(learn::sums_over_rows(0, 2, 3, [](size_t, Matrix&) {}).values == Matrix(2, 3).values);
  const int before = thread_count();
  const Matrix x = numbers(rows, 5, 3);
  const auto sums = [&](int threads) {
    set_thread_count(threads);
    return learn::sums_over_rows(rows, 1, 5, [&](size_t i, Matrix& sum) {
      for (size_t j = 0; j < 5; ++j) sum(0, j) += x(i, j);
    });
  };
  CHECK(sums(1).values == sums(3).values);
  set_thread_count(before);
}

TEST_CASE("sums of losses do not depend on the number of threads") {
  const Matrix x = numbers(5000, 7, 1), borders = numbers(3, 7, 2);
  const int before = thread_count();
  std::vector<Matrix> slopes(2);
  std::vector<double> losses;
  for (const int threads : {1, 4}) {
    set_thread_count(threads);
    losses.push_back(learn::sum_losses(x, borders, half_squares, slopes[losses.size()]));
  }
  set_thread_count(before);
  CHECK(losses[0] == losses[1]);
  CHECK(slopes[0].values == slopes[1].values);
}
