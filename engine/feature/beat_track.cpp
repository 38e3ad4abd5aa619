// Beats: the moments that listeners tap to.

#include <algorithm>
#include <cmath>

#include "feature/beats.h"
#include "feature/extractor.h"
#include "feature/mean_tempogram.h"
#include "feature/onset_strength.h"

namespace lumir::feature {
namespace {

struct BeatTrackOptions : OnsetStrengthOptions {
  double start_bpm = 120;
  double tightness = 100;
  bool trim = true;
  std::optional<double> bpm;

  BeatTrackOptions() { aggregate = "median"; }
  static Schema schema() {
    using S = BeatTrackOptions;
    return extend(with_aggregate<S>(),
                  Option{"start_bpm", &S::start_bpm, "tempo that is likeliest beforehand", Unit{"bpm"}, kPositive},
                  Option{"tightness", &S::tightness, "how closely beats follow the tempo", kPositive},
                  Option{"trim", &S::trim, "leave weak beats at both ends out"},
                  Option{"bpm", &S::bpm, "the tempo; 'none' estimates it", Unit{"bpm"}, kPositive});
  }
};

struct Tracking {
  double tightness;
  bool trim;
  std::optional<double> bpm;
  TempoPrior prior;
  int lags;
  double frame_rate;

  Tracking(const BeatTrackOptions& options, int rate)
      : tightness(options.tightness),
        trim(options.trim),
        bpm(options.bpm),
        prior{options.start_bpm, 1, 320},
        lags(std::max(2, lags_of(8, options.hop(), rate))),
        frame_rate(static_cast<double>(rate) / options.hop()) {
    if (bpm && *bpm > 60 * frame_rate) {
      throw ArgumentError("'bpm' = " + show_number(*bpm) + " has more than one beat in a frame (at most " +
                          show_number(60 * frame_rate) + ")");
    }
  }
};

Times beat_track(const OnsetEnvelope& strength, const Tracking& tracking) {
  const auto envelope = strength.row(0);
  if (std::all_of(envelope.begin(), envelope.end(), [](float value) { return value == 0; })) return {};
  const double bpm =
      tracking.bpm ? *tracking.bpm : likeliest_tempo(envelope, tracking.lags, tracking.frame_rate, tracking.prior);
  const long period = std::lrint(tracking.frame_rate * 60 / bpm);
  Times times;
  for (const long beat : find_beats(envelope, period, tracking.tightness, tracking.trim)) {
    times.seconds.push_back(static_cast<double>(beat) / tracking.frame_rate);
  }
  return times;
}

LUMIR_FEATURE(beat_track, BeatTrackOptions,
              {
                  .summary = "When beats fall: onsets that keep a steady tempo.",
                  .returns = "[beats] in seconds, ascending",
                  .example = "feature.beat_track(clip, { start_bpm = 100 })",
                  .source = "Ellis, Beat tracking by dynamic programming (2007); librosa.beat.beat_track",
                  .input = "clip",
              });

}  // namespace
}  // namespace lumir::feature
