// The complex spectrogram and its inverse, for what needs phases: separation, effects, inverses.

#pragma once

#include <span>
#include <vector>

#include "signal/aligned.h"
#include "signal/fourier.h"
#include "signal/framing.h"

namespace lumir::signal {

/// Complex spectra, frame after frame: [frames, bins].
struct Spectra {
  int bins = 0;
  long frames = 0;
  AlignedFloats re, im;

  size_t at(long frame) const { return static_cast<size_t>(frame) * static_cast<size_t>(bins); }
};

/// Frames of sounds, with tables that are made once.
class StftAnalysis {
 public:
  explicit StftAnalysis(const SpectrumOptions& options);
  /// Frames first .. first + count - 1 of the short-time Fourier transform; librosa.stft's frames, transposed. Frames
  /// are placed and padded as the options say; worked out in double.
  Spectra frames(std::span<const float> samples, long first, long count) const;

 private:
  SpectrumOptions options_;
  std::vector<double> window_;
  Fourier fourier_;
};

/// Frames back into sound, piece by piece: windowed again, added in double where they overlap, divided by what the
/// windows amount to (Griffin and Lim, Signal estimation from modified short-time Fourier transform, 1984).
class StftSynthesis {
 public:
  explicit StftSynthesis(const SpectrumOptions& options);
  /// Adds frames first .. first + count - 1 of `spectra` behind those before, and gives the samples that no later frame
  /// changes, from the begin of the first frame on.
  std::vector<float> add(const Spectra& spectra, long first, long count);
  /// The samples behind those, when all frames are there.
  std::vector<float> rest();
  /// Samples of all these that lie before the clip.
  long before() const { return before_; }

 private:
  std::vector<float> take(size_t count);
  std::vector<double> window_;
  Fourier fourier_;
  size_t hop_length_;
  long before_;
  AlignedDoubles sums_;     // from the first sample on that was not given out
  AlignedDoubles weights_;  // squares of windows there
};

/// Some frames of one sound.
Spectra stft(std::span<const float> samples, const SpectrumOptions& options, long first, long count);
/// All frames.
Spectra stft(std::span<const float> samples, const SpectrumOptions& options);

/// The sound of the least squared distance from the spectra (Griffin and Lim 1984), cut or padded to `length` samples.
/// n_fft of the options must be 2 * (bins - 1), or one more.
Floats istft(const Spectra& spectra, const SpectrumOptions& options, long length);
/// The length that librosa.istft gives where none is asked for.
long istft_length(long frames, const SpectrumOptions& options);

}  // namespace lumir::signal
