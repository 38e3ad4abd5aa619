// Draws of whole groups, and the intervals that they give.

#include <catch2/catch.hpp>

#include <numeric>
#include <set>

#include "core/parallel.h"
#include "evaluate/resample.h"

using namespace lumir;
using namespace lumir::evaluate;

namespace {

/// 70 of 100 rows are right: the first 70, in groups of `size`.
Interval seventy_percent(size_t size, uint64_t seed) {
  std::vector<double> right(100);
  std::vector<std::string> groups;
  for (size_t i = 0; i < 100; ++i) {
    right[i] = i < 70;
    groups.push_back(std::to_string(i / size));
  }
  return intervals(Resampler(groups, 100, seed), 100, {metric::Measurer::mean(right)})[0];
}

}  // namespace

TEST_CASE("percentiles are those of numpy") {
  // numpy.percentile([1, 2, 4, 8], [0, 2.5, 50, 97.5, 100])
  const std::vector<double> sorted{1, 2, 4, 8};
  CHECK(percentile(sorted, 0) == 1);
  CHECK(percentile(sorted, 0.025) == Approx(1.075));
  CHECK(percentile(sorted, 0.5) == 3);
  CHECK(percentile(sorted, 0.975) == Approx(7.7));
  CHECK(percentile(sorted, 1) == 8);
}

TEST_CASE("a draw holds as many groups as there are, each with all its rows") {
  const std::vector<std::string> groups{"a", "b", "a", "b", "c"};
  const Resampler resampler(groups, groups.size(), 1);
  CHECK(resampler.n_groups() == 3);
  std::set<std::vector<double>> different;
  std::vector<double> times(groups.size());
  for (int i = 0; i < 50; ++i) {
    resampler.draw(i, times);
    different.insert(times);
    CHECK(times[0] == times[2]);
    CHECK(times[1] == times[3]);
    CHECK(times[0] + times[1] + times[4] == 3);
  }
  CHECK(different.size() > 5);
}

TEST_CASE("an interval of independent rows is the binomial one") {
  // 0.70 +- 1.96 sqrt(0.7 * 0.3 / 100) = 0.610 to 0.790
  const Interval score = seventy_percent(1, 0);
  CHECK(score.value == Approx(0.7));
  CHECK(score.low == Approx(0.61).margin(0.015));
  CHECK(score.high == Approx(0.79).margin(0.015));
}

TEST_CASE("rows of one group are one witness: the interval widens") {
  // ten groups that are right or wrong as a whole: 0.70 +- 1.96 sqrt(0.7 * 0.3 / 10), in steps of 0.1
  const Interval score = seventy_percent(10, 0);
  CHECK(score.low == Approx(0.4));
  CHECK(score.high == Approx(0.95).margin(0.051));
}

TEST_CASE("the same seed gives the same interval with any number of threads") {
  const int before = thread_count();
  set_thread_count(1);
  const Interval one = seventy_percent(5, 7);
  set_thread_count(4);
  const Interval four = seventy_percent(5, 7);
  set_thread_count(before);
  CHECK(one.low == four.low);
  CHECK(one.high == four.high);
}

TEST_CASE("without groups every row is drawn by itself") {
  const Resampler resampler({}, 6, 3);
  CHECK(resampler.n_groups() == 6);
  std::vector<double> times(6);
  resampler.draw(0, times);
  CHECK(std::accumulate(times.begin(), times.end(), 0.0) == 6);
}
