// The complex spectrogram of a clip, channel by channel.

#include "signal/stft.h"

#include "audio/clip.h"
#include "core/error.h"
#include "core/step.h"
#include "feature/complex_tensor.h"
#include "feature/row_axes.h"
#include "tensor/described.h"

namespace lumir::feature {
namespace {

struct StftOptions : SpectrumOptions {
  StftOptions() { hop_length.reset(); }
  static Schema schema() { return spectrum_schema<StftOptions>(); }
};

AxesPtr axes_of_spectra(const StftOptions& options, int rate) {
  Axes axes = rows_in_hertz(bin_frequencies(options.n_fft, rate), 0);
  axes.of = "stft";
  axes.rate = rate;
  axes.hop_length = options.hop();
  axes.start = options.center ? 0 : options.n_fft / 2.0 / rate;
  axes.measure = Measure::complex;
  return std::make_shared<Axes>(std::move(axes));
}

at::Tensor complex_spectrogram(const audio::Clip& clip, const StftOptions& options) {
  const auto length = static_cast<long>(clip.length());
  if (length == 0) throw ArgumentError("stft: the clip is empty");
  if (options.framing().count(length) < 1) {
    throw ArgumentError("stft: 'center' = false needs a clip of at least " + std::to_string(options.n_fft) +
                        " samples, got " + std::to_string(length));
  }
  std::vector<Spectra> channels;
  for (int channel = 0; channel < clip.channels; ++channel) channels.push_back(stft(clip.channel(channel), options));
  at::Tensor result = tensor_of(channels);
  tensor::Dimensions dimensions = tensor::kRowsOverTime;
  if (channels.size() > 1) dimensions.insert(dimensions.begin(), tensor::Along::other);
  tensor::describe(result, axes_of_spectra(options, clip.rate), dimensions);
  return result;
}

const RegisterStep<StftOptions, audio::Clip, at::Tensor> stft_step{
    "feature",
    "stft",
    complex_spectrogram,
    "a clip",
    {.summary = "The complex spectrogram: size and phase of every frequency in every frame.",
     .returns = "a complex64 tensor of [n_fft / 2 + 1, frames], or of [channels, n_fft / 2 + 1, frames]",
     .example = "feature.stft(clip):abs()",
     .source = "librosa.stft",
     .input = "clip"}};

}  // namespace

}  // namespace lumir::feature
