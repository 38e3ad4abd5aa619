// Spectra of samples as ONNX operators.
//
// ONNX has an STFT of its own (version 17), which programs work out number by number; a convolution whose kernels are
// windowed cosines and sines gives the same by the product of matrices that they are best at.

#include <cmath>
#include <numbers>

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/ones.h>

#include "nn/onnx_call.h"

namespace lumir::nn {
namespace {

using Op = std::string;

/// [2 * bins, 1, n_fft]: cosines, then negative sines, each under the window.
at::Tensor waves(int64_t n_fft, int64_t bins, const at::Tensor& window, double factor) {
  const auto how = at::TensorOptions().dtype(at::kDouble);
  // the product is taken around the circle in whole numbers, so that late samples of high bins lose nothing
  const at::Tensor turns = at::arange(bins, at::kLong).unsqueeze(1) * at::arange(n_fft, at::kLong) % n_fft;
  const at::Tensor angle = turns.to(how) * (2 * std::numbers::pi / static_cast<double>(n_fft));
  return (at::cat({angle.cos(), -angle.sin()}) * window.to(how) * factor).unsqueeze(1);
}

Op spectrum(OnnxCall& call) {
  if (call.has("center") && call.flag("center")) call.refuse("with 'center' has no form in ONNX");
  if (call.given("onesided") && !call.flag("onesided")) call.refuse("of both sides has no form in ONNX");
  if (call.sample("self").is_complex()) call.refuse("of complex numbers has no form in ONNX");
  const int64_t n_fft = call.whole("n_fft"), bins = n_fft / 2 + 1;
  const int64_t hop = call.given("hop_length") ? call.whole("hop_length") : n_fft / 4;
  const auto type = call.type("self");
  const at::Tensor window =
      call.given("window") ? call.constant("window") : at::ones({n_fft}, at::TensorOptions().dtype(at::kDouble));
  if (window.size(0) != n_fft) call.refuse("with a window shorter than 'n_fft' has no form in ONNX");
  const double factor = call.flag("normalized") ? 1 / std::sqrt(static_cast<double>(n_fft)) : 1;
  const bool single = call.sample("self").dim() == 1;
  const Op x = call.unsqueeze(call.value("self"), single ? std::vector<int64_t>{0, 1} : std::vector<int64_t>{1});
  const Op both = call.add("Conv", {x, call.keep(waves(n_fft, bins, window, factor).to(type))},
                           {{"strides", std::vector<int64_t>{hop}}});         // [rows, 2 * bins, frames]
  const Op parts = call.add("Reshape", {both, call.list({0, 2, bins, -1})});  // real, then imaginary
  const Op last = call.transpose(parts, {0, 2, 3, 1});
  return single ? call.squeeze(last, {0}) : last;
}
const OnnxOperator stft({"aten::stft"}, spectrum);

}  // namespace
}  // namespace lumir::nn
