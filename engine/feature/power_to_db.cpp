// Decibels of powers: 10 log10, relative to a reference, with a floor below the loudest number.

#include "feature/decibels.h"
#include "feature/frames_step.h"

namespace lumir::feature {
namespace {

struct PowerToDbOptions : DecibelOptions {
  double amin = 1e-10;
  static Schema schema() { return decibel_schema<PowerToDbOptions>(); }
};

Frames power_to_db(Frames power, const PowerToDbOptions& options) {
  const Track rows = track_of(power);
  track_to_decibels(rows, options.reference(rows), options.amin, options.top_db);
  power.become("level", "dB", Measure::decibels);
  return power;
}

const RegisterFramesStep power_to_db_step{
    "power_to_db",
    power_to_db,
    {.summary = "Decibels of powers: 10 log10(x / ref), at most top_db below the greatest.",
     .returns = "[rows, frames] in dB",
     .example = "feature.power_to_db(feature.melspectrogram(clip), { ref = 'max' })",
     .source = "librosa.power_to_db",
     .input = "frames"}};

}  // namespace
}  // namespace lumir::feature
