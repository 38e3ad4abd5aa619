// Features against librosa, on a signal that both make; numbers by tests/golden/feature_options/make.py.

#include <cmath>
#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>

#include "core/step.h"
#include "feature/kernel.h"
#include "feature/plan.h"
#include "engine/feature/signal.h"
#include "tree.h"

using namespace lumir;
using feature::Frames;

namespace {

Value golden() {
  std::ifstream file(LUMIR_ROOT "/tests/golden/feature_options/golden.json");
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return from_json(text, "golden.json");
}

Frames compute(const Value& wanted, const audio::Clip& clip) {
  const auto step = make_step("feature." + *wanted["name"].text(), *wanted["options"].map());
  return std::any_cast<Frames>(step->apply(clip));
}

size_t index_of(const Value& value) { return static_cast<size_t>(*value.number()); }

/// The greatest difference, relative to the greater of the number and the RMS of its row.
double worst_difference(const Value& wanted, const Frames& frames) {
  double worst = 0;
  const List& columns = *wanted["frames"].list();
  for (size_t i = 0; i < columns.size(); ++i) {
    const List& values = *(*wanted["values"].list())[i].list();
    for (size_t row = 0; row < values.size(); ++row) {
      const double expected = *values[row].number();
      const double scale = std::max(std::fabs(expected), *(*wanted["rms"].list())[row].number());
      const double difference = std::fabs(frames.row(row)[index_of(columns[i])] - expected);
      if (difference > 0) worst = std::max(worst, difference / scale);
    }
  }
  return worst;
}

void check_case(const Value& wanted, double tolerance) {
  const auto clip = tests::golden_signal(static_cast<int>(*wanted["rate"].number()));
  const Frames frames = compute(wanted, clip);
  INFO(show(wanted["name"]) << " " << to_json(wanted["options"]) << " at " << show(wanted["rate"]));
  if (const double* scalar = wanted["scalar"].number()) {
    REQUIRE(frames.scalars.size() == 1);
    CHECK(frames.scalars[0] == Approx(*scalar).epsilon(1e-6));
    return;
  }
  const List& shape = *wanted["shape"].list();
  REQUIRE(frames.rows == index_of(shape[0]));
  REQUIRE(frames.frames == index_of(shape[1]));
  CHECK(worst_difference(wanted, frames) < tolerance);
}

}  // namespace

TEST_CASE("features have librosa's shapes and values") {
  const Value all = golden();
  for (const auto& wanted : *all["cases"].list()) check_case(wanted, 2e-5);
}

TEST_CASE("every level of the processor gives librosa's values") {
  const Value all = golden();
  const std::string before = feature::level_name();
  for (const auto& level : feature::levels()) {
    INFO(level);
    feature::use_level(level);
    for (const auto& wanted : *all["cases"].list()) {
      if (*wanted["rate"].number() == 22050) check_case(wanted, 2e-5);
    }
  }
  feature::use_level(before);
  CHECK_THROWS_WITH(feature::use_level("v9"), Catch::Contains("LUMIR_SIMD = 'v9' is none of the levels"));
}
