// Statistics of rows against numpy and scipy (tests/golden/statistics/make.py), on every processor level.

#include <catch2/catch.hpp>

#include "core/error.h"
#include "core/file.h"
#include "core/value.h"
#include "feature/statistics.h"
#include "signal/kernel.h"
#include "tree.h"

using namespace lumir;
using feature::Statistic;

TEST_CASE("statistics are numpy's and scipy's") {
  const Value golden = from_json(read_file(LUMIR_ROOT "/tests/golden/statistics/statistics.json"), "statistics.json");
  const std::string before = signal::level_name();
  for (const auto& level : signal::levels()) {
    signal::use_level(level);
    for (const auto& wanted : *golden["rows"].list()) {
      std::vector<float> row;
      for (const auto& value : *wanted["row"].list()) row.push_back(static_cast<float>(*value.number()));
      std::vector<Statistic> statistics;
      for (const auto& [word, value] : *wanted["expected"].map()) statistics.emplace_back(word, "summary");
      const auto values = feature::statistics_of(row, statistics);
      for (size_t i = 0; i < values.size(); ++i) {
        INFO(level << ": " << show(wanted["name"]) << " " << statistics[i].word());
        CHECK(values[i] == Approx(*wanted["expected"][statistics[i].word()].number()).epsilon(1e-9).margin(1e-12));
      }
    }
  }
  signal::use_level(before);
}

TEST_CASE("equal numbers have a skew of 0 and a kurtosis of -3") {
  const std::vector<float> row(29, 0.1f);
  const auto values = feature::statistics_of(row, {{"skew", ""}, {"kurtosis", ""}, {"std", ""}, {"q30", ""}});
  CHECK(values == std::vector<double>{0, -3, 0, 0.1f});
}

TEST_CASE("a word that is no statistic is refused with its neighbour") {
  CHECK_THROWS_WITH(Statistic("meen", "summary"),
                    "summary: 'meen' is none of 'mean', 'std', 'var', 'max', 'min', 'median', 'skew', "
                    "'kurtosis', nor a quantile from 'q0' to 'q100' (did you mean 'mean'?)");
  for (const char* word : {"q101", "q", "q-1", "q5x", "quantile"}) {
    CHECK_THROWS_AS(Statistic(word, "summary"), ArgumentError);
  }
}
