// Frames are read at another pace. Each keeps its magnitudes, between two frames in a straight line; its phases go on
// by as much as they did from frame to frame in the original.
//
// Phases are unit numbers that are multiplied, in double: no angle is ever taken, and nothing grows with the length of
// the clip.

#include "augment/vocoder.h"

#include <algorithm>
#include <cmath>
#include <complex>

#include "core/interrupt.h"
#include "signal/stft.h"

namespace lumir::augment {
namespace {

using Complex = std::complex<double>;
using signal::Spectra;

/// The number's direction, 1 for 0 (whose angle counts as 0).
Complex direction(Complex number) {
  const double size = std::abs(number);
  return size > 0 ? number / size : Complex(1);
}

Complex value(const Spectra& spectra, long frame, int bin) {
  const size_t at = spectra.at(frame) + static_cast<size_t>(bin);
  return {spectra.re[at], spectra.im[at]};
}

/// All frames for one bin. Behind the last frame magnitudes go on in the line of the last two, as in librosa.
void stretch_bin(const Spectra& from, double rate, int bin, Spectra& to) {
  const long last = from.frames - 1;
  Complex phase = direction(value(from, 0, bin));
  for (long t = 0; t < to.frames; ++t) {
    const double time = static_cast<double>(t) * rate;
    const long first = std::min(static_cast<long>(time), last);
    const Complex here = value(from, first, bin), next = value(from, std::min(first + 1, last), bin);
    const long left = std::clamp(first, 0L, std::max(0L, last - 1));
    const double low = std::abs(value(from, left, bin)), high = std::abs(value(from, std::min(left + 1, last), bin));
    const Complex out = phase * (low + (high - low) * (time - static_cast<double>(left)));
    const size_t at = to.at(t) + static_cast<size_t>(bin);
    to.re[at] = static_cast<float>(out.real());
    to.im[at] = static_cast<float>(out.imag());
    phase = direction(phase * direction(next) * std::conj(direction(here)));
  }
}

}  // namespace

Floats stretched(std::span<const float> samples, double rate, const VocoderOptions& options) {
  signal::SpectrumOptions spectrum;
  spectrum.n_fft = options.n_fft;
  spectrum.hop_length = options.hop_length.value_or(signal::quarter_of(options.n_fft));
  const auto length = static_cast<long>(std::nearbyint(static_cast<double>(samples.size()) / rate));
  if (samples.empty() || length == 0) return Floats(static_cast<size_t>(length));
  const Spectra from = signal::stft(samples, spectrum);
  Spectra to{from.bins, static_cast<long>(std::ceil(static_cast<double>(from.frames) / rate)), {}, {}};
  to.re.resize(to.at(to.frames));
  to.im.resize(to.at(to.frames));
  for (int bin = 0; bin < from.bins; ++bin) {
    check_interrupt();
    stretch_bin(from, rate, bin, to);
  }
  return signal::istft(to, spectrum, length);
}

}  // namespace lumir::augment
