// STFT: samples become a spectrogram within the network.

#include <ATen/ops/view_as_real.h>

#include "nn/spectrum.h"

namespace lumir::nn {
namespace {

struct StftOptions : signal::SpectrumOptions {
  std::optional<double> power = 1;
  static Schema schema() {
    return extend(signal::spectrum_schema<StftOptions>(),
                  Option{"power", &StftOptions::power,
                         "of the magnitude: 1 leaves it, 2 is power; 'none': real and imaginary part", kPositive});
  }
};

class STFT final : public Described<SpectrumLayer, StftOptions> {
 public:
  using Described::Described;

 protected:
  void build() override { make(option()); }
  at::Tensor forward(const at::Tensor& x) override {
    if (option().power) return magnitude(x, *option().power);
    return at::view_as_real(spectrum(x)).movedim(-1, -3);
  }
};

LUMIR_MODULE(STFT, {.summary = "The spectrogram of samples, through which gradients flow; frames as feature.stft's.",
                    .returns = "[..., bins, frames]; with power = 'none' [..., 2, bins, frames]",
                    .example = "nn.STFT { n_fft = 512, hop_length = 256 }(torch.randn(2, 4000))",
                    .source = "librosa.stft; torchaudio.transforms.Spectrogram"});

}  // namespace
}  // namespace lumir::nn
