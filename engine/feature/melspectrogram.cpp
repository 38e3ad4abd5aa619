// Mel spectrogram: the power in bands that are spaced as hearing spaces pitches.

#include "feature/extractor.h"
#include "feature/mel.h"
#include "feature/row_axes.h"

namespace lumir::feature {
namespace {

struct MelspectrogramOptions : MelOptions {
  bool db = false;
  std::optional<double> top_db = 80;

  int rows() const { return n_mels; }
  Axes axes(int rate) const {
    Axes axes = rows_in_hertz(band_frequencies(*this, rate), power);
    if (!db) return axes;
    axes.values = "level";
    axes.unit = "dB";
    axes.measure = Measure::decibels;
    return axes;
  }
  static Schema schema() {
    return extend(mel_schema<MelspectrogramOptions>(), Option{"db", &MelspectrogramOptions::db, "in decibels"},
                  Option{"top_db", &MelspectrogramOptions::top_db, "range below the loudest number, where db = true",
                         Unit{"dB"}, kNonNegative});
  }
};

NodePtr melspectrogram(const MelspectrogramOptions& options, int rate) {
  return options.db ? mel_decibels(options, options.top_db, rate) : MelFrames::node(options, rate);
}

LUMIR_FEATURE_NODE(melspectrogram, MelspectrogramOptions,
                   {
                       .summary = "Power in mel bands, or decibels of it.",
                       .returns = "[n_mels, frames], power or dB",
                       .example = "feature.melspectrogram(clip, { n_mels = 64, db = true })",
                       .source = "Slaney, Auditory Toolbox (1998); librosa.feature.melspectrogram",
                       .input = "clip",
                   });

}  // namespace
}  // namespace lumir::feature
