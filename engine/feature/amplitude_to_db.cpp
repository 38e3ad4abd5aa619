// Decibels of magnitudes: 20 log10, relative to a reference, with a floor below the loudest number.

#include <cmath>

#include "feature/decibels.h"
#include "feature/frames_step.h"

namespace lumir::feature {
namespace {

struct AmplitudeToDbOptions : DecibelOptions {
  double amin = 1e-5;
  static Schema schema() { return decibel_schema<AmplitudeToDbOptions>(); }
};

Frames amplitude_to_db(Frames magnitude, const AmplitudeToDbOptions& options) {
  for (float& value : magnitude.values) value = std::fabs(value);
  const Track rows = track_of(magnitude);
  track_to_decibels(rows, options.reference(rows), options.amin, options.top_db, 20);
  magnitude.become("level", "dB", Measure::decibels);
  return magnitude;
}

const RegisterFramesStep amplitude_to_db_step{
    "amplitude_to_db",
    amplitude_to_db,
    {.summary = "Decibels of magnitudes: 20 log10(|x| / ref), at most top_db below the greatest.",
     .returns = "[rows, frames] in dB",
     .example = "feature.amplitude_to_db(feature.spectrogram(clip), { ref = 'max' })",
     .source = "librosa.amplitude_to_db",
     .input = "frames"}};

}  // namespace
}  // namespace lumir::feature
