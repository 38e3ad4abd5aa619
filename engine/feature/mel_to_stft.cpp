// Magnitudes of a spectrogram out of its mel bands.

#include "feature/complex_tensor.h"
#include "feature/frames_step.h"
#include "feature/mel_inverse.h"

namespace lumir::feature {
namespace {

struct MelToStftOptions : BandOptions {
  std::optional<int> rate;
  int n_fft = 2048;

  static Schema schema() {
    using S = MelToStftOptions;
    return with_bands<S>(
        {Option{"rate", &S::rate, "rate of the sound; it must be given", Unit{"Hz"}, Range{1, 1 << 24}},
         Option{"n_fft", &S::n_fft, "samples of a frame", Unit{"samples"}, Range{16, 65536}}},
        "norm");
  }
};

at::Tensor magnitudes(Frames bands, const MelToStftOptions& options) {
  if (!options.rate) {
    throw ArgumentError("mel_to_stft: 'rate' must be given, because a tensor does not know the rate of its sound");
  }
  const std::vector<float> values(bands.values.begin(), bands.values.end());
  const Spectra sizes =
      magnitudes_of_bands(values, static_cast<int>(bands.rows), options, options.n_fft, *options.rate, "mel_to_stft");
  std::vector<float> rows(sizes.re.size());
  const auto bins = static_cast<size_t>(sizes.bins), frames = static_cast<size_t>(sizes.frames);
  for (size_t frame = 0; frame < frames; ++frame) {
    for (size_t bin = 0; bin < bins; ++bin) rows[bin * frames + frame] = sizes.re[frame * bins + bin];
  }
  return tensor::from_floats(rows, {static_cast<int64_t>(bins), static_cast<int64_t>(frames)});
}

const RegisterFramesStep mel_to_stft_step{
    "mel_to_stft",
    magnitudes,
    {.summary = "Magnitudes of a spectrogram whose mel bands are the ones given, as nearly as can be.",
     .returns = "a tensor of [n_fft / 2 + 1, frames]",
     .example = "feature.mel_to_stft(feature.melspectrogram(clip), { rate = clip.rate })",
     .source = "librosa.feature.inverse.mel_to_stft; Beck and Teboulle, A fast iterative shrinkage-thresholding "
               "algorithm (2009)",
     .input = "melspectrogram"}};

}  // namespace
}  // namespace lumir::feature
