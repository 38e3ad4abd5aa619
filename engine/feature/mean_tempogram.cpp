// The mean tempogram without a tempogram.
//
// Of T frames with a window of L, the plain way takes T L^2 / 2 products. The window is Hann's, so the product of two
// of its values is a short sum of cosines; exchanging the sums over frames and over samples leaves T L products with
// differences of running sums:
//
//   sum over t of g(t) sum over i of o(t+i) w(i) o(t+i+l) w(i+l)  =  sum over m of o(m) o(m+l) H(m, l)
//   H(m, l) = sum over t of g(t) w(m-t) w(m+l-t),    g(t) = 1 / (autocorrelation of frame t at lag 0)
//
// Frames that are nearly silent have a g so large that differences of running sums would lose the others; they are
// worked out the plain way.

#include "feature/mean_tempogram.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "feature/plan/terms.h"
#include "feature/ramps.h"
#include "signal/kernel.h"
#include "signal/lanes.h"

namespace lumir::feature {
namespace {

double sum_of(Doubles a) {
  double total = 0;
  for (int i = 0; i < kDoubles; ++i) total += a[i];
  return total;
}
/// Sum of a[i] * b[i].
double product(const double* a, const double* b, long n) {
  Doubles sums{};
  long i = 0;
  for (; i + kDoubles <= n; i += kDoubles) sums += load(a + i) * load(b + i);
  double total = sum_of(sums);
  for (; i < n; ++i) total += a[i] * b[i];
  return total;
}

/// Sums over t < k - window of g(t) e(t), at [k], for one function e of time.
template <class Of>
std::vector<double> running_sums(const std::vector<double>& gains, long window, long size, Of of) {
  std::vector<double> sums(static_cast<size_t>(size), 0.0);
  double total = 0;
  for (long k = 0; k + window + 1 < size; ++k) {
    if (k < static_cast<long>(gains.size())) total += gains[static_cast<size_t>(k)] * of(k);
    sums[static_cast<size_t>(k + window + 1)] = total;
  }
  return sums;
}

}  // namespace

std::vector<double> mean_tempogram(std::span<const float> envelope, int window_length) {
  const long window = window_length, frames = static_cast<long>(envelope.size());
  const std::vector<double> onsets = with_ramps(envelope, window / 2, 2 * window + 2 * kLanes);
  const double step = 2 * std::numbers::pi / static_cast<double>(window);
  std::vector<double> hann;
  for (long i = 0; i < window; ++i) hann.push_back(0.5 - 0.5 * std::cos(step * static_cast<double>(i)));

  // energies of frames; the nearly silent ones apart
  std::vector<double> squares, weights, gains(static_cast<size_t>(frames), 0.0);
  for (double onset : onsets) squares.push_back(onset * onset);
  for (double weight : hann) weights.push_back(weight * weight);
  for (long t = 0; t < frames; ++t) gains[static_cast<size_t>(t)] = product(squares.data() + t, weights.data(), window);
  const double loudest = *std::max_element(gains.begin(), gains.end());
  std::vector<double> sums(static_cast<size_t>(window), 0.0);
  std::vector<double> weighted(static_cast<size_t>(window));
  for (long t = 0; t < frames; ++t) {
    double& gain = gains[static_cast<size_t>(t)];
    if (gain >= 1e-6 * loudest && gain > 0) {
      gain = 1 / gain;
      continue;
    }
    const double energy = gain;
    gain = 0;
    if (energy < 2.3e-308) continue;  // silent: librosa leaves it at 0
    for (long i = 0; i < window; ++i)
      weighted[static_cast<size_t>(i)] = onsets[static_cast<size_t>(t + i)] * hann[static_cast<size_t>(i)];
    for (long lag = 0; lag < window; ++lag) {
      sums[static_cast<size_t>(lag)] += product(weighted.data(), weighted.data() + lag, window - lag) / energy;
    }
  }

  // functions of the window's angle, for every sample and as running sums over frames
  const long samples = frames + window - 1;
  const long size = samples + 2 * window + 2 * kLanes;
  std::vector<double> cosine, sine, cosine2, sine2;
  for (long m = 0; m < size; ++m) {
    const double angle = step * static_cast<double>(m % window);
    cosine.push_back(std::cos(angle));
    sine.push_back(std::sin(angle));
    cosine2.push_back(std::cos(2 * angle));
    sine2.push_back(std::sin(2 * angle));
  }
  const auto at = [](const std::vector<double>& values) {
    return [&values](long t) { return values[static_cast<size_t>(t)]; };
  };
  const auto plain = running_sums(gains, window, size, [](long) { return 1.0; });
  const auto with_cosine = running_sums(gains, window, size, at(cosine));
  const auto with_sine = running_sums(gains, window, size, at(sine));
  const auto with_cosine2 = running_sums(gains, window, size, at(cosine2));
  const auto with_sine2 = running_sums(gains, window, size, at(sine2));

  for (long lag = 0; lag < window; ++lag) {
    const double c = std::cos(step * static_cast<double>(lag)), s = std::sin(step * static_cast<double>(lag));
    Doubles total{};
    // frames m + lag - window + 1 .. m hold both samples; in running sums these are [m + lag + 1] and [m + window + 1]
    for (long m = 0; m + lag < samples; m += kDoubles) {
      const auto between = [&](const std::vector<double>& sums_of) {
        return load(sums_of.data() + m + window + 1) - load(sums_of.data() + m + lag + 1);
      };
      const Doubles cm = load(cosine.data() + m), sm = load(sine.data() + m);
      const Doubles c2m = load(cosine2.data() + m), s2m = load(sine2.data() + m);
      const Doubles gc = between(with_cosine), gs = between(with_sine);
      const Doubles gc2 = between(with_cosine2), gs2 = between(with_sine2);
      const Doubles single = (1 + c) * (cm * gc + sm * gs) - s * (sm * gc - cm * gs);
      const Doubles twice = c * (c2m * gc2 + s2m * gs2) - s * (s2m * gc2 - c2m * gs2);
      const Doubles h = (1 + 0.5 * c) * between(plain) - single + 0.5 * twice;
      total += load(onsets.data() + m) * load(onsets.data() + m + lag) * h;
    }
    sums[static_cast<size_t>(lag)] += 0.25 * sum_of(total);
  }
  for (double& sum : sums) sum = std::max(0.0, sum / static_cast<double>(frames));
  return sums;
}
LUMIR_KERNEL(mean_tempogram);

double likeliest_tempo(std::span<const float> envelope, int lags, double frame_rate, const TempoPrior& prior) {
  const std::vector<double> similarity = mean_tempogram(envelope, lags);
  double best = -INFINITY;
  double found = 0;
  bool allowed = false;  // from the first lag on that is no faster than max_tempo
  for (int lag = 1; lag < lags; ++lag) {
    const double bpm = 60 * frame_rate / lag;
    allowed = allowed || !prior.max_tempo || bpm < *prior.max_tempo;
    if (!allowed) continue;
    const double distance = (std::log2(bpm) - std::log2(prior.start_bpm)) / prior.std_bpm;
    const double score = std::log1p(1e6 * similarity[static_cast<size_t>(lag)]) - 0.5 * distance * distance;
    if (score > best) {
      best = score;
      found = bpm;
    }
  }
  return found;
}
LUMIR_KERNEL(likeliest_tempo);

}  // namespace lumir::feature
