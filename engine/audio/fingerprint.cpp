// See fingerprint.h. The numbers below were chosen on songs of mini-artists and of the sample corpus,
// re-encoded at 16 and 24 kbit/s and cut: at most 0.17 of a copy's bits differ, at least 0.34 of those of
// another song of its album.

#include "audio/fingerprint.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numbers>

#include "core/error.h"
#include "core/parallel.h"

namespace lumir::audio {
namespace {

constexpr size_t kWindow = 512;  // 128 ms
constexpr size_t kHop = 256;
constexpr size_t kBands = 33;
constexpr double kLowest = 300, kHighest = 1800;  // Hz: what every codec keeps
constexpr size_t kLag = 12;                       // words between the two moments that are compared
/// Smoothing in time over five moments: a Hann window without its zeros.
constexpr std::array<float, 5> kSmooth = {1 / 12.f, 3 / 12.f, 4 / 12.f, 3 / 12.f, 1 / 12.f};

using Bands = std::array<float, kBands>;

/// A complex transform of kWindow points in place (Cooley and Tukey, radix 2).
class Transform {
 public:
  Transform() {
    for (size_t i = 0; i < kWindow / 2; ++i) {
      const double angle = -2 * std::numbers::pi * static_cast<double>(i) / kWindow;
      cosine_[i] = static_cast<float>(std::cos(angle));
      sine_[i] = static_cast<float>(std::sin(angle));
    }
    for (size_t i = 0; i < kWindow; ++i) {
      size_t reversed = 0;
      for (size_t bit = 1; bit < kWindow; bit *= 2) reversed = 2 * reversed + ((i & bit) != 0);
      reversed_[i] = reversed;
    }
  }
  /// Where sample i of the input belongs.
  size_t place(size_t i) const { return reversed_[i]; }
  void run(float* re, float* im) const {
    for (size_t half = 1; half < kWindow; half *= 2) {
      const size_t stride = kWindow / (2 * half);
      for (size_t begin = 0; begin < kWindow; begin += 2 * half) {
        for (size_t k = 0; k < half; ++k) {
          const float c = cosine_[k * stride], s = sine_[k * stride];
          const size_t a = begin + k, b = a + half;
          const float x = re[b] * c - im[b] * s, y = re[b] * s + im[b] * c;
          re[b] = re[a] - x;
          im[b] = im[a] - y;
          re[a] += x;
          im[a] += y;
        }
      }
    }
  }

