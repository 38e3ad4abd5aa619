// Intervals by group; how often they hold is simulated in test_coverage.cpp.

#include <catch2/catch.hpp>

#include "evaluate/interval.h"

using namespace lumir;
using namespace lumir::evaluate;

namespace {

/// Groups of `size` rows.
std::vector<std::string> groups_of(size_t rows, size_t size) {
  std::vector<std::string> groups;
  for (size_t i = 0; i < rows; ++i) groups.push_back(std::to_string(i / size));
  return groups;
}

/// The first `right` of some rows are right.
Interval share(size_t right, size_t rows, size_t size) {
  std::vector<double> hits(rows);
  std::fill_n(hits.begin(), right, 1.0);
  return interval_of(metric::Measurer::share(hits), Groups(groups_of(rows, size), rows), 0);
}

/// One model is right and the other wrong in the first row of so many groups of 3.
Interval gain_in(size_t groups, size_t of) {
  std::vector<double> rows(of * 3);
  for (size_t g = 0; g < groups; ++g) rows[3 * g] = 1;
  return difference_interval(rows, Groups(groups_of(of * 3, 3), of * 3), 0);
}

}  // namespace

TEST_CASE("an interval of independent rows is the binomial one") {
  // 0.70 +- 1.96 sqrt(0.7 * 0.3 / 100) = 0.610 to 0.790
  const Interval score = share(70, 100, 1);
  CHECK(score.value == Approx(0.7));
  CHECK(score.low == Approx(0.61).margin(0.015));
  CHECK(score.high == Approx(0.79).margin(0.015));
}

TEST_CASE("rows of one group are one witness: the interval widens") {
  // ten groups that are right or wrong as a whole; Jeffreys' interval of 7 in 10 is 0.39 to 0.91
  const Interval score = share(70, 100, 10);
  CHECK(score.low == Approx(0.39).margin(0.03));
  CHECK(score.high == Approx(0.91).margin(0.03));
}

TEST_CASE("where none or all of 72 rows are right, chance still reaches") {
  const Interval none = share(0, 72, 3), all = share(72, 72, 3);
  CHECK(none.low == 0);
  CHECK(none.high > 0.03);
  CHECK(none.high < 0.12);
  CHECK(all.high == 1);
  CHECK(all.low == Approx(1 - none.high));
}

TEST_CASE("errors are no shares, even where all of them are 0 or 1") {
  const Groups groups(groups_of(72, 3), 72);
  const Interval none = interval_of(metric::Measurer::mean(std::vector<double>(72)), groups, 0);
  CHECK(none.low == 0);
  CHECK(none.high == 0);
  const Interval ones = interval_of(metric::Measurer::mean(std::vector<double>(72, 1.0)), groups, 0);
  CHECK(ones.low == 1);
  CHECK(ones.high == 1);
}

TEST_CASE("a score lies in its own interval") {
  for (size_t right = 0; right <= 30; ++right) {
    std::vector<double> hits(30);
    std::fill_n(hits.begin(), right, 1.0);
    std::vector<std::string> uneven(30, "large");
    for (size_t i = 20; i < 30; ++i) uneven[i] = std::to_string(i);
    const Interval score = interval_of(metric::Measurer::share(hits), Groups(uneven, 30), 0);
    CHECK(score.low <= score.value);
    CHECK(score.value <= score.high);
  }
}

TEST_CASE("one group has no interval, and neither has what is no mean of rows") {
  CHECK_FALSE(share(7, 10, 10).known());
  CHECK(share(7, 10, 5).known());
  const metric::Measurer ratio([](metric::Weights) -> Value { return 0.5; });
  CHECK_FALSE(interval_of(ratio, Groups({}, 10), 0).known());
}

TEST_CASE("a difference is beyond chance where its interval does not hold 0") {
  CHECK(gain_in(0, 20).low < 0);
  CHECK(gain_in(0, 20).high > 0);
  CHECK(gain_in(4, 20).low <= 0);  // 4 to 0: a coin does that in one of eight cases
  CHECK(gain_in(12, 20).low > 0);
  CHECK(gain_in(12, 20).value == Approx(0.2));
  CHECK_FALSE(gain_in(3, 5).known());
}

TEST_CASE("models that change places show what chance does to any metric") {
  const Groups groups({}, 10);
  const auto same = [](const std::vector<bool>&) { return 0.0; };
  CHECK(swap_test(same, groups, 10, 0) == 1);
  const auto better_everywhere = [](const std::vector<bool>& swapped) {
    double gain = 0;
    for (const bool changed : swapped) gain += changed ? -0.1 : 0.1;
    return gain;
  };
  CHECK(swap_test(better_everywhere, groups, 10, 0) == Approx(2.0 / 1024));  // all or none of 2^10
}
