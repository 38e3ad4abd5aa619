// LogMel: samples become decibels in mel bands within the network.

#include <ATen/TensorOperators.h>
#include <ATen/ops/amax.h>
#include <ATen/ops/log10.h>
#include <ATen/ops/maximum.h>

#include <algorithm>
#include <cmath>

#include "nn/spectrum.h"

namespace lumir::nn {
namespace {

struct LogMelOptions : signal::MelOptions {
  int rate = 22050;
  double ref = 1, amin = 1e-10;
  std::optional<double> top_db = 80;
  static Schema schema() {
    using S = LogMelOptions;
    return extend(signal::mel_schema<S>(), rate_option<S>(), Option{"ref", &S::ref, "what is 0 dB", kPositive},
                  Option{"amin", &S::amin, "smaller numbers count as this one", Range{1e-37, 1e37}},
                  Option{"top_db", &S::top_db, "range below the loudest number of each clip; 'none' leaves all",
                         Unit{"dB"}, kNonNegative});
  }
};

class LogMel final : public Described<MelLayer, LogMelOptions> {
 public:
  using Described::Described;

 protected:
  void build() override { make(option(), option().rate); }
  at::Tensor forward(const at::Tensor& x) override {
    const double zero = std::log10(std::max(option().amin, option().ref));
    at::Tensor decibels = (at::log10(mel(x).clamp_min(option().amin)) - zero) * 10;
    if (!option().top_db) return decibels;
    return at::maximum(decibels, at::amax(decibels, {-2, -1}, /*keepdim=*/true) - *option().top_db);
  }
};

LUMIR_MODULE(LogMel, {.summary = "Decibels in mel bands of samples, through which gradients flow; numbers as "
                                 "those of the feature of that name with db = true.",
                      .returns = "[..., n_mels, frames] in dB",
                      .example = "nn.LogMel { rate = 16000, n_fft = 512, n_mels = 40 }(torch.randn(2, 4000))",
                      .source = "librosa.power_to_db; Kong et al., PANNs (2020)"});

}  // namespace
}  // namespace lumir::nn
