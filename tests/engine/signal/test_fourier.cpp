// Fourier transforms and complex spectrograms against the sum that defines them, and back.

#include <cmath>
#include <complex>
#include <numbers>

#include <catch2/catch.hpp>

#include "core/error.h"
#include "engine/feature/signal.h"
#include "engine/worse.h"
#include "signal/fourier.h"
#include "signal/kernel.h"
#include "signal/stft.h"

using namespace lumir;
using signal::Fourier;

namespace {

/// Numbers in -1 .. 1 without a pattern.
std::vector<double> noise(size_t n) {
  std::vector<double> numbers(n);
  uint64_t state = 99;
  for (double& number : numbers) {
    state = (state * 1103515245 + 12345) % 2147483648;
    number = static_cast<double>(state) / 1073741824.0 - 1;
  }
  return numbers;
}

std::complex<double> defined_bin(const double* x, int n, int k) {
  std::complex<double> sum = 0;
  for (long i = 0; i < n; ++i) {
    sum += x[i] * std::polar(1.0, -2 * std::numbers::pi * static_cast<double>(i * k % n) / n);
  }
  return sum;
}

/// The worst distance of any bin from its definition, over the size of the sequence.
double worst_bin(int n, long count) {
  const Fourier fourier(n);
  const auto x = noise(static_cast<size_t>(n * count));
  const auto all = static_cast<size_t>(count * fourier.bins());
  std::vector<double> re(all), im(all);
  fourier.forward(x.data(), count, re.data(), im.data());
  double worst = 0;
  for (long i = 0; i < count; ++i) {
    for (int k = 0; k < fourier.bins(); ++k) {
      const auto at = static_cast<size_t>(i * fourier.bins() + k);
      const std::complex<double> got(re[at], im[at]);
      worst = testing::worse(worst, std::abs(got - defined_bin(x.data() + i * n, n, k)) / std::sqrt(n));
    }
  }
  return worst;
}

double worst_return(int n, long count) {
  const Fourier fourier(n);
  const auto x = noise(static_cast<size_t>(n * count));
  const auto all = static_cast<size_t>(count * fourier.bins());
  std::vector<double> re(all), im(all), back(x.size());
  fourier.forward(x.data(), count, re.data(), im.data());
  fourier.inverse(re.data(), im.data(), count, back.data());
  double worst = 0;
  for (size_t i = 0; i < x.size(); ++i) worst = testing::worse(worst, std::fabs(back[i] - x[i]));
  return worst;
}

}  // namespace

TEST_CASE("a Fourier transform is the sum that defines it, at any length and level") {
  const std::string before = signal::level_name();
  for (const auto& level : signal::levels()) {
    signal::use_level(level);
    for (int n : {1, 2, 3, 4, 5, 8, 12, 16, 17, 30, 34, 61, 96, 100, 128, 243, 331, 512}) {
      INFO(level << " " << n);
      CHECK(worst_bin(n, 11) < 1e-13 * std::max(16, n));
      CHECK(worst_return(n, 11) < 1e-13);
    }
  }
  signal::use_level(before);
}

TEST_CASE("a complex spectrogram is the transform of windowed frames") {
  const auto clip = tests::golden_signal(22050);
  for (int n_fft : {512, 600, 331}) {
    INFO(n_fft);
    signal::SpectrumOptions options;
    options.n_fft = n_fft;
    options.hop_length = 100;
    const auto spectra = signal::stft(clip.samples, options);
    REQUIRE(spectra.frames == 1 + (66150 + 2 * (n_fft / 2) - n_fft) / 100);
    const auto window = signal::make_window("hann", n_fft, n_fft);
    const long frame = 77, begin = frame * 100 - n_fft / 2;
    std::vector<double> x;
    for (int i = 0; i < n_fft; ++i)
      x.push_back(clip.samples[static_cast<size_t>(begin + i)] * window[static_cast<size_t>(i)]);
    for (int k : {0, 1, 5, n_fft / 4, n_fft / 2}) {
      const auto at = spectra.at(frame) + static_cast<size_t>(k);
      CHECK(std::abs(std::complex<double>(spectra.re[at], spectra.im[at]) - defined_bin(x.data(), n_fft, k)) < 1e-5);
    }
    // a part of the frames is that part of all frames
    const auto part = signal::stft(clip.samples, options, 20, 5);
    for (size_t i = 0; i < part.re.size(); ++i) {
      REQUIRE(part.re[i] == spectra.re[i + spectra.at(20)]);
      REQUIRE(part.im[i] == spectra.im[i + spectra.at(20)]);
    }
  }
}

TEST_CASE("the inverse spectrogram gives the sound back") {
  const auto clip = tests::golden_signal(22050);
  const auto length = static_cast<long>(clip.samples.size());
  for (int n_fft : {2048, 600, 1023}) {
    for (bool center : {true, false}) {
      signal::SpectrumOptions options;
      options.n_fft = n_fft;
      options.hop_length = n_fft / 4;
      options.center = center;
      const auto spectra = signal::stft(clip.samples, options);
      const auto sound = signal::istft(spectra, options, length);
      REQUIRE(static_cast<long>(sound.size()) == length);
      // the last frame need not reach the end, and without centring few frames hold the ends
      const long certain = signal::istft_length(spectra.frames, options) - n_fft;
      double worst = 0;
      for (long i = center ? 0 : n_fft; i < std::min(length, certain); ++i) {
        const auto at = static_cast<size_t>(i);
        worst = testing::worse(worst, std::fabs(static_cast<double>(sound[at]) - clip.samples[at]));
      }
      INFO(n_fft << " " << center);
      CHECK(worst < 1e-6);
    }
  }
}

TEST_CASE("an inverse spectrogram of other bins than the options say is refused") {
  signal::Spectra spectra{5, 1, signal::AlignedFloats(5), signal::AlignedFloats(5)};
  CHECK_THROWS_WITH(signal::istft(spectra, {}, 100), "istft: 'n_fft' = 2048 has 1025 bins, the spectra have 5");
}
