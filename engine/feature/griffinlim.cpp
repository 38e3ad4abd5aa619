// Sound out of a spectrogram without phases.

#include "audio/clip.h"
#include "core/step.h"
#include "feature/complex_tensor.h"
#include "signal/phases.h"

namespace lumir::feature {
namespace {

struct GriffinLimOptions : PhaseOptions {
  static Schema schema() { return phase_schema<GriffinLimOptions>(); }
};

audio::Clip sound_of(const at::Tensor& tensor, const GriffinLimOptions& options) {
  if (tensor.is_complex()) throw ArgumentError("griffinlim: takes magnitudes, got complex numbers; istft takes those");
  const auto channels = spectra_of(tensor, "griffinlim");
  audio::Clip clip{{}, static_cast<int>(channels.size()), options.rate.value_or(0)};
  for (const Spectra& spectra : channels) {
    const Floats sound = find_sound(spectra, options, "griffinlim");
    clip.samples.insert(clip.samples.end(), sound.begin(), sound.end());
  }
  return clip;
}

const RegisterStep<GriffinLimOptions, at::Tensor, audio::Clip> griffinlim_step{
    "feature",
    "griffinlim",
    sound_of,
    "a tensor",
    {.summary = "Sound out of a magnitude spectrogram: phases that suit it are found step by step.",
     .returns = "a Clip of [channels, samples]",
     .example = "feature.griffinlim(feature.stft(clip):abs(), { rate = clip.rate, n_iter = 2 })",
     .source = "Perraudin, Balazs and Soendergaard, A fast Griffin-Lim algorithm (2013); librosa.griffinlim",
     .input = "spectrogram"}};

}  // namespace
}  // namespace lumir::feature
