// Noise at a known ratio to the signal: made, or cut from recordings.

#include <algorithm>
#include <cmath>
#include <numbers>

#include "audio/decode.h"
#include "augment/convolution.h"
#include "augment/effect.h"
#include "signal/fourier.h"
#include "signal/normal.h"

namespace lumir::augment {
namespace {

struct NoiseOptions {
  double snr = 20;
  std::string color = "white";
  std::vector<std::string> from;

  const std::vector<std::string>& files() const { return from; }

  static Schema schema() {
    return {
        Option{"snr", &NoiseOptions::snr, "power of the clip over that of the noise", Unit{"dB"}, Range{-100, 200}},
        Option{"color", &NoiseOptions::color,
               "spectrum of made noise: 0, -3, -6, 3, 6 dB an octave; or the crackle of an old record",
               Choices{"white", "pink", "brown", "blue", "violet", "crackle"}},
        Option{"files", &NoiseOptions::from, "recordings to cut the noise from, one drawn for each clip; none: made"}};
  }
};

Floats white(size_t length, Random& random) {
  Floats out(length);
  signal::fill_normal(out, random.next64());
  return out;
}

/// A filter whose amplitude goes as frequency^-exponent, symmetric around its middle.
std::vector<double> color_filter(double exponent) {
  constexpr int kSize = 1 << 14;
  const signal::Fourier fourier(kSize);
  const auto bins = static_cast<size_t>(fourier.bins());
  std::vector<double> re(bins), im(bins), impulse(kSize), filter(kSize);
  for (size_t k = 1; k < bins; ++k) re[k] = std::pow(static_cast<double>(k), -exponent);
  re[0] = re[1];
  fourier.inverse(re.data(), im.data(), 1, impulse.data());
  for (size_t i = 0; i < kSize; ++i) {
    const double window = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(i) / kSize);
    filter[i] = window * impulse[(i + kSize / 2) % kSize];
  }
  return filter;
}

Floats colored(size_t length, double exponent, Random& random) {
  const std::vector<double> filter = color_filter(exponent);
  const auto noise = convolved(white(length + filter.size(), random), filter);
  return {noise.begin() + static_cast<long>(filter.size()), noise.begin() + static_cast<long>(filter.size() + length)};
}

/// Dust and scratches: clicks at random times, on average 20 a second, most of them faint, each
/// ringing out within 2 ms.
Floats crackle(size_t length, int rate, Random& random) {
  constexpr double kPerSecond = 20, kRing = 0.0004, kFrequency = 2500;
  Floats out(length);
  const auto ring = static_cast<size_t>(5 * kRing * rate) + 1;
  double time = 0;
  while (true) {
    time += -std::log(1 - random.uniform()) / kPerSecond;
    const auto first = static_cast<size_t>(time * rate);
    if (first >= length) return out;
    const double size = std::exp(1.2 * random.normal()) * (random.below(2) == 0 ? -1 : 1);
    for (size_t i = 0; i < std::min(ring, length - first); ++i) {
      const double t = static_cast<double>(i) / rate;
      out[first + i] +=
          static_cast<float>(size * std::exp(-t / kRing) * std::cos(2 * std::numbers::pi * kFrequency * t));
    }
  }
}

/// Each channel has noise of its own.
Clip made_noise(const Clip& clip, const NoiseOptions& options, Random& random) {
  const std::map<std::string, double> exponents{{"pink", 0.5}, {"brown", 1}, {"blue", -0.5}, {"violet", -1}};
  return each_channel(clip, [&](std::span<const float> channel) {
    if (options.color == "crackle") return crackle(channel.size(), clip.rate, random);
    if (options.color == "white") return white(channel.size(), random);
    return colored(channel.size(), exponents.at(options.color), random);
  });
}

/// A piece of a recording from a random place on; a short recording comes again and again.
/// Every channel hears the same.
Clip recorded_noise(const Clip& clip, const NoiseOptions& options, Random& random) {
  const std::string& path = options.from[random.below(static_cast<uint32_t>(options.from.size()))];
  const double spare = audio::probe(path).seconds - clip.seconds();
  audio::DecodeOptions part{.rate = clip.rate};
  if (spare > 0) part = {.rate = clip.rate, .offset = random.uniform(0, spare), .duration = clip.seconds()};
  const Floats recorded = audio::decode(path, part).clip.samples;
  if (recorded.empty()) throw Error(path + ": no samples to take noise from");
  const size_t first = spare > 0 ? 0 : random.below(static_cast<uint32_t>(recorded.size()));
  return each_channel(clip, [&](std::span<const float> channel) {
    Floats out(channel.size());
    for (size_t i = 0; i < out.size(); ++i) out[i] = recorded[(first + i) % recorded.size()];
    return out;
  });
}

Clip noise(const Clip& clip, const NoiseOptions& options, Random& random) {
  const Clip added = options.from.empty() ? made_noise(clip, options, random) : recorded_noise(clip, options, random);
  const double power = power_of(added);
  if (power == 0) return clip;
  const double factor = std::sqrt(power_of(clip) / power) * std::pow(10, -options.snr / 20);
  Clip out = clip;
  for (size_t i = 0; i < out.samples.size(); ++i) out.samples[i] += static_cast<float>(factor * added.samples[i]);
  return out;
}

const RegisterEffect<NoiseOptions> noise_effect{
    "noise",
    noise,
    {.summary = "Adds noise at a ratio to the power of the whole clip; silence stays silence.",
     .options = "",
     .varied = "{ snr = { 10, 30 }, color = 'pink' }",
     .source = "addNoise and addSound of Mauch and Ewert, The Audio Degradation Toolbox (ISMIR 2013)"}};

}  // namespace
}  // namespace lumir::augment
