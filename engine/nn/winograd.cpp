// Which convolutions go this way, and how their work is dealt.
//
// A direct convolution is at the arithmetic's limit in oneDNN; these need fewer products for it. Pieces follow from
// sizes alone, so results do not depend on threads. CPU ms of a step, two threads, AMD EPYC (Zen 4), by oneDNN and so:
// ResNet of 30 s 1,560 and 1,097, seven convolutions (FMA) 1,600 and 1,156, CRNN 3,350 and 2,250; one recording
// without training: Cnn14's size 405 and 232, CRNN 64 and 42, ResNet 29 and 24.
//
// Numbers are within 3e-7 of the largest that comes out (of weights' derivatives 4e-7). One that is infinite would make
// NaN of a whole patch, so a picture of which infinity or NaN comes is convolved once more, directly; weights, too.
//
// Not tried: patches of 6 x 6 (36 products for 144), which need another half less and lose two digits; LibTorch's own
// transforms and products of batches, which write what four times the pictures take.

#include "nn/winograd.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <memory>
#include <tuple>
#include <vector>

#include <ATen/TensorOperators.h>
#include <ATen/autocast_mode.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/conv_transpose2d.h>
#include <ATen/ops/convolution_backward.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/sum.h>
#include <ATen/ops/zeros.h>

#include "core/denormals.h"
#include "core/parallel.h"
#include "nn/winograd_kernels.h"
#include "signal/kernel.h"
#include "tensor/differentiable.h"
#include "tensor/fused.h"
#include "tensor/operator_record.h"

namespace lumir::nn {
namespace {

using Tensors = std::vector<at::Tensor>;
using Pieces = std::vector<WinogradPiece>;

constexpr auto kRowsOfChannels = at::MemoryFormat::ChannelsLast;
constexpr int64_t kPieces = 8;  // at least, where there is so much work: threads that end early find some

int64_t parts_of(int64_t numbers, int64_t size) { return (numbers + size - 1) / size; }

/// Calls body(first, last) for all of `numbers`, in parts of a size.
template <class Body>
void in_steps(int64_t numbers, int64_t size, Body body) {
  for (int64_t first = 0; first < numbers; first += size) body(first, std::min(first + size, numbers));
}

template <class Work>
void in_pieces(const Pieces& pieces, const Work& work) {
  parallel_for(pieces.size(), [&](size_t i) {
    const FlushDenormals flush;
    work(pieces[i]);
  });
}

Pieces panels_of(int64_t out_channels) {
  Pieces pieces;
  in_steps(out_channels, kPanel, [&](int64_t first, int64_t last) { pieces.push_back({0, 0, first, last, 0, 0}); });
  return pieces;
}

/// As many patches as fill a core's own cache in their form; few patches are dealt by what comes out of them, too.
Pieces pieces_of(const Winograd& how) {
  constexpr int64_t kNumbers = 3 << 17, kFewest = kPatchesAtOnce;
  if (how.patches() == 0) return {};
  const int64_t most = std::clamp<int64_t>(kNumbers / (kForms * how.inputs()), kFewest, 8 * kFewest);
  const int64_t blocks = parts_of(how.patches(), most / kFewest * kFewest);
  const int64_t patches = parts_of(parts_of(how.patches(), blocks), kFewest) * kFewest;
  const int64_t panels = how.out_channels / kPanel, groups = std::min(panels, parts_of(kPieces, blocks));
  Pieces pieces;
  in_steps(how.patches(), patches, [&](int64_t first, int64_t last) {
    in_steps(how.out_channels, parts_of(panels, groups) * kPanel, [&](int64_t first_out, int64_t last_out) {
      pieces.push_back({first, last, first_out, last_out, 0, how.inputs()});
    });
  });
  return pieces;
}

/// Pieces whose derivatives by weights a core's own cache holds, all patches of each.
Pieces weight_pieces_of(const Winograd& how) {
  constexpr int64_t kOut = 2 * kPanel, kIn = 4 * kPanel;
  Pieces pieces;
  in_steps(how.out_channels, kOut, [&](int64_t first_out, int64_t last_out) {
    in_steps(how.inputs(), kIn, [&](int64_t first_in, int64_t last_in) {
      pieces.push_back({0, how.patches(), first_out, last_out, first_in, last_in});
    });
  });
  return pieces;
}

template <class Number>
KernelWeights<Number> weights_of(Number* data, const at::Tensor& weight) {
  return {data,
          weight.size(0),
          weight.size(1),
          weight.stride(0),
          weight.stride(1),
          weight.stride(2),
          weight.stride(3),
          weight.size(2) / 2};
}

/// What takes derivatives back to what came in: the kernels turned round, out for in.
KernelWeights<const float> turned(const KernelWeights<const float>& of) {
  return {of.data + 2 * of.parts * (of.row_step + of.column_step),
          of.in_channels,
          of.out_channels,
          of.in_step,
          of.out_step,
          -of.row_step,
          -of.column_step,
          of.parts};
}

at::Tensor formed_of(const KernelWeights<const float>& weights, const at::TensorOptions& options) {
  const at::Tensor formed = at::empty({weights.out_channels, kForms * weights.inputs()}, options);
  auto* numbers = formed.data_ptr<float>();
  in_pieces(panels_of(weights.out_channels),
            [&](const WinogradPiece& piece) { signal::best (&winograd_weights)(weights, numbers, piece); });
  return formed;
}

Winograd read(const at::Tensor& x, int64_t parts, int64_t out_channels, int64_t padding_down, int64_t padding_across) {
  Winograd how;
  how.x = {x.const_data_ptr<float>(), x.size(0), x.size(2), x.size(3), x.size(1)};
  how.parts = parts, how.padding_down = padding_down, how.padding_across = padding_across;
  how.out_channels = out_channels;
  return how;
}

/// `direct` is what comes out of a picture without forms.
template <class Direct>
at::Tensor run(Winograd how, const at::Tensor& formed, const at::TensorOptions& options, const Direct& direct) {
  const at::Tensor out = at::empty({how.x.count, how.out_channels, how.out_height(), how.out_width()},
                                   options.memory_format(kRowsOfChannels));
  how.formed = formed.const_data_ptr<float>();
  how.out = out.data_ptr<float>();
  std::vector<std::atomic<bool>> endless(static_cast<size_t>(how.x.count));
  how.endless = endless.data();
  in_pieces(pieces_of(how), [&](const WinogradPiece& piece) { signal::best (&winograd_run)(how, piece); });
  for (int64_t picture = 0; picture < how.x.count; ++picture) {
    if (endless[static_cast<size_t>(picture)]) out.narrow(0, picture, 1).copy_(direct(picture));
  }
  return out;
}

/// Of x, weights and, where there is one, the bias.
class Convolved final : public tensor::Differentiable {
 public:
  explicit Convolved(const ConvGeometry& geometry) : geometry_(geometry) {}

