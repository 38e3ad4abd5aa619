// Loudness: power through a filter that stands for head and ears, in blocks of 0.4 s, quiet ones left out.

#include "audio/loudness.h"

#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "audio/arithmetic.h"
#include "audio/biquad.h"
#include "core/step.h"

namespace lumir::audio {
namespace {

/// The head as a sphere: +4 dB above 1.7 kHz. The standard's numbers are for 48 kHz; this is the analogue filter behind
/// them at any rate (De Man, Evaluation of Implementations of the EBU R128 Loudness Measurement, AES 2018).
Biquad head(int rate) {
  constexpr double kFrequency = 1681.974450955533, kGain = 3.999843853973347, kQ = 0.7071752369554196;
  const double k = std::tan(std::numbers::pi * kFrequency / rate);
  const double high = std::pow(10, kGain / 20), middle = std::pow(high, 0.4996667741545416);
  const double a0 = 1 + k / kQ + k * k;
  return {(high + middle * k / kQ + k * k) / a0, 2 * (k * k - high) / a0, (high - middle * k / kQ + k * k) / a0,
          2 * (k * k - 1) / a0, (1 - k / kQ + k * k) / a0};
}

/// Bass counts less: a high-pass at 38 Hz.
Biquad bass(int rate) {
  constexpr double kFrequency = 38.13547087602444, kQ = 0.5003270373238773;
  const double k = std::tan(std::numbers::pi * kFrequency / rate);
  const double a0 = 1 + k / kQ + k * k;
  return {1, -2, 1, 2 * (k * k - 1) / a0, (1 - k / kQ + k * k) / a0};
}

/// Weighted power of each block of 0.4 s; three quarters of it are the next one's too.
std::vector<double> block_powers(const Clip& clip) {
  const Clip heard = filtered(clip, {head(clip.rate), bass(clip.rate)});
  const size_t length = samples_of(kLoudnessBlock, clip.rate), hop = samples_of(0.1, clip.rate);
  std::vector<double> powers;
  for (size_t from = 0; length > 0 && hop > 0 && from + length <= clip.length(); from += hop) {
    double power = 0;
    for (int c = 0; c < clip.channels; ++c) {
      double sum = 0;
      for (const float sample : heard.channel(c).subspan(from, length)) sum += double{sample} * sample;
      power += (c < 3 ? 1.0 : 1.41) * sum / static_cast<double>(length);
    }
    powers.push_back(power);
  }
  return powers;
}

double lufs(double power) { return -0.691 + 10 * std::log10(power); }

/// Mean power of the blocks above a gate; 0 where there is none.
double mean_above(const std::vector<double>& powers, double gate) {
  double sum = 0;
  size_t count = 0;
  for (const double power : powers) {
    if (!(lufs(power) > gate)) continue;
    sum += power;
    ++count;
  }
  return count > 0 ? sum / static_cast<double>(count) : 0;
}

struct LoudnessOptions : NoOptions {};

double loudness_of(const Clip& clip, const LoudnessOptions&) { return loudness(clip); }

const RegisterStep<LoudnessOptions, Clip, double> loudness_step{
    "audio",
    "loudness",
    loudness_of,
    "a clip",
    {.summary = "How loud a clip is to the ear, as broadcasters measure it: integrated, gated.",
     .returns = "a number in LUFS, -inf for silence",
     .example = "audio.loudness(clip)",
     .source = "ITU-R BS.1770-4; EBU R 128",
     .input = "clip"}};

}  // namespace

double loudness(const Clip& clip) {
  constexpr double kSilence = -70, kBelow = -10;
  const std::vector<double> powers = block_powers(clip);
  const double first = mean_above(powers, kSilence);
  const double power = first > 0 ? mean_above(powers, std::fmax(kSilence, lufs(first) + kBelow)) : 0;
  return power > 0 ? lufs(power) : -std::numeric_limits<double>::infinity();
}

}  // namespace lumir::audio
