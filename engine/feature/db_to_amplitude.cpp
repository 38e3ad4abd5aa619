// Magnitudes out of decibels: amplitude_to_db turned back, but for what its floor took away.

#include <cmath>

#include "feature/frames_step.h"

namespace lumir::feature {
namespace {

struct DbToAmplitudeOptions {
  double ref = 1;
  static Schema schema() { return {Option{"ref", &DbToAmplitudeOptions::ref, "the magnitude of 0 dB", kPositive}}; }
};

Frames db_to_amplitude(Frames decibels, const DbToAmplitudeOptions& options) {
  for (float& value : decibels.values) value = static_cast<float>(options.ref * std::pow(10.0, 0.05 * value));
  decibels.become("magnitude", "", Measure::magnitude);
  return decibels;
}

const RegisterFramesStep db_to_amplitude_step{
    "db_to_amplitude",
    db_to_amplitude,
    {.summary = "Magnitudes of decibels: ref * 10 ^ (x / 20).",
     .returns = "[rows, frames], magnitude",
     .example = "feature.db_to_amplitude(feature.amplitude_to_db(feature.spectrogram(clip)))",
     .source = "librosa.db_to_amplitude",
     .input = "frames"}};

}  // namespace
}  // namespace lumir::feature
