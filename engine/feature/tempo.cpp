// Tempo: the commonest distance between onsets, as beats per minute.
//
// The onset envelope is compared with itself at every lag, in a window around every frame (a tempogram); the mean over
// frames, weighed by how common a tempo is in music, has its greatest value at the beat. One number for a clip.

#include <algorithm>
#include <cmath>
#include <numbers>

#include "feature/extractor.h"
#include "feature/onset_strength.h"
#include "feature/tempogram.h"

namespace lumir::feature {
namespace {

struct TempoOptions : OnsetStrengthOptions {
  double start_bpm = 120;
  double std_bpm = 1;
  double ac_size = 8;
  std::optional<double> max_tempo = 320;

  static Schema schema() {
    return extend(OnsetStrengthOptions::schema_for<TempoOptions>(),
                  Option{"start_bpm", &TempoOptions::start_bpm, "tempo that is likeliest beforehand", Unit{"bpm"}, kPositive},
                  Option{"std_bpm", &TempoOptions::std_bpm, "how far from it tempos lie", Unit{"octaves"}, kPositive},
                  Option{"ac_size", &TempoOptions::ac_size, "length of the window", Unit{"seconds"}, kPositive},
                  Option{"max_tempo", &TempoOptions::max_tempo, "faster ones are not considered", Unit{"bpm"}, kPositive});
  }
};

/// Frames per second and lags of a rate.
struct Lags {
  TempoOptions options;
  int count;
  double frame_rate;
  Lags(const TempoOptions& given, int rate)
      : options(given),
        count(static_cast<int>(std::floor(std::trunc(given.ac_size * rate) / given.hop_length))),
        frame_rate(static_cast<double>(rate) / given.hop_length) {
    if (count < 2) {
      throw ArgumentError("'ac_size' = " + show_number(given.ac_size) + " seconds is shorter than two frames");
    }
  }
};

double tempo(const OnsetEnvelope& envelope, const Lags& lags) {
  const TempoOptions& options = lags.options;
  const std::vector<double> similarity = mean_tempogram(envelope.row(0), lags.count);
  double best = -INFINITY;
  double found = 0;
  bool allowed = false;  // from the first lag on that is no faster than max_tempo
  for (int lag = 1; lag < lags.count; ++lag) {
    const double bpm = 60 * lags.frame_rate / lag;
    allowed = allowed || !options.max_tempo || bpm < *options.max_tempo;
    if (!allowed) continue;
    const double distance = (std::log2(bpm) - std::log2(options.start_bpm)) / options.std_bpm;
    const double score = std::log1p(1e6 * similarity[static_cast<size_t>(lag)]) - 0.5 * distance * distance;
    if (score > best) {
      best = score;
      found = bpm;
    }
  }
  return found;
}

LUMIR_FEATURE(tempo, TempoOptions, {
    .summary = "Beats per minute of the whole clip.",
    .returns = "one number in bpm",
    .example = "feature.tempo(clip, { start_bpm = 100 })",
    .source = "Ellis, Beat tracking by dynamic programming (2007); librosa.feature.tempo",
    .arguments = "clip",
});

}  // namespace
}  // namespace lumir::feature
