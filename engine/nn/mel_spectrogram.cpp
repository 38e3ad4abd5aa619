// MelSpectrogram: samples become mel bands within the network.

#include "nn/spectrum.h"

namespace lumir::nn {
namespace {

struct MelSpectrogramOptions : signal::MelOptions {
  int rate = 22050;
  static Schema schema() {
    return extend(signal::mel_schema<MelSpectrogramOptions>(), rate_option<MelSpectrogramOptions>());
  }
};

class MelSpectrogram final : public Described<MelLayer, MelSpectrogramOptions> {
 public:
  using Described::Described;

 protected:
  void build() override { make(option(), option().rate); }
  at::Tensor forward(const at::Tensor& x) override { return mel(x); }
};

LUMIR_MODULE(
    MelSpectrogram,
    {.summary =
         "Power in mel bands of samples, through which gradients flow; numbers as those of the feature of that name.",
     .returns = "[..., n_mels, frames]",
     .example = "nn.MelSpectrogram { rate = 16000, n_fft = 512, n_mels = 40 }(torch.randn(2, 4000))",
     .source = "librosa's melspectrogram; torchaudio.transforms.MelSpectrogram"});

}  // namespace
}  // namespace lumir::nn
