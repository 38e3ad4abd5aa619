// The complex spectrogram and its inverse, for what needs phases: separation, effects, inverses.

#pragma once

#include <span>
#include <vector>

#include "feature/aligned.h"
#include "feature/spectrum.h"

namespace lumir::feature {

/// Complex spectra, frame after frame: [frames, bins].
struct Spectra {
  int bins = 0;
  long frames = 0;
  AlignedFloats re, im;

  size_t at(long frame) const { return static_cast<size_t>(frame) * static_cast<size_t>(bins); }
};

/// Frames first .. first + count - 1 of the short-time Fourier transform; librosa.stft's frames, transposed. Frames are
/// placed and padded as the options say; worked out in double.
Spectra stft(std::span<const float> samples, const SpectrumOptions& options, long first, long count);
/// All frames.
Spectra stft(std::span<const float> samples, const SpectrumOptions& options);

/// The sound of the least squared distance from the spectra (Griffin and Lim 1984), cut or padded to `length` samples.
/// n_fft of the options must be 2 * (bins - 1), or one more.
Floats istft(const Spectra& spectra, const SpectrumOptions& options, long length);
/// The length that librosa.istft gives where none is asked for.
long istft_length(long frames, const SpectrumOptions& options);

}  // namespace lumir::feature
