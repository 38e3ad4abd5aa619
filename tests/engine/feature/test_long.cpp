// A recording that stands on disk is described as one in memory, and memory stays free of it.

#include <fstream>

#include <catch2/catch.hpp>

#include "core/spill.h"
#include "feature/extractor.h"
#include "sanitized.h"

using namespace lumir;

namespace {

size_t resident_now() {
  std::ifstream file("/proc/self/statm");
  size_t pages = 0, present = 0;
  file >> pages >> present;
  return present * 4096;
}

/// Pulses and noise that repeat every second: [seconds] at 8,000 Hz.
audio::Clip seconds_of_sound(size_t seconds) {
  audio::Clip clip;
  clip.rate = 8000;
  clip.samples.reserve(seconds * 8000);
  for (size_t second = 0; second < seconds; ++second) {
    uint32_t state = 7;
    for (size_t i = 0; i < 8000; ++i) {
      state = 1664525u * state + 1013904223u;
      const double decay = static_cast<double>(8000 - i) / 8000;
      clip.samples.push_back(static_cast<float>((state / 4294967296.0 - 0.5) * decay * decay));
    }
    relieve_memory();
  }
  return clip;
}

}  // namespace

TEST_CASE("an hour and more is described from disk, as a minute is from memory") {
  const feature::Plan plan = feature::plan_of({make_step("feature.mfcc", {{"delta", 1}, {"hop_length", 400}}),
                                               make_step("feature.rms", {{"hop_length", 400}}),
                                               make_step("feature.onset_strength", {{"hop_length", 400}})});
  const auto minute = seconds_of_sound(60);
  const auto longer = seconds_of_sound(72 * 60);
  REQUIRE(spilled_bytes() >= longer.samples.size() * sizeof(float));
  const auto few = feature::extract(minute, plan);
  const size_t before = resident_now();
  const auto many = feature::extract(longer, plan);
  if (!tests::sanitized("an hour within 100 MB")) CHECK(resident_now() < before + (size_t{100} << 20));
  REQUIRE(many.rows == few.rows);
  // a hop divides a second, so frames repeat too
  for (size_t row = 0; row < few.rows; ++row) {
    for (size_t frame : {100ul, 500ul, 1000ul}) {
      const float late = many.row(row)[frame + 4000ul * 20];
      CHECK(late == Approx(few.row(row)[frame]).margin(1e-3));
    }
  }
}
