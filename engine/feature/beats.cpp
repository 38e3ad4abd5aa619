// Beats by dynamic programming.
//
// A beat lies where onsets are strong, and about one period of the tempo behind the one before it. For every
// frame the best chain of beats that ends there is found: the one with the greatest sum of strengths, less
// what distances cost that are no period.

#include "feature/beats.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "feature/plan/terms.h"
#include "signal/kernel.h"

namespace lumir::feature {
namespace {

size_t index(long i) { return static_cast<size_t>(i); }

/// The envelope in units of its deviation.
std::vector<float> standardized(std::span<const float> envelope) {
  double mean = 0, squares = 0;
  for (const float value : envelope) mean += value / static_cast<double>(envelope.size());
  for (const float value : envelope) squares += (value - mean) * (value - mean);
  const auto deviation =
      static_cast<float>(std::sqrt(squares / std::max(1.0, static_cast<double>(envelope.size()) - 1)));
  std::vector<float> out;
  for (const float value : envelope) out.push_back(value / (deviation + std::numeric_limits<float>::min()));
  return out;
}

/// How much speaks for a beat at each frame: the envelope, smoothed over a 32nd of a beat.
std::vector<float> local_scores(const std::vector<float>& envelope, long period) {
  const auto frames = static_cast<long>(envelope.size());
  std::vector<float> scores(envelope.size(), 0.0f);
  for (long k = 0; k <= 2 * period; ++k) {
    const double distance = static_cast<double>(k - period) * 32 / static_cast<double>(period);
    const double weight = std::exp(-0.5 * distance * distance);
    // frame i takes envelope[i + period - k]; librosa leaves the very first number of the envelope out
    const long first = std::max(0L, k - period + 1), last = std::min(frames, frames + k - period);
    for (long i = first; i < last; ++i) {
      const double sum = scores[index(i)] + weight * envelope[index(i + period - k)];
      scores[index(i)] = static_cast<float>(sum);
    }
  }
  return scores;
}

/// For each frame the best score of a chain of beats that ends there, and the beat before it (-1 for none).
struct Chains {
  std::vector<double> scores;
  std::vector<long> before;
};

Chains best_chains(const std::vector<float>& local, long period, double tightness) {
  const long nearest = std::lrint(static_cast<double>(period) / 2), farthest = 2 * period;
  std::vector<double> costs(index(farthest) + 1, 0.0);
  for (long distance = std::max(1L, nearest); distance <= farthest; ++distance) {
    const double octaves = std::log(static_cast<double>(distance)) - std::log(static_cast<double>(period));
    costs[index(distance)] = tightness * octaves * octaves;
  }
  const double least = 0.01 * *std::max_element(local.begin(), local.end());
  Chains chains;
  bool first_beat = true;
  for (long i = 0; i < static_cast<long>(local.size()); ++i) {
    double best = -INFINITY;
    long found = -1;
    for (long distance = std::max(1L, nearest); distance <= std::min(farthest, i); ++distance) {
      const double score = chains.scores[index(i - distance)] - costs[index(distance)];
      if (score > best) {
        best = score;
        found = i - distance;
      }
    }
    chains.scores.push_back(found < 0 ? local[index(i)] : local[index(i)] + best);
    const bool silent = first_beat && local[index(i)] < least;
    chains.before.push_back(silent ? -1 : found);
    first_beat = first_beat && silent;
  }
  return chains;
}

/// The last frame whose chain is good: a peak of at least half the median peak.
long last_beat(const std::vector<double>& scores) {
  const auto is_peak = [&](size_t i) {
    return i > 0 && scores[i] > scores[i - 1] && (i + 1 == scores.size() || scores[i] >= scores[i + 1]);
  };
  std::vector<double> peaks;
  for (size_t i = 0; i < scores.size(); ++i) {
    if (is_peak(i)) peaks.push_back(scores[i]);
  }
  if (peaks.empty()) return static_cast<long>(scores.size()) - 1;
  std::sort(peaks.begin(), peaks.end());
  const size_t middle = peaks.size() / 2;
  const double median = peaks.size() % 2 == 1 ? peaks[middle] : (peaks[middle - 1] + peaks[middle]) / 2;
  for (size_t i = scores.size(); i-- > 0;) {
    if (is_peak(i) && scores[i] >= 0.5 * median) return static_cast<long>(i);
  }
  return static_cast<long>(scores.size()) - 1;
}

/// Half the RMS of the strengths at beats, smoothed over their neighbours by librosa's window.
double weak_limit(const std::vector<float>& local, const std::vector<long>& beats) {
  const auto strength = [&](long i) {
    return i >= 0 && i < static_cast<long>(beats.size()) ? static_cast<double>(local[index(beats[index(i)])]) : 0.0;
  };
  double squares = 0;
  const auto count = static_cast<long>(beats.size());
  const long smoothed = std::min(static_cast<long>(local.size()), count + 2);
  for (long i = 0; i < smoothed; ++i) {
    const double value = 0.5 * strength(i - 1) + strength(i) + 0.5 * strength(i + 1);
    squares += value * value;
  }
  return 0.5 * std::sqrt(squares / static_cast<double>(smoothed));
}

/// Frames between the first and the last that are strong enough.
void trim_ends(std::vector<long>& beats, const std::vector<float>& local, double limit) {
  const auto strong = [&](float score) { return score > limit; };
  const long first = std::find_if(local.begin(), local.end(), strong) - local.begin();
  const long end = local.rend() - std::find_if(local.rbegin(), local.rend(), strong);
  std::erase_if(beats, [&](long beat) { return beat < first || beat >= end; });
}

}  // namespace

std::vector<long> find_beats(std::span<const float> envelope, long period, double tightness, bool trim) {
  const auto local = local_scores(standardized(envelope), period);
  const Chains chains = best_chains(local, period, tightness);
  std::vector<long> beats;
  for (long beat = last_beat(chains.scores); beat >= 0; beat = chains.before[index(beat)]) beats.push_back(beat);
  std::reverse(beats.begin(), beats.end());
  trim_ends(beats, local, trim ? weak_limit(local, beats) : 0);
  return beats;
}
LUMIR_KERNEL(find_beats);

}  // namespace lumir::feature
