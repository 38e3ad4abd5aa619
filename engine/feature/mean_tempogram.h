// How similar an onset envelope is to itself some frames later, and the tempo that follows from it.

#pragma once

#include <cmath>
#include <optional>
#include <span>
#include <vector>

namespace lumir::feature {

/// The mean over frames of the local autocorrelation at lags 0 .. window - 1, each frame's normalised to a maximum of
/// 1: librosa's tempogram, averaged.
std::vector<double> mean_tempogram(std::span<const float> envelope, int window);

/// What is known of a tempo beforehand: around start_bpm, std_bpm octaves wide.
struct TempoPrior {
  double start_bpm = 120;
  double std_bpm = 1;
  std::optional<double> max_tempo = 320;
};

/// The tempo in bpm whose lag, among 1 .. lags - 1 frames, is the most similar, weighed by the prior.
double likeliest_tempo(std::span<const float> envelope, int lags, double frame_rate, const TempoPrior& prior);

/// Lags of `seconds`, counted as librosa does.
inline int lags_of(double seconds, int hop_length, int rate) {
  return static_cast<int>(std::floor(std::trunc(seconds * rate) / hop_length));
}

}  // namespace lumir::feature
