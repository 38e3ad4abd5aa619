// Named sets against librosa with the options of the published tables (tests/golden/sets/make.py).

#include <algorithm>
#include <cmath>

#include <catch2/catch.hpp>

#include "core/file.h"
#include "core/step.h"
#include "engine/feature/signal.h"
#include "feature/plan/frames.h"
#include "tree.h"

using namespace lumir;
using feature::Description;

namespace {

Value golden(const std::string& name) {
  return from_json(read_file(LUMIR_ROOT "/tests/golden/sets/" + name + ".json"), name);
}

Description describe(const std::string& set, const audio::Clip& clip) {
  return std::any_cast<Description>(make_step("feature.set", {{"features", set}})->apply(clip));
}

std::vector<std::string> words(const Value& list) {
  std::vector<std::string> out;
  for (const auto& word : *list.list()) out.push_back(*word.text());
  return out;
}

/// "mfcc_skew" of "mfcc_skew_03".
std::string group_of(const std::string& column) { return column.substr(0, column.rfind('_')); }

/// The RMS of the columns of one feature and statistic: what small ones among them are measured by.
double scale_of(const std::string& column, const std::vector<std::string>& names, const List& values) {
  double total = 0, count = 0;
  for (size_t i = 0; i < names.size(); ++i) {
    if (group_of(names[i]) != group_of(column)) continue;
    total += *values[i].number() * *values[i].number();
    ++count;
  }
  return std::sqrt(total / count);
}

bool finite(const Description& description) {
  return std::all_of(description.values.begin(), description.values.end(), [](double x) { return std::isfinite(x); });
}

}  // namespace

TEST_CASE("the FMA set has the numbers of FMA's script, at 22,050 Hz and where it takes 44,100 Hz for that") {
  const Value all = golden("fma");
  const auto names = words((*all["cases"].list())[0]["names"]);
  REQUIRE(names.size() == 518);
  for (const auto& wanted : *all["cases"].list()) {
    const auto got = describe("fma", tests::golden_signal(static_cast<int>(*wanted["rate"].number())));
    REQUIRE(got.names == names);
    const List& values = *wanted["values"].list();
    for (size_t i = 0; i < names.size(); ++i) {
      const double expected = *values[i].number();
      const double scale = std::max(std::fabs(expected), scale_of(names[i], names, values));
      INFO(show(wanted["rate"]) << " " << names[i] << ": " << got.values[i] << ", librosa " << expected);
      CHECK(std::fabs(got.values[i] - expected) <= 1e-3 * scale + 1e-12);
    }
  }
}

TEST_CASE("the GTZAN set has the numbers of librosa with reflected ends") {
  const Value wanted = (*golden("gtzan")["cases"].list())[0];
  const auto names = words(wanted["names"]);
  REQUIRE(names.size() == 57);
  const auto got = describe("gtzan", tests::golden_signal(22050));
  REQUIRE(got.names == names);
  for (size_t i = 0; i < names.size(); ++i) {
    const double expected = *(*wanted["values"].list())[i].number();
    INFO(names[i]);
    CHECK(got.values[i] == Approx(expected).epsilon(1e-4).margin(1e-9));
  }
}

TEST_CASE("named sets take clips of 3 s and of 30 s, and silence without NaN") {
  audio::Clip clip;
  clip.rate = 22050;
  for (const size_t samples : {66149u, 661794u}) {
    clip.samples.assign(samples, 0.0f);
    for (const char* set : {"fma", "gtzan"}) {
      INFO(set << " of " << samples << " samples");
      CHECK(finite(describe(set, clip)));
    }
  }
}
