// Overlap and add: each block is transformed, multiplied, transformed back and added where it belongs.

#include "augment/convolution.h"

#include <algorithm>
#include <bit>

#include "core/interrupt.h"
#include "signal/fourier.h"

namespace lumir::augment {
namespace {

/// Samples of a transform: room for a few times the response, but not for much more than the sound.
int transform_size(size_t in, size_t response) {
  constexpr size_t kLeast = 4096;
  const size_t wanted = std::min(in + response - 1, std::max(kLeast, 4 * response));
  return static_cast<int>(std::bit_ceil(wanted));
}

}  // namespace

std::vector<double> convolved(std::span<const float> in, std::span<const double> response) {
  if (in.empty() || response.empty()) return {};
  const signal::Fourier fourier(transform_size(in.size(), response.size()));
  const auto size = static_cast<size_t>(fourier.size()), bins = static_cast<size_t>(fourier.bins());
  const size_t step = size - response.size() + 1;

  std::vector<double> block(size), re(bins), im(bins), response_re(bins), response_im(bins);
  std::copy(response.begin(), response.end(), block.begin());
  fourier.forward(block.data(), 1, response_re.data(), response_im.data());

  std::vector<double> out(in.size() + response.size() - 1);
  for (size_t from = 0; from < in.size(); from += step) {
    check_interrupt();
    const auto piece = in.subspan(from, std::min(step, in.size() - from));
    std::fill(std::copy(piece.begin(), piece.end(), block.begin()), block.end(), 0.0);
    fourier.forward(block.data(), 1, re.data(), im.data());
    for (size_t k = 0; k < bins; ++k) {
      const double real = re[k] * response_re[k] - im[k] * response_im[k];
      im[k] = re[k] * response_im[k] + im[k] * response_re[k];
      re[k] = real;
    }
    fourier.inverse(re.data(), im.data(), 1, block.data());
    const size_t count = std::min(size, out.size() - from);
    for (size_t i = 0; i < count; ++i) out[from + i] += block[i];
  }
  return out;
}

}  // namespace lumir::augment
