// Tempo: the commonest distance between onsets, as beats per minute.
//
// The onset envelope is compared with itself at every lag, in a window around every frame (a tempogram); the mean over
// frames, weighed by how common a tempo is in music, has its greatest value at the beat. One number for a clip.

#include "feature/extractor.h"
#include "feature/mean_tempogram.h"
#include "feature/onset_strength.h"

namespace lumir::feature {
namespace {

struct TempoOptions : OnsetStrengthOptions {
  double start_bpm = 120;
  double std_bpm = 1;
  double ac_size = 8;
  std::optional<double> max_tempo = 320;

  static Schema schema() {
    return extend(
        OnsetStrengthOptions::schema_for<TempoOptions>(),
        Option{"start_bpm", &TempoOptions::start_bpm, "tempo that is likeliest beforehand", Unit{"bpm"}, kPositive},
        Option{"std_bpm", &TempoOptions::std_bpm, "how far from it tempos lie", Unit{"octaves"}, kPositive},
        Option{"ac_size", &TempoOptions::ac_size, "length of the window", Unit{"seconds"}, kPositive},
        Option{"max_tempo", &TempoOptions::max_tempo, "faster ones are not considered", Unit{"bpm"}, kPositive},
        Option{"onset_aggregate", static_cast<std::string TempoOptions::*>(&TempoOptions::aggregate),
               "how bands become one onset strength; the beat tracker's tempo takes the median",
               Choices{"mean", "median"}});
  }
};

/// Frames per second and lags of a rate.
struct Lags {
  TempoPrior prior;
  int count;
  double frame_rate;
  Lags(const TempoOptions& options, int rate)
      : prior{options.start_bpm, options.std_bpm, options.max_tempo},
        count(lags_of(options.ac_size, options.hop(), rate)),
        frame_rate(static_cast<double>(rate) / options.hop()) {
    if (count < 2) {
      throw ArgumentError("'ac_size' = " + show_number(options.ac_size) + " seconds is shorter than two frames");
    }
  }
};

double tempo(const OnsetEnvelope& envelope, const Lags& lags) {
  return likeliest_tempo(envelope.row(0), lags.count, lags.frame_rate, lags.prior);
}

LUMIR_FEATURE(tempo, TempoOptions,
              {
                  .summary = "Beats per minute of the whole clip.",
                  .returns = "one number in bpm",
                  .example = "feature.tempo(clip, { start_bpm = 100 })",
                  .source = "Ellis, Beat tracking by dynamic programming (2007); librosa.feature.tempo",
                  .input = "clip",
              });

}  // namespace
}  // namespace lumir::feature
