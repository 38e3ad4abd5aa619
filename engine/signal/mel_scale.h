// The mel scale: frequencies as ears space them. Slaney's Auditory Toolbox (1998), or HTK's formula.

#pragma once

#include <cmath>

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

}  // namespace lumir::signal
