// A plane convolved by transforms holds what sums over all pairs of places give, and what lies beyond an edge stays there.

#include <cmath>

#include <catch2/catch.hpp>

#include "core/parallel.h"
#include "engine/learn/blobs.h"
#include "signal/plane_convolution.h"

using namespace lumir;
using namespace lumir::tests;

namespace {

double flat(double) { return 1; }

/// Numbers between 0 and 1 in every place.
std::vector<double> fill(signal::PlaneConvolution& plane, size_t rows, size_t columns) {
  Lcg random(1);
  std::vector<double> numbers;
  plane.clear();
  for (size_t y = 0; y < rows; ++y) {
    for (size_t x = 0; x < columns; ++x) plane.row(y)[x] = numbers.emplace_back(random.uniform());
  }
  return numbers;
}

}  // namespace

TEST_CASE("a convolved plane is the sum over all places, and does not wrap round") {
  constexpr size_t kRows = 20, kColumns = 36;
  const auto kernel = [](size_t i, size_t j) {
    return 1 / (1.0 + static_cast<double>(i * i) + 0.5 * static_cast<double>(j));
  };
  signal::PlaneConvolution plane(kRows, kColumns, kernel, flat);
  for (int time = 0; time < 2; ++time) {  // one after the other in the same room
    const auto numbers = fill(plane, kRows, kColumns);
    plane.run();
    for (size_t y = 0; y < kRows; ++y) {
      for (size_t x = 0; x < kColumns; ++x) {
        double sum = 0;
        for (size_t i = 0; i < kRows; ++i) {
          for (size_t j = 0; j < kColumns; ++j) {
            sum += numbers[i * kColumns + j] * kernel(i > y ? i - y : y - i, j > x ? j - x : x - j);
          }
        }
        REQUIRE(plane.row(y)[x] == Approx(sum).epsilon(1e-10));
      }
    }
  }
}

TEST_CASE("a gain filters along both axes") {
  const auto nothing = [](size_t i, size_t j) { return i + j == 0 ? 1.0 : 0.0; };
  signal::PlaneConvolution plane(16, 24, nothing, [](double w) { return (1 + std::cos(w)) / 2; });
  plane.clear();
  plane.row(5)[7] = 16;
  plane.run();
  const double shares[] = {1, 2, 1};  // of four
  for (size_t y = 0; y < 3; ++y) {
    for (size_t x = 0; x < 3; ++x) CHECK(plane.row(4 + y)[6 + x] == Approx(shares[y] * shares[x]));
  }
  CHECK(plane.row(5)[10] == Approx(0).margin(1e-12));
}

TEST_CASE("a convolved plane does not depend on the number of threads") {
  constexpr size_t kRows = 48, kColumns = 40;
  signal::PlaneConvolution plane(
      kRows, kColumns, [](size_t i, size_t j) { return 1.0 / (1 + i + j); }, flat);
  const int before = thread_count();
  const auto run = [&](int threads) {
    set_thread_count(threads);
    fill(plane, kRows, kColumns);
    plane.run();
    return std::vector<double>(plane.row(0), plane.row(kRows - 1) + kColumns);
  };
  const auto alone = run(1);
  CHECK(run(3) == alone);
  set_thread_count(before);
}
