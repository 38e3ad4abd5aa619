// Numbers sorted by their bits are in the order that comparing them gives.

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <catch2/catch.hpp>

#include "engine/learn/blobs.h"
#include "learn/binned_columns.h"
#include "learn/sorted_numbers.h"

using namespace lumir;
using namespace lumir::tests;

TEST_CASE("numbers of every size and sign, equal and endless ones, come in order") {
  Lcg random(1);
  std::vector<double> numbers{
      0.0,    -0.0,    std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(),
      1e-310, -1e-310, std::numeric_limits<double>::max()};
  for (int i = 0; i < 3000; ++i) numbers.push_back(std::pow(10, 300 * (random.uniform() - 0.5)) * random.normal());
  for (int i = 0; i < 1000; ++i) numbers.push_back(static_cast<double>(i % 7));
  std::vector<double> sorted = numbers, spare;
  std::sort(sorted.begin(), sorted.end());
  learn::sort_numbers(numbers, spare);
  CHECK(numbers == sorted);
  std::vector<double> few{3, -1, 2};
  learn::sort_numbers(few, spare);
  CHECK(few == std::vector<double>{-1, 2, 3});
}

TEST_CASE("places of numbers are in ascending order, equal ones as they stand, whatever tells the numbers apart") {
  Lcg random(2);
  for (const double step : {1.0, 1e-13, 1e200}) {  // apart in all digits, in the last ones only, in the exponent
    for (const size_t n : {1, 5, 3000}) {
      std::vector<double> numbers;
      for (size_t i = 0; i < n; ++i) numbers.push_back(1 + step * std::floor(100 * random.normal()));
      if (n > 4) numbers[2] = 0.0;
      if (n > 4) numbers[4] = -0.0;
      std::vector<uint32_t> expected(n), places;
      std::iota(expected.begin(), expected.end(), 0);
      std::stable_sort(expected.begin(), expected.end(), [&](auto a, auto b) { return numbers[a] < numbers[b]; });
      learn::sort_places(numbers, places);
      INFO(n << " numbers, step " << step);
      CHECK(places == expected);
    }
  }
}

TEST_CASE("a number is in the bin of the first cut that is not below it") {
  const auto table = blobs(2000, 19, 3, 1.5, 3);
  const learn::BinnedColumns binned(table.x, 255);
  for (size_t column = 0; column < 19; ++column) {
    const auto& cuts = binned.thresholds(column);
    for (size_t i = 0; i < 2000; ++i) {
      const auto place = std::lower_bound(cuts.begin(), cuts.end(), table.x(i, column)) - cuts.begin();
      REQUIRE(binned.bins(column)[i] == place);
    }
  }
}
