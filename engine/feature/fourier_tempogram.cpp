// Fourier tempogram: how strongly onset strength rises and falls with each tempo, around every frame, and in
// which phase.

#include "core/step.h"
#include "feature/complex_tensor.h"
#include "feature/onset_strength.h"
#include "feature/plan/plan.h"
#include "feature/row_axes.h"
#include "tensor/described.h"

namespace lumir::feature {
namespace {

struct FourierTempogramOptions {
  int hop_length = 512;
  int win_length = 384;
  bool center = true;
  std::string window = "hann";

  static Schema schema() {
    using S = FourierTempogramOptions;
    return {Option{"hop_length", &S::hop_length, "from one frame to the next", Unit{"samples"}, Range{1, 1 << 24}},
            Option{"win_length", &S::win_length, "frames that are transformed", Unit{"frames"}, Range{16, 65536}},
            Option{"center", &S::center, "a window is centred on its frame"},
            Option{"window", &S::window, "what a window is weighted by", window_choices()}};
  }
};

AxesPtr axes_of_tempi(const FourierTempogramOptions& options, int rate) {
  std::string rows = "tempo";
  Axes axes = rows_of_what(std::move(rows), "BPM");
  for (int row = 0; row <= options.win_length / 2; ++row) {
    axes.places.push_back(row * 60.0 * rate / (static_cast<double>(options.hop_length) * options.win_length));
  }
  axes.of = "fourier_tempogram";
  axes.rate = rate;
  axes.hop_length = options.hop_length;
  axes.start = options.center ? 0 : options.win_length / 2.0 * options.hop_length / rate;
  axes.measure = Measure::complex;
  return std::make_shared<Axes>(std::move(axes));
}

at::Tensor complex_tempogram(const audio::Clip& clip, const FourierTempogramOptions& options) {
  const std::string who = "fourier_tempogram";
  Feature strength{"strength", 1, Gives::rows, {"strength"}, [&](int rate) {
                     OnsetStrengthOptions how;
                     how.hop_length = options.hop_length;
                     return OnsetEnvelope::node(how, rate);
                   }};
  const Frames envelope = extract(clip, Plan(who, {strength}));
  SpectrumOptions windows;
  windows.n_fft = options.win_length;
  windows.hop_length = 1;
  windows.center = options.center;
  windows.window = options.window;
  if (windows.framing().count(static_cast<long>(envelope.frames)) < 1) {
    throw ArgumentError(who + ": 'center' = false needs at least win_length = " + std::to_string(options.win_length) +
                        " frames, got " + std::to_string(envelope.frames));
  }
  at::Tensor result = tensor_of({stft(envelope.row(0), windows)});
  tensor::describe(result, axes_of_tempi(options, clip.rate));
  return result;
}

const RegisterStep<FourierTempogramOptions, audio::Clip, at::Tensor> fourier_tempogram_step{
    "feature",
    "fourier_tempogram",
    complex_tempogram,
    "a clip",
    {.summary = "Spectra of onset strength: size and phase of every tempo around each frame.",
     .returns = "a complex64 tensor of [win_length / 2 + 1, frames + 1], row i for (i - 1) * 60 * rate / (hop_length * "
                "win_length) bpm",
     .example = "feature.fourier_tempogram(clip, { win_length = 192 }):abs()",
     .source = "Grosche, Mueller and Kurth, Cyclic tempogram (2010); librosa.feature.fourier_tempogram",
     .input = "clip"}};

}  // namespace
}  // namespace lumir::feature
