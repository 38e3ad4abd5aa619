// How often intervals hold what they should, simulated: `lumir-tests "[coverage]"` prints the table
// that is kept in tests/golden/evaluate/coverage.txt. The whole takes minutes, so it runs only when it
// is named; a corner always.

#include <catch2/catch.hpp>

#include <cmath>
#include <cstdio>

#include "core/parallel.h"
#include "core/random.h"
#include "evaluate/interval.h"

using namespace lumir;
using namespace lumir::evaluate;

namespace {

constexpr size_t kTrials = 2000;

/// Gamma by Marsaglia and Tsang (2000), for shapes below 1 raised by one.
double gamma_draw(Random& random, double shape) {
  if (shape < 1) return gamma_draw(random, shape + 1) * std::pow(random.uniform(), 1 / shape);
  const double d = shape - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  while (true) {
    const double x = random.normal(), v = std::pow(1 + c * x, 3);
    if (v > 0 && std::log(1 - random.uniform()) < x * x / 2 + d - d * v + d * std::log(v)) return d * v;
  }
}

double beta_draw(Random& random, double a, double b) {
  const double x = gamma_draw(random, a), y = gamma_draw(random, b);
  return x + y > 0 ? x / (x + y) : static_cast<double>(random.uniform() < a / (a + b));
}

/// 3 or 4 songs an album; or 1 to 12.
std::vector<std::string> albums(size_t n, bool uneven) {
  std::vector<std::string> groups;
  for (size_t g = 0; g < n; ++g) {
    const size_t songs = uneven ? 1 + g * 5 % 12 : 3 + g % 2;
    groups.insert(groups.end(), songs, std::to_string(g));
  }
  return groups;
}

/// Rows that are right or not, alike within a group.
std::vector<double> draw_rows(Random& random, const Groups& groups, size_t n, double share, double correlation) {
  std::vector<double> rows(n);
  const double size = correlation > 0 ? (1 - correlation) / correlation : 0;
  for (const auto& members : groups.members()) {
    const double p = correlation > 0 ? beta_draw(random, share * size, (1 - share) * size) : share;
    for (const int row : members) rows[static_cast<size_t>(row)] = random.uniform() < p;
  }
  return rows;
}

/// The share of trials in which `holds` is true, in percent.
template <class Trial>
double percent(const Trial& trial, size_t trials = kTrials) {
  std::vector<char> held(trials);
  parallel_for(trials, [&](size_t i) {
    Random random(1, i);
    held[i] = trial(random);
  });
  double sum = 0;
  for (const char one : held) sum += one;
  return 100 * sum / static_cast<double>(trials);
}

/// How many of 100 intervals of a share hold it.
double coverage(const Groups& groups, size_t rows, double share, double correlation, size_t trials = kTrials) {
  return percent(
      [&](Random& random) {
        const auto drawn = draw_rows(random, groups, rows, share, correlation);
        const auto found = interval_of(metric::Measurer::share(drawn), groups, 0);
        return found.low <= share && share <= found.high;
      },
      trials);
}

}  // namespace

TEST_CASE("intervals of twenty groups hold a share in the middle and at the edge") {
  const auto names = albums(20, false);
  const Groups groups(names, names.size());
  for (const double share : {0.05, 0.5, 0.95}) {
    const double held = coverage(groups, names.size(), share, 0.3, 300);
    CHECK(held >= 91);  // 95 and less than three deviations of 300 trials
    CHECK(held <= 99);
  }
}

TEST_CASE("coverage of the intervals, simulated", "[.][coverage]") {
  for (const bool uneven : {false, true}) {
    std::printf("\nintervals of a share, %s songs a group: how many of 100 hold it\n", uneven ? "1 to 12" : "3 or 4");
    std::printf("groups correlation   0.05  0.10  0.20  0.35  0.50  0.65  0.80  0.90  0.95\n");
    for (const size_t n : {4, 8, 10, 20, 40}) {
      const auto names = albums(n, uneven);
      const Groups groups(names, names.size());
      for (const double correlation : {0.0, 0.3, 0.6}) {
        std::printf("%6zu %11.1f  ", n, correlation);
        for (const double share : {0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95}) {
          std::printf(" %5.1f", coverage(groups, names.size(), share, correlation));
        }
        std::printf("\n");
      }
    }
  }
  std::printf(
      "\ndifferences of two models, 3 or 4 songs a group: equal models called different, and intervals that\n"
      "hold the difference, of 100\n");
  std::printf("groups correlation   0.1 = 0.1   0.5 = 0.5   0.9 = 0.9   0.6 - 0.4   0.9 - 0.8   0.95 - 0.93\n");
  for (const size_t n : {8, 10, 20, 40}) {
    const auto names = albums(n, false);
    const Groups groups(names, names.size());
    for (const double correlation : {0.0, 0.3, 0.6}) {
      std::printf("%6zu %11.1f  ", n, correlation);
      for (const auto& [one, other] :
           {std::pair{0.1, 0.1}, {0.5, 0.5}, {0.9, 0.9}, {0.6, 0.4}, {0.9, 0.8}, {0.95, 0.93}}) {
        const double gain = one - other;
        const double held = percent([&, a = one, b = other](Random& random) {
          auto rows = draw_rows(random, groups, names.size(), a, correlation);
          const auto others = draw_rows(random, groups, names.size(), b, correlation);
          for (size_t i = 0; i < rows.size(); ++i) rows[i] -= others[i];
          const auto found = difference_interval(rows, groups, 0);
          return found.low <= gain && gain <= found.high;
        });
        std::printf("  %10.1f", gain == 0 ? 100 - held : held);
      }
      std::printf("\n");
    }
  }
}
