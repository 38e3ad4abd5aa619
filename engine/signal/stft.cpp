// Short-time Fourier transforms there and back, in double around float spectra.

#include "signal/stft.h"

#include <algorithm>
#include <limits>
#include <string>

#include "core/denormals.h"
#include "core/error.h"
#include "core/interrupt.h"
#include "core/spill.h"
#include "signal/kernel.h"
#include "signal/padding.h"

namespace lumir::signal {

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
/// sums += frame * window, weights += window^2
void add_windowed(const double* frame, const double* window, long n, double* sums, double* weights) {
  for (long i = 0; i < n; ++i) {
    sums[i] += frame[i] * window[i];
    weights[i] += window[i] * window[i];
  }
}
/// Sums by weights; the sum itself where no window reaches, as in librosa.
void divide_by_weights(const double* sums, const double* weights, long n, float* out) {
  constexpr double kTiny = std::numeric_limits<float>::min();
  for (long i = 0; i < n; ++i) {
    const double weight = weights[i] > kTiny ? weights[i] : 1;
    out[i] = static_cast<float>(sums[i] / weight);
  }
}
LUMIR_KERNEL(window_frame);
LUMIR_KERNEL(narrow_numbers);
LUMIR_KERNEL(widen_numbers);
LUMIR_KERNEL(add_windowed);
LUMIR_KERNEL(divide_by_weights);

#ifndef LUMIR_KERNELS_ONLY
namespace {

constexpr long kTogether = 16;  // frames that are transformed at a time
constexpr long kPiece = 1024;   // frames between looks at the interrupt

std::vector<double> window_of(const SpectrumOptions& options) {
  return make_window(options.window, options.win_length.value_or(options.n_fft), options.n_fft);
}

}  // namespace

StftAnalysis::StftAnalysis(const SpectrumOptions& options)
    : options_(options), window_(window_of(options)), fourier_(options.n_fft) {}

Spectra StftAnalysis::frames(std::span<const float> samples, long first, long count) const {
  const Framing framing = options_.framing();
  const long n = options_.n_fft, bins = options_.bins(), length = static_cast<long>(samples.size());
  const auto put_window = best(&window_frame);
  const auto narrow = best(&narrow_numbers);

  Spectra out{options_.bins(), std::max(0L, count), {}, {}};
  out.re.resize(out.at(out.frames));
  out.im.resize(out.at(out.frames));
  AlignedDoubles frames(static_cast<size_t>(kTogether * n)), re(static_cast<size_t>(kTogether * bins)), im(re.size());
  std::vector<float> end(static_cast<size_t>(n));
  for (long t = 0; t < out.frames; t += kTogether) {
    check_interrupt();  // at each block: windows may be long
    const long some = std::min(kTogether, out.frames - t);
    for (long i = 0; i < some; ++i) {
      const long begin = framing.begin(first + t + i);
      const float* from = end.data();
      if (begin >= 0 && begin + n <= length) {
        from = samples.data() + begin;
      } else {
        for (long k = 0; k < n; ++k) {
          const long index = padded_index(begin + k, length, options_.pad_mode);
          end[static_cast<size_t>(k)] = index < 0 ? 0.0f : samples[static_cast<size_t>(index)];
        }
      }
      put_window(from, window_.data(), n, frames.data() + i * n);
    }
    fourier_.forward(frames.data(), some, re.data(), im.data());
    narrow(re.data(), some * bins, out.re.data() + out.at(t));
    narrow(im.data(), some * bins, out.im.data() + out.at(t));
  }
  return out;
}

Spectra stft(std::span<const float> samples, const SpectrumOptions& options, long first, long count) {
  return StftAnalysis(options).frames(samples, first, count);
}

Spectra stft(std::span<const float> samples, const SpectrumOptions& options) {
  const FlushDenormals flush;
  return stft(samples, options, 0, options.framing().count(static_cast<long>(samples.size())));
}

StftSynthesis::StftSynthesis(const SpectrumOptions& options)
    : window_(window_of(options)),
      fourier_(options.n_fft),
      hop_length_(static_cast<size_t>(options.hop())),
      before_(options.center ? options.n_fft / 2 : 0) {}

std::vector<float> StftSynthesis::add(const Spectra& spectra, long first, long count) {
  if (count < 1) return {};
  const size_t n = window_.size(), hops = static_cast<size_t>(count);
  const size_t reach = (hops - 1) * hop_length_ + std::max(n, hop_length_);
  if (sums_.size() < reach) {
    sums_.resize(reach, 0.0);
    weights_.resize(reach, 0.0);
  }
  const auto widen = best(&widen_numbers);
  const auto add_frame = best(&add_windowed);
  AlignedDoubles re(static_cast<size_t>(kTogether * spectra.bins)), im(re.size()), frames(kTogether * n);
  for (long t = 0; t < count; t += kTogether) {
    const long some = std::min(kTogether, count - t);
    widen(spectra.re.data() + spectra.at(first + t), some * spectra.bins, re.data());
    widen(spectra.im.data() + spectra.at(first + t), some * spectra.bins, im.data());
    fourier_.inverse(re.data(), im.data(), some, frames.data());
    for (size_t i = 0; i < static_cast<size_t>(some); ++i) {
      const size_t at = (static_cast<size_t>(t) + i) * hop_length_;
      add_frame(frames.data() + i * n, window_.data(), static_cast<long>(n), sums_.data() + at, weights_.data() + at);
    }
  }
  return take(hops * hop_length_);
}

std::vector<float> StftSynthesis::rest() { return take(sums_.size()); }

std::vector<float> StftSynthesis::take(size_t count) {
  std::vector<float> out(count);
  best (&divide_by_weights)(sums_.data(), weights_.data(), static_cast<long>(count), out.data());
  sums_.erase(sums_.begin(), sums_.begin() + static_cast<long>(count));
  weights_.erase(weights_.begin(), weights_.begin() + static_cast<long>(count));
  return out;
}

long istft_length(long frames, const SpectrumOptions& options) {
  if (frames < 1) return 0;
  const long whole = options.n_fft + options.hop() * (frames - 1);
  return options.center ? whole - 2 * (options.n_fft / 2) : whole;
}

Floats istft(const Spectra& spectra, const SpectrumOptions& options, long length) {
  const FlushDenormals flush;
  if (options.bins() != spectra.bins) {
    throw ArgumentError("istft: 'n_fft' = " + std::to_string(options.n_fft) + " has " + std::to_string(options.bins()) +
                        " bins, the spectra have " + std::to_string(spectra.bins));
  }
  // frames whose begin lies behind the end have no part in it
  StftSynthesis synthesis(options);
  const long whole = synthesis.before() + length, hop = options.hop();
  const long used = std::min(spectra.frames, whole > 0 ? (whole + hop - 1) / hop : 0);
  Floats out(static_cast<size_t>(length), 0.0f);
  long at = -synthesis.before();  // of the clip, where samples come next
  const auto put = [&](const std::vector<float>& sound) {
    const auto count = static_cast<long>(sound.size());
    const long first = std::clamp(-at, 0L, count), last = std::clamp(length - at, first, count);
    if (first < last) std::copy(sound.begin() + first, sound.begin() + last, out.begin() + at + first);
    at += count;
  };
  for (long t = 0; t < used; t += kPiece) {
    check_interrupt();
    relieve_memory();
    put(synthesis.add(spectra, t, std::min(kPiece, used - t)));
  }
  put(synthesis.rest());
  return out;
}
#endif

}  // namespace lumir::signal
