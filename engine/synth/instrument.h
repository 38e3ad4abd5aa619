// Instruments in a few lines each: strings, sums of partials, drums. They add to what stands in `out` already.

#pragma once

#include <span>
#include <vector>

#include "core/random.h"

namespace lumir::synth {

/// A place in a mix where an instrument writes: from `start` for at most `seconds`.
std::span<float> place(std::span<float> mix, double start, double seconds);

/// Karplus and Strong, Digital synthesis of plucked-string and drum timbres (1983), with a brightness as in Jaffe and
/// Smith's extension of the same year.
void pluck(std::span<float> out, double frequency, double gain, double brightness, Random& random);

/// A sum of partials, `ratios[k]` times the frequency with strength `levels[k]`; each dies away with `decay` seconds
/// (higher ones sooner), 0 for a held note, and rises within `attack` seconds.
void partials(std::span<float> out, double frequency, double gain, std::span<const double> ratios,
              std::span<const double> levels, double decay, double attack = 0.005);

inline constexpr double kOrganRatios[] = {0.5, 1, 1.5, 2, 3, 4, 6, 8};
inline constexpr double kOrganLevels[] = {0.5, 1, 0.4, 0.7, 0.4, 0.5, 0.2, 0.3};
inline constexpr double kHarmonics[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
inline constexpr double kBellRatios[] = {1, 2.76, 5.4, 8.93};
inline constexpr double kBellLevels[] = {1, 0.6, 0.35, 0.2};

/// Levels of harmonics 1 to 10: 1 / k for a bright sound, falling faster for a dull one.
std::vector<double> sawtooth_levels(double brightness);

/// A sine that falls to its pitch within 30 ms.
void kick(std::span<float> out, double pitch, double gain);
void snare(std::span<float> out, double pitch, double gain, Random& random);
void cymbal(std::span<float> out, double pitch, double decay, double gain, Random& random);

/// Adds `part` to `mix` with an RMS of `level`.
void add_part(std::span<float> mix, std::span<const float> part, double level);

}  // namespace lumir::synth
