// SincConv: the first layer hears samples through band-pass filters, of which the two edges are all that is learnt.

#include <cmath>
#include <numbers>

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/clamp.h>
#include <ATen/ops/conv1d.h>
#include <ATen/ops/cos.h>
#include <ATen/ops/linspace.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/sin.h>

#include "nn/lengths.h"
#include "nn/spectrum.h"
#include "signal/mel_scale.h"
#include "tensor/convert.h"
#include "tensor/show.h"

namespace lumir::nn {
namespace {

struct SincOptions {
  int out_channels = 1, kernel_size = 251;
  int rate = 16000;
  int stride = 1, padding = 0, dilation = 1;
  double min_low_hz = 50, min_band_hz = 50;
  static Schema schema() {
    using S = SincOptions;
    return {
        Option{"out_channels", &S::out_channels, "filters", Range{1}, kArgument},
        Option{"kernel_size", &S::kernel_size, "samples of a filter; an even one gets one more", Range{3}, kArgument},
        rate_option<S>(),
        Option{"stride", &S::stride, "samples from one kernel to the next", Range{1}},
        Option{"padding", &S::padding, "samples added at both ends", Range{0}},
        Option{"dilation", &S::dilation, "samples from one number of the kernel to the next", Range{1}},
        Option{"min_low_hz", &S::min_low_hz, "the least lower edge", Unit{"Hz"}, kNonNegative},
        Option{"min_band_hz", &S::min_band_hz, "the least width", Unit{"Hz"}, kNonNegative}};
  }
};

class SincConv final : public Described<Layer, SincOptions> {
 public:
  using Described::Described;

 protected:
  void build() override {
    const int filters = option().out_channels;
    const double high = option().rate / 2.0 - (option().min_low_hz + option().min_band_hz), low = 30;
    if (high <= low) throw ArgumentError(name() + ": 'rate' leaves no room for 'min_low_hz' and 'min_band_hz'");
    std::vector<double> edges;
    const double first = signal::hz_to_mel(low, true), last = signal::hz_to_mel(high, true);
    for (int i = 0; i <= filters; ++i) edges.push_back(signal::mel_to_hz(first + (last - first) * i / filters, true));
    const at::Tensor hz = tensor::from_doubles(edges, {filters + 1, 1}).to(at::kFloat);
    add_parameter("low_hz_", low_, hz.narrow(0, 0, filters).clone());
    add_parameter("band_hz_", band_, hz.diff(1, 0));
    size_ = option().kernel_size + (option().kernel_size % 2 == 0 ? 1 : 0);
    // half a Hamming window and half the time axis, 2 pi t: the other half is the same backwards
    const int64_t half = size_ / 2;
    const at::Tensor at_samples = at::linspace(0, size_ / 2.0 - 1, half, at::kDouble);
    const at::Tensor window = 0.54 - at::cos(at_samples * (2 * std::numbers::pi / static_cast<double>(size_))) * 0.46;
    const at::Tensor time = at::arange(-half, 0, at::kDouble) * (2 * std::numbers::pi / option().rate);
    add_buffer("window_", window_, window.to(at::kFloat), /*persistent=*/false);
    add_buffer("n_", time_, time.to(at::kFloat).unsqueeze(0), /*persistent=*/false);
  }
  at::Tensor forward(const at::Tensor& x) override {
    if (x.dim() != 3 || x.size(1) != 1) {
      throw ArgumentError(name() + ": takes [batch, 1, samples], got " + tensor::show_shape(x.sizes()));
    }
    return at::conv1d(x, filters(), {}, option().stride, option().padding, option().dilation);
  }
  at::Tensor lengths_after(const at::Tensor& lengths) const override {
    return lengths_through(lengths, {size_, option().stride, option().padding, option().dilation});
  }

 private:
  /// [out_channels, 1, kernel_size]
  at::Tensor filters() const {
    const at::Tensor low = low_.abs() + option().min_low_hz;
    const at::Tensor high =
        at::clamp(low + option().min_band_hz + band_.abs(), option().min_low_hz, option().rate / 2.0);
    const at::Tensor band = high - low;
    const at::Tensor left = (at::sin(high * time_) - at::sin(low * time_)) / (time_ / 2) * window_;
    const at::Tensor whole = at::cat({left, band * 2, left.flip({1})}, 1);
    return (whole / (band * 2)).unsqueeze(1);
  }

  at::Tensor low_, band_, window_, time_;
  int64_t size_ = 1;
};

LUMIR_MODULE(SincConv, {.summary = "Convolves samples with band-pass filters (differences of two sincs under a Hamming "
                                   "window); of each, the lower edge and the width are learnt. At first they are "
                                   "spaced as mel bands.",
                        .returns = "[batch, out_channels, time]",
                        .example = "nn.SincConv(40, 101, { stride = 4 })(torch.randn(2, 1, 4000))",
                        .source = "Ravanelli and Bengio, Speaker Recognition from Raw Waveform with SincNet (2018)"});

}  // namespace
}  // namespace lumir::nn
