// Features against librosa, on a signal that both make. Numbers: every tests/golden/<subject>/golden.json that holds
// cases, each made by the make.py beside it.

#include <algorithm>
#include <cmath>
#include <filesystem>

#include <catch2/catch.hpp>

#include "core/file.h"
#include "core/step.h"
#include "engine/feature/signal.h"
#include "engine/worse.h"
#include "feature/plan/plan.h"
#include "signal/kernel.h"
#include "tree.h"

using namespace lumir;
using feature::Frames;

namespace {

/// The cases of all subjects, by the paths of their files.
List golden_cases() {
  namespace fs = std::filesystem;
  std::vector<fs::path> paths;
  for (const auto& folder : fs::directory_iterator(LUMIR_ROOT "/tests/golden")) {
    if (fs::exists(folder.path() / "golden.json")) paths.push_back(folder.path() / "golden.json");
  }
  std::sort(paths.begin(), paths.end());
  List cases;
  for (const auto& path : paths) {
    const Value file = from_json(read_file(path.string()), path.string());
    if (const auto* own = file["cases"].list()) cases.insert(cases.end(), own->begin(), own->end());
  }
  return cases;
}

/// A feature, and the steps behind it that "then" lists.
Frames compute(const Value& wanted, const audio::Clip& clip) {
  std::any value = make_step("feature." + *wanted["name"].text(), *wanted["options"].map())->apply(clip);
  if (const List* steps = wanted["then"].list()) {
    for (const auto& step : *steps) value = make_step(step)->apply(value);
  }
  return std::any_cast<Frames>(value);
}

size_t index_of(const Value& value) { return static_cast<size_t>(*value.number()); }

/// The greatest difference, relative to the greater of the number and the RMS of its row.
double worst_difference(const Value& wanted, const Frames& frames) {
  double worst = 0, greatest = 0;
  for (const Value& rms : *wanted["rms"].list()) greatest = std::max(greatest, *rms.number());
  const List& columns = *wanted["frames"].list();
  for (size_t i = 0; i < columns.size(); ++i) {
    const List& values = *(*wanted["values"].list())[i].list();
    for (size_t row = 0; row < values.size(); ++row) {
      const double expected = *values[row].number();
      // rows that are 0 but for rounding (lags that a window leaves out) are measured by the others
      const double scale = std::max({std::fabs(expected), *(*wanted["rms"].list())[row].number(), 1e-9 * greatest});
      const double difference = std::fabs(frames.row(row)[index_of(columns[i])] - expected);
      if (difference != 0) worst = testing::worse(worst, difference / scale);
    }
  }
  return worst;
}

void check_case(const Value& wanted, double tolerance) {
  const auto clip = tests::golden_signal(static_cast<int>(*wanted["rate"].number()));
  const Frames frames = compute(wanted, clip);
  INFO(show(wanted["name"]) << " " << to_json(wanted["options"]) << " " << to_json(wanted["then"]) << " at "
                            << show(wanted["rate"]));
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
  for (const auto& wanted : golden_cases()) check_case(wanted, 2e-5);
}

TEST_CASE("every level of the processor gives librosa's values") {
  const List cases = golden_cases();
  const std::string before = signal::level_name();
  for (const auto& level : signal::levels()) {
    INFO(level);
    signal::use_level(level);
    for (const auto& wanted : cases) {
      if (*wanted["rate"].number() == 22050) check_case(wanted, 2e-5);
    }
  }
  signal::use_level(before);
  CHECK_THROWS_WITH(signal::use_level("v9"), Catch::Contains("LUMIR_SIMD = 'v9' is none of the levels"));
}