  Made forward(const Tensors& inputs, bool) override {
    const at::Tensor bias = inputs.size() > 2 ? inputs[2] : at::Tensor();
    const auto weight = [&] { return inputs[1]; };
    return {{winograd_by_formed(inputs[0], winograd_formed(inputs[1]), bias, geometry_, false, weight)}, {}};
  }
  Tensors backward(const Known& known, const Tensors& gradients) override {
    const at::Tensor gradient = gradients[0].contiguous(kRowsOfChannels);
    Tensors all(known.inputs.size());
    if (known.wanted[0]) all[0] = by_input(gradient, known.inputs[1]);
    if (known.wanted[1]) all[1] = by_weight(gradient, known.inputs[0], known.inputs[1]);
    if (all.size() > 2 && known.wanted[2]) all[2] = at::sum(gradient, {0, 2, 3});
    return all;
  }
  Tensors by_operators(const Tensors& inputs) override {
    return {at::conv2d(inputs[0], inputs[1], inputs.size() > 2 ? inputs[2] : at::Tensor(), geometry_.stride,
                       geometry_.padding)};
  }

 private:
  at::Tensor by_input(const at::Tensor& gradient, const at::Tensor& weight) const {
    const auto weights = turned(weights_of(weight.const_data_ptr<float>(), weight));
    const int64_t reach = 2 * weights.parts;
    const auto how =
        read(gradient, weights.parts, weights.out_channels, reach - geometry_.padding[0], reach - geometry_.padding[1]);
    return run(how, formed_of(weights, weight.options()), gradient.options(), [&](int64_t picture) {
      return at::conv_transpose2d(gradient.narrow(0, picture, 1), weight, {}, geometry_.stride, geometry_.padding);
    });
  }

