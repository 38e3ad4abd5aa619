// Powers out of decibels: power_to_db turned back, but for what its floor took away.

#include <cmath>

#include "feature/frames_step.h"

namespace lumir::feature {
namespace {

struct DbToPowerOptions {
  double ref = 1;
  static Schema schema() { return {Option{"ref", &DbToPowerOptions::ref, "the power of 0 dB", kPositive}}; }
};

Frames db_to_power(Frames decibels, const DbToPowerOptions& options) {
  for (float& value : decibels.values) value = static_cast<float>(options.ref * std::pow(10.0, 0.1 * value));
  decibels.become("power", "", Measure::power);
  return decibels;
}

const RegisterFramesStep db_to_power_step{
    "db_to_power",
    db_to_power,
    {.summary = "Powers of decibels: ref * 10 ^ (x / 10).",
     .returns = "[rows, frames], power",
     .example = "feature.db_to_power(feature.melspectrogram(clip, { db = true }))",
     .source = "librosa.db_to_power",
     .input = "frames"}};

}  // namespace
}  // namespace lumir::feature
