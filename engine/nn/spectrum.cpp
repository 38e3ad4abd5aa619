// Spectra of tensors of samples.

#include "nn/spectrum.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/pow.h>
#include <ATen/ops/stft.h>
#include <ATen/ops/view_as_real.h>

#include "nn/lengths.h"
#include "signal/padding.h"
#include "tensor/convert.h"
#include "tensor/show.h"

namespace lumir::nn {

void SpectrumLayer::make(const signal::SpectrumOptions& how) {
  how_ = how;
  const auto window = signal::make_window(how.window, how.win_length.value_or(how.n_fft), how.n_fft);
  add_buffer("window", window_, tensor::from_doubles(window, {how.n_fft}).to(at::kFloat), /*persistent=*/false);
}

/// Rows with what stands beyond their ends, half a frame at each.
at::Tensor SpectrumLayer::widened(const at::Tensor& rows) const {
  const long half = how_.n_fft / 2, samples = rows.size(1);
  if (!how_.center) return rows;
  if (how_.pad_mode == "constant") return at::constant_pad_nd(rows, {half, half});
  std::vector<double> places;
  for (long i = -half; i < samples + half; ++i) {
    places.push_back(static_cast<double>(signal::padded_index(i, samples, how_.pad_mode)));
  }
  const auto count = static_cast<int64_t>(places.size());
  return rows.index_select(1, tensor::from_doubles(places, {count}).to(rows.device(), at::kLong));
}

at::Tensor SpectrumLayer::spectrum(const at::Tensor& x) const {
  const int64_t least = how_.center ? 1 : how_.n_fft;
  if (x.dim() < 1 || x.size(-1) < least || x.numel() == 0) {
    throw ArgumentError(name() + ": takes [..., samples], " + std::to_string(least) + " samples at least, got " +
                        tensor::show_shape(x.sizes()));
  }
  const at::Tensor rows = widened(x.reshape({-1, x.size(-1)}));
  const at::Tensor frames =
      at::stft(rows, how_.n_fft, how_.hop(), how_.n_fft, window_.to(x.scalar_type()), /*center=*/false, "constant",
               /*normalized=*/false, /*onesided=*/true, /*return_complex=*/true);
  std::vector<int64_t> shape(x.sizes().begin(), x.sizes().end() - 1);
  shape.insert(shape.end(), {frames.size(1), frames.size(2)});
  return frames.reshape(shape);
}

at::Tensor SpectrumLayer::magnitude(const at::Tensor& x, double power) const {
  const at::Tensor frames = spectrum(x);
  if (power == 2) return at::view_as_real(frames).square().sum(-1);
  return power == 1 ? frames.abs() : at::pow(frames.abs(), power);
}

at::Tensor SpectrumLayer::lengths_after(const at::Tensor& lengths) const {
  const int64_t half = how_.center ? how_.n_fft / 2 : 0;
  return lengths_through(lengths, {how_.n_fft, how_.hop(), half});
}

void MelLayer::make(const signal::MelOptions& how, int rate) {
  SpectrumLayer::make(how);
  power_ = how.power;
  const auto weights = signal::dense(signal::mel_filters(how, rate), how.bins());
  add_buffer("mel_basis", filters_, tensor::from_floats(weights, {how.n_mels, how.bins()}), /*persistent=*/false);
}

at::Tensor MelLayer::mel(const at::Tensor& x) const {
  return at::matmul(filters_.to(x.scalar_type()), magnitude(x, power_));
}

}  // namespace lumir::nn
