// The mel scale: frequencies as ears space them. Slaney's Auditory Toolbox (1998), or HTK's formula.

#pragma once

#include <cmath>
#include <vector>

namespace lumir::signal {

inline constexpr double kHzPerMel = 200.0 / 3;         // below 1 kHz
inline constexpr double kMelLogStart = 1000.0;         // Hz
inline const double kMelLogStep = std::log(6.4) / 27;  // above

inline double hz_to_mel(double frequency, bool htk = false) {
  if (htk) return 2595 * std::log10(1 + frequency / 700);
  if (frequency < kMelLogStart) return frequency / kHzPerMel;
  return kMelLogStart / kHzPerMel + std::log(frequency / kMelLogStart) / kMelLogStep;
}

inline double mel_to_hz(double mel, bool htk = false) {
  if (htk) return 700 * (std::pow(10.0, mel / 2595) - 1);
  const double log_start = kMelLogStart / kHzPerMel;
  return mel < log_start ? mel * kHzPerMel : kMelLogStart * std::exp(kMelLogStep * (mel - log_start));
}

/// Middle frequencies of `n` bands between two limits, evenly spaced in mel.
inline std::vector<double> mel_middles(int n, double fmin, double fmax, bool htk = false) {
  std::vector<double> middles;
  const double low = hz_to_mel(fmin, htk), high = hz_to_mel(fmax, htk);
  for (int i = 1; i <= n; ++i) middles.push_back(mel_to_hz(low + (high - low) * i / (n + 1), htk));
  return middles;
}

}  // namespace lumir::signal
