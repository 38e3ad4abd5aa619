// Normal numbers by the thousand.

#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include "signal/kernel.h"
#include "signal/normal.h"

using namespace lumir;

namespace {

std::vector<float> drawn(size_t count, uint64_t key) {
  std::vector<float> numbers(count);
  signal::fill_normal(numbers, key);
  return numbers;
}

/// The mean of a power of each number.
double mean_of(const std::vector<float>& numbers, int power) {
  double sum = 0;
  for (const float x : numbers) sum += std::pow(x, power);
  return sum / static_cast<double>(numbers.size());
}

}  // namespace

TEST_CASE("numbers by the thousand have the moments of the normal distribution at every processor level") {
  const std::string before = signal::level_name();
  const auto wanted = drawn(200000, 7);
  for (const auto& level : signal::levels()) {
    INFO(level);
    signal::use_level(level);
    const auto numbers = drawn(200000, 7);
    float farthest = 0;
    for (size_t i = 0; i < numbers.size(); ++i) farthest = std::max(farthest, std::abs(numbers[i] - wanted[i]));
    CHECK(farthest < 1e-5);
    // within four standard errors
    CHECK(std::abs(mean_of(numbers, 1)) < 4 * std::sqrt(1.0 / 200000));
    CHECK(std::abs(mean_of(numbers, 2) - 1) < 4 * std::sqrt(2.0 / 200000));
    CHECK(std::abs(mean_of(numbers, 3)) < 4 * std::sqrt(15.0 / 200000));
    CHECK(std::abs(mean_of(numbers, 4) - 3) < 4 * std::sqrt(96.0 / 200000));
  }
  signal::use_level(before);
}

TEST_CASE("normal numbers do not follow from those beside them") {
  const auto numbers = drawn(200000, 11);
  for (const size_t step : {1, 2, 16, 255, 256, 512, 1024}) {
    INFO(step);
    double product = 0, squares = 0;
    for (size_t i = step; i < numbers.size(); ++i) {
      const double both = static_cast<double>(numbers[i]) * numbers[i - step];
      product += both;
      squares += both * both;
    }
    const auto count = static_cast<double>(numbers.size() - step);
    CHECK(std::abs(product / count) < 4 / std::sqrt(count));
    CHECK(std::abs(squares / count - 1) < 4 * std::sqrt(8 / count));
  }
}

TEST_CASE("a key names normal numbers, however many are taken") {
  const auto many = drawn(3000, 5), few = drawn(7, 5), others = drawn(7, 6);
  CHECK(std::equal(few.begin(), few.end(), many.begin()));
  CHECK(few != others);
  CHECK(drawn(0, 5).empty());
}