 private:
  std::array<float, kWindow / 2> cosine_, sine_;
  std::array<size_t, kWindow> reversed_;
};

std::array<float, kWindow> make_hann() {
  std::array<float, kWindow> window;
  for (size_t i = 0; i < kWindow; ++i) {
    window[i] = static_cast<float>(0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(i) / kWindow));
  }
  return window;
}

/// Edges of the bands in bins, evenly spaced on a logarithmic axis; a bin reaches half a bin to both sides.
std::array<float, kBands + 1> make_edges() {
  std::array<float, kBands + 1> edges;
  for (size_t i = 0; i <= kBands; ++i) {
    const double hz = kLowest * std::pow(kHighest / kLowest, static_cast<double>(i) / kBands);
    edges[i] = static_cast<float>(hz * kWindow / kFingerprintRate + 0.5);
  }
  return edges;
}

/// The power in each band; an edge shares its bin out between its two bands.
Bands bands_of(const std::array<float, kWindow / 2>& power) {
  static const auto edges = make_edges();
  Bands bands;
  for (size_t band = 0; band < kBands; ++band) {
    const auto first = static_cast<size_t>(edges[band]), last = static_cast<size_t>(edges[band + 1]);
    float sum = 0;
    for (size_t bin = first; bin < last; ++bin) sum += power[bin];
    sum -= (edges[band] - static_cast<float>(first)) * power[first];
    sum += (edges[band + 1] - static_cast<float>(last)) * power[last];
    bands[band] = sum;
  }
  return bands;
}

/// Bands of every frame. Two real frames go through one complex transform: one as its real, one as its imaginary part.
std::vector<Bands> bands_of_frames(std::span<const float> samples) {
  static const Transform transform;
  static const auto hann = make_hann();
  const size_t frames = samples.size() < kWindow ? 0 : (samples.size() - kWindow) / kHop + 1;
  std::vector<Bands> bands(frames);
  std::array<float, kWindow> re, im;
  for (size_t frame = 0; frame < frames; frame += 2) {
    const float* one = samples.data() + frame * kHop;
    const bool paired = frame + 1 < frames;
    const float* two = paired ? one + kHop : one;
    for (size_t i = 0; i < kWindow; ++i) {
      re[transform.place(i)] = one[i] * hann[i];
      im[transform.place(i)] = two[i] * hann[i];
    }
    transform.run(re.data(), im.data());
    std::array<float, kWindow / 2> power_one, power_two;
    for (size_t k = 0; k < kWindow / 2; ++k) {
      const size_t mirror = (kWindow - k) % kWindow;
      const float sum_re = re[k] + re[mirror], difference_im = im[k] - im[mirror];
      const float sum_im = im[k] + im[mirror], difference_re = re[k] - re[mirror];
      power_one[k] = sum_re * sum_re + difference_im * difference_im;
      power_two[k] = sum_im * sum_im + difference_re * difference_re;
    }
    bands[frame] = bands_of(power_one);
    if (paired) bands[frame + 1] = bands_of(power_two);
  }
  return bands;
}

std::vector<Bands> smoothed(const std::vector<Bands>& bands) {
  std::vector<Bands> out(bands.size() < kSmooth.size() ? 0 : bands.size() - kSmooth.size() + 1);
  for (size_t t = 0; t < out.size(); ++t) {
    out[t].fill(0);
    for (size_t i = 0; i < kSmooth.size(); ++i) {
      for (size_t band = 0; band < kBands; ++band) out[t][band] += kSmooth[i] * bands[t + i][band];
    }
  }
  return out;
}

/// Bit b: whether band b gained on band b + 1 since `before`. What stays the same but for rounding is no gain.
uint32_t word_of(const Bands& before, const Bands& now) {
  float loudest = 0;
  for (size_t band = 0; band < kBands; ++band) loudest = std::max({loudest, before[band], now[band]});
  uint32_t word = 0;
  for (size_t band = 0; band + 1 < kBands; ++band) {
    const float gain = (now[band] - now[band + 1]) - (before[band] - before[band + 1]);
    const float size = now[band] + now[band + 1] + before[band] + before[band + 1];
    if (gain > 1e-4f * size + 1e-9f * loudest) word |= uint32_t{1} << band;
  }
  return word;
}

}  // namespace

Fingerprint fingerprint(const Clip& clip) {
  if (clip.channels != 1 || clip.rate != kFingerprintRate) {
    throw ArgumentError("fingerprint: takes a mono clip of " + std::to_string(kFingerprintRate) + " Hz");
  }
  const auto length = std::min(clip.samples.size(), static_cast<size_t>(kFingerprintSeconds * kFingerprintRate));
  const auto bands = smoothed(bands_of_frames({clip.samples.data(), length}));
  Fingerprint print;
  for (size_t t = kLag; t < bands.size(); ++t) print.words.push_back(word_of(bands[t - kLag], bands[t]));
  return print;
}

std::string to_bytes(const Fingerprint& print) {
  return {reinterpret_cast<const char*>(print.words.data()), print.words.size() * sizeof(uint32_t)};
}

Fingerprint fingerprint_from(std::string_view bytes) {
  Fingerprint print;
  if (bytes.size() % sizeof(uint32_t) != 0) return print;
  print.words.resize(bytes.size() / sizeof(uint32_t));
  // a recording that is too short has no words, and what has none may be copied by iterators only
  std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(print.words.data()));
  return print;
}

}  // namespace lumir::audio