  at::Tensor by_weight(const at::Tensor& gradient, const at::Tensor& x, const at::Tensor& weight) const {
    const at::Tensor laid_out = x.contiguous(kRowsOfChannels);
    Winograd how = read(laid_out, weight.size(2) / 2, weight.size(0), geometry_.padding[0], geometry_.padding[1]);
    how.gradient = gradient.const_data_ptr<float>();
    const Pieces whole = weight_pieces_of(how);
    const int64_t parts = std::min(parts_of(kPieces, static_cast<int64_t>(whole.size())), how.patches());
    const at::Tensor formed = at::zeros({parts, weight.size(0), kForms * how.inputs()}, weight.options());
    auto* numbers = formed.data_ptr<float>();
    const int64_t patches = parts_of(how.patches(), parts);
    parallel_for(whole.size() * static_cast<size_t>(parts), [&](size_t i) {
      const FlushDenormals flush;
      const auto part = static_cast<int64_t>(i / whole.size());
      WinogradPiece piece = whole[i % whole.size()];
      piece.first = part * patches, piece.last = std::min(piece.first + patches, how.patches());
      signal::best (&winograd_back)(how, piece, numbers + part * formed.stride(0));
    });
    at::Tensor derivatives = at::empty_like(weight);
    const auto weights = weights_of(derivatives.data_ptr<float>(), derivatives);
    in_pieces(panels_of(weight.size(0)),
              [&](const WinogradPiece& piece) { signal::best (&winograd_gather)(weights, numbers, parts, piece); });
    if (std::isfinite(derivatives.sum().item<double>())) return derivatives;
    return std::get<1>(at::convolution_backward(gradient, x, weight, std::nullopt, geometry_.stride, geometry_.padding,
                                                geometry_.dilation, false, {0, 0}, 1, {false, true, false}));
  }

  const ConvGeometry geometry_;
};

bool is_plain(const at::Tensor& tensor) { return tensor.is_cpu() && tensor.scalar_type() == at::kFloat; }

}  // namespace

bool winograd_pays(const at::Tensor& x, const at::Tensor& weight, const ConvGeometry& geometry, bool kept) {
  const int64_t fewest = kept ? 16 : 64;  // patches
  const auto all = [](const std::vector<int64_t>& numbers, auto fits) {
    return numbers.size() == 2 && std::all_of(numbers.begin(), numbers.end(), fits);
  };
  const auto is_one = [](int64_t number) { return number == 1; };
  const int64_t kernel = weight.dim() == 4 ? weight.size(2) : 0;
  const auto fits = [&](int64_t padding) { return padding < kernel; };
  if (!tensor::fused_kernels() || !is_plain(x) || !is_plain(weight) || x.dim() != 4 || weight.dim() != 4) return false;
  if ((kernel != 3 && kernel != 5) || weight.size(3) != kernel) return false;
  if (weight.size(0) % kPanel != 0 || weight.size(1) % kPanel != 0) return false;
  if (geometry.groups != 1 || !all(geometry.stride, is_one) || !all(geometry.dilation, is_one) ||
      !all(geometry.padding, fits)) {
    return false;
  }
  if (x.size(1) != weight.size(1) || !x.is_contiguous(kRowsOfChannels) || tensor::records_operators() ||
      at::autocast::is_autocast_enabled(at::kCPU)) {
    return false;
  }
  const int64_t height = x.size(2) + 2 * geometry.padding[0], width = x.size(3) + 2 * geometry.padding[1];
  const auto patches = [&](int64_t side) { return (side - kernel + 2) / 2; };
  return height >= kernel && width >= kernel && x.size(0) * patches(height) * patches(width) >= fewest;
}

at::Tensor winograd(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                    const ConvGeometry& geometry) {
  Tensors inputs{x, weight};
  if (bias.defined()) inputs.push_back(bias);
  return tensor::apply(std::make_shared<Convolved>(geometry), inputs)[0];
}

at::Tensor winograd_formed(const at::Tensor& weight) {
  return formed_of(weights_of(weight.const_data_ptr<float>(), weight), weight.options());
}

at::Tensor winograd_by_formed(const at::Tensor& x, const at::Tensor& formed, const at::Tensor& bias,
                              const ConvGeometry& geometry, bool cuts, const std::function<at::Tensor()>& weight) {
  const at::Tensor laid_out = x.contiguous(kRowsOfChannels), numbers = bias.defined() ? bias.contiguous() : bias;
  const int64_t parts = formed.size(1) == kForms * x.size(1) ? 1 : 2;
  Winograd how = read(laid_out, parts, formed.size(0), geometry.padding[0], geometry.padding[1]);
  if (numbers.defined()) how.bias = numbers.const_data_ptr<float>();
  how.cuts = cuts;
  return run(how, formed, x.options(), [&](int64_t picture) {
    const at::Tensor out =
        at::conv2d(laid_out.narrow(0, picture, 1), weight(), numbers, geometry.stride, geometry.padding);
    return cuts ? out.clamp_min(0) : out;
  });
}

}  // namespace lumir::nn
