// Short-time Fourier transforms there and back, in double around float spectra.

#include "feature/stft.h"

#include <algorithm>
#include <limits>
#include <string>

#include "core/error.h"
#include "core/interrupt.h"
#include "feature/fourier.h"
#include "feature/kernel.h"
#include "feature/padding.h"

namespace lumir::feature {

/// to = from * window, in double.
void window_frame(const float* from, const double* window, long n, double* to) {
  for (long i = 0; i < n; ++i) to[i] = from[i] * window[i];
}
void narrow_numbers(const double* from, long n, float* to) {
  for (long i = 0; i < n; ++i) to[i] = static_cast<float>(from[i]);
}
void widen_numbers(const float* from, long n, double* to) {
  for (long i = 0; i < n; ++i) to[i] = from[i];
}
/// to += from * window
void add_windowed(const double* from, const double* window, long n, double* to) {
  for (long i = 0; i < n; ++i) to[i] += from[i] * window[i];
}
LUMIR_KERNEL(window_frame);
LUMIR_KERNEL(narrow_numbers);
LUMIR_KERNEL(widen_numbers);
LUMIR_KERNEL(add_windowed);

#ifndef LUMIR_KERNELS_ONLY
namespace {

constexpr long kTogether = 16;  // frames that are transformed at a time

std::vector<double> window_of(const SpectrumOptions& options) {
  return make_window(options.window, options.win_length.value_or(options.n_fft), options.n_fft);
}

}  // namespace

Spectra stft(std::span<const float> samples, const SpectrumOptions& options, long first, long count) {
  const Fourier fourier(options.n_fft);
  const auto window = window_of(options);
  const Framing framing = options.framing();
  const long n = options.n_fft, bins = options.bins(), length = static_cast<long>(samples.size());
  const auto put_window = best(&window_frame);
  const auto narrow = best(&narrow_numbers);

  Spectra out{options.bins(), std::max(0L, count), {}, {}};
  out.re.resize(out.at(out.frames));
  out.im.resize(out.at(out.frames));
  AlignedDoubles frames(static_cast<size_t>(kTogether * n)), re(static_cast<size_t>(kTogether * bins)), im(re.size());
  std::vector<float> end(static_cast<size_t>(n));
  for (long t = 0; t < out.frames; t += kTogether) {
    if (t % 4096 == 0) check_interrupt();
    const long some = std::min(kTogether, out.frames - t);
    for (long i = 0; i < some; ++i) {
      const long begin = framing.begin(first + t + i);
      const float* from = end.data();
      if (begin >= 0 && begin + n <= length) {
        from = samples.data() + begin;
      } else {
        for (long k = 0; k < n; ++k) {
          const long index = padded_index(begin + k, length, options.pad_mode);
          end[static_cast<size_t>(k)] = index < 0 ? 0.0f : samples[static_cast<size_t>(index)];
        }
      }
      put_window(from, window.data(), n, frames.data() + i * n);
    }
    fourier.forward(frames.data(), some, re.data(), im.data());
    narrow(re.data(), some * bins, out.re.data() + out.at(t));
    narrow(im.data(), some * bins, out.im.data() + out.at(t));
  }
  return out;
}

Spectra stft(std::span<const float> samples, const SpectrumOptions& options) {
  return stft(samples, options, 0, options.framing().count(static_cast<long>(samples.size())));
}

long istft_length(long frames, const SpectrumOptions& options) {
  if (frames < 1) return 0;
  const long whole = options.n_fft + options.hop_length * (frames - 1);
  return options.center ? whole - 2 * (options.n_fft / 2) : whole;
}

Floats istft(const Spectra& spectra, const SpectrumOptions& options, long length) {
  if (options.bins() != spectra.bins) {
    throw ArgumentError("istft: 'n_fft' = " + std::to_string(options.n_fft) + " has " + std::to_string(options.bins()) +
                        " bins, the spectra have " + std::to_string(spectra.bins));
  }
  const Fourier fourier(options.n_fft);
  const auto window = window_of(options);
  std::vector<double> squares;
  for (const double weight : window) squares.push_back(weight * weight);
  const long n = options.n_fft, bins = spectra.bins, hop = options.hop_length;
  const auto add = best(&add_windowed);
  const auto widen = best(&widen_numbers);
  const long before = options.center ? n / 2 : 0;

  // from the first frame's begin on; frames whose begin lies behind the end have no part in it
  const long whole = before + length;
  const long used = std::min(spectra.frames, whole > 0 ? (whole + hop - 1) / hop : 0);
  std::vector<double> sound(static_cast<size_t>(whole + n), 0.0), weights(sound.size(), 0.0);
  const std::vector<double> ones(static_cast<size_t>(n), 1.0);
  AlignedDoubles re(static_cast<size_t>(kTogether * bins)), im(re.size()), frames(static_cast<size_t>(kTogether * n));
  for (long t = 0; t < used; t += kTogether) {
    if (t % 4096 == 0) check_interrupt();
    const long some = std::min(kTogether, used - t);
    widen(spectra.re.data() + spectra.at(t), some * bins, re.data());
    widen(spectra.im.data() + spectra.at(t), some * bins, im.data());
    fourier.inverse(re.data(), im.data(), some, frames.data());
    for (long i = 0; i < some; ++i) {
      add(frames.data() + i * n, window.data(), n, sound.data() + (t + i) * hop);
      add(squares.data(), ones.data(), n, weights.data() + (t + i) * hop);
    }
  }
  Floats out(static_cast<size_t>(length));
  for (size_t i = 0; i < out.size(); ++i) {
    const size_t from = i + static_cast<size_t>(before);
    const double weight = weights[from];
    const double value = weight > std::numeric_limits<float>::min() ? sound[from] / weight : sound[from];
    out[i] = static_cast<float>(value);
  }
  return out;
}
#endif

}  // namespace lumir::feature
