// Sound out of a complex spectrogram.

#include "audio/clip.h"
#include "core/step.h"
#include "feature/complex_tensor.h"
#include "signal/inverse.h"

namespace lumir::feature {
namespace {

struct IstftOptions : InverseOptions {
  static Schema schema() { return inverse_schema<IstftOptions>(); }
};

audio::Clip sound_of(const at::Tensor& tensor, const IstftOptions& options) {
  const auto channels = spectra_of(tensor, "istft");
  const SpectrumOptions settings = options.settings(channels.front().bins, "istft");
  const long length = options.length ? *options.length : istft_length(channels.front().frames, settings);
  if (length < 1) throw ArgumentError("istft: one centred frame has no sound of its own; give a length");
  audio::Clip clip{{}, static_cast<int>(channels.size()), *options.rate};
  for (const Spectra& spectra : channels) {
    const Floats sound = istft(spectra, settings, length);
    clip.samples.insert(clip.samples.end(), sound.begin(), sound.end());
  }
  return clip;
}

const RegisterStep<IstftOptions, at::Tensor, audio::Clip> istft_step{
    "feature",
    "istft",
    sound_of,
    "a tensor",
    {.summary = "Sound out of a complex spectrogram: the clip whose spectrogram is nearest to it.",
     .returns = "a Clip of [channels, samples]",
     .example = "feature.istft(feature.stft(clip), { rate = clip.rate })",
     .source = "Griffin and Lim, Signal estimation from modified short-time Fourier transform (1984); librosa.istft",
     .input = "spectrogram"}};

}  // namespace
}  // namespace lumir::feature
