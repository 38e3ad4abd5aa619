// A norm and its bend as one node of LibTorch's graph.
//
// Part of a step that norms and bends take, one thread, AMD EPYC (Zen 4), LibTorch's operators: CRNN 21 % (ELU alone 13),
// seven convolutions (FMA) 25 %, ResNet 12 %.
//
// The way back needs x alone: z is worked out again, which costs less than reading what a bend gave.

#include "nn/fused_norm.h"

#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/autocast_mode.h>
#include <ATen/ops/batch_norm.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/max_pool2d.h>

#include "nn/norm_parts.h"
#include "signal/kernel.h"
#include "tensor/differentiable.h"
#include "tensor/fused.h"
#include "tensor/operator_record.h"

namespace lumir::nn {
namespace {

using Tensors = std::vector<at::Tensor>;

template <class T>
struct Kernels;
template <>
struct Kernels<float> {
  static constexpr auto moments = norm_moments_floats;
  static constexpr auto apply = norm_apply_floats;
  static constexpr auto sums = norm_sums_floats;
  static constexpr auto back = norm_back_floats;
  static constexpr auto largest = norm_largest_floats;
  static constexpr auto largest_back = norm_largest_back_floats;
};
template <>
struct Kernels<double> {
  static constexpr auto moments = norm_moments_doubles;
  static constexpr auto apply = norm_apply_doubles;
  static constexpr auto sums = norm_sums_doubles;
  static constexpr auto back = norm_back_doubles;
  static constexpr auto largest = norm_largest_doubles;
  static constexpr auto largest_back = norm_largest_back_doubles;
};

/// Moments of every channel: those of parts put together (Chan, Golub and LeVeque 1979).
template <class T>
Moments moments_of(const at::Tensor& x, const Norm<T>& norm, const Lines& lines) {
  const auto parts = lines.parts();
  Found<T> found(lines, parts.size());
  in_parts(parts, [&](size_t number, const Part& part) {
    const size_t at = found.start(number, part);
    signal::best(Kernels<T>::moments)(norm, part, &found.first[at], &found.second[at]);
  });
  const auto channels = static_cast<size_t>(lines.channels);
  std::vector<double> counts(channels), means(channels), squares(channels);
  found.each(parts, [&](size_t c, int64_t several, double mean, double about) {
    const auto more = static_cast<double>(several * lines.positions);
    const double total = counts[c] + more, distance = mean - means[c];
    means[c] += distance * more / total;
    squares[c] += about + distance * distance * counts[c] * more / total;
    counts[c] = total;
  });
  for (size_t c = 0; c < channels; ++c) squares[c] /= counts[c];
  return {tensor_of<T>(means, x.options()), tensor_of<T>(squares, x.options())};
}

/// Blocks of pictures as kernels see them; nothing is kept of which numbers were largest.
template <class T>
BlockRun<T> run_of(const at::Tensor& pictures, const Blocks& blocks) {
  return {pictures.size(2), pictures.size(3), blocks.height, blocks.width, nullptr, nullptr};
}

/// Calls work(lines) for all lines of `numbers` numbers each, in threads.
template <class Work>
void in_lines(int64_t lines, int64_t numbers, const Work& work) {
  in_parts(parts_of(lines, numbers), [&](size_t, const Part& part) { work(part); });
}

/// Room for the largest of each block.
at::Tensor room_for_largest(const at::Tensor& x, const Blocks& blocks, at::ScalarType type) {
  return at::empty({x.size(0), x.size(1), x.size(2) / blocks.height, x.size(3) / blocks.width},
                   x.options().dtype(type).memory_format(at::MemoryFormat::ChannelsLast));
}

/// Calls the kernel for all rows of blocks.
template <class T>
void find_largest(const Norm<T>& norm, const BlockRun<T>& run, const at::Tensor& x) {
  in_lines(x.size(0) * run.down(), run.block_height * run.width * norm.channels,
           [&](const Part& part) { signal::best(Kernels<T>::largest)(norm, run, part); });
}

class FusedNorm final : public tensor::Differentiable {
 public:
  explicit FusedNorm(const NormWork& work)
      : by_batch_(!work.known), eps_(work.eps), bending_(work.bending), blocks_(work.blocks) {
    if (work.known) moments_ = *work.known;
  }
  const Moments& moments() const { return moments_; }

  Made forward(const Tensors& inputs, bool way_back) override {
    return is_float(inputs) ? forward_of<float>(inputs, way_back) : forward_of<double>(inputs, way_back);
  }
  Tensors backward(const Known& known, const Tensors& gradients) override {
    return is_float(known.inputs) ? backward_of<float>(known, gradients) : backward_of<double>(known, gradients);
  }
  Tensors by_operators(const Tensors& inputs) override {
    const at::Tensor none;
    const at::Tensor z =
        at::batch_norm(inputs[0], inputs[1], inputs[2], by_batch_ ? none : moments_.mean,
                       by_batch_ ? none : moments_.variance, by_batch_, 0, eps_, /*cudnn_enabled=*/false);
    return {largest_of(bend(z, bending_), blocks_)};
  }

 private:
  static bool is_float(const Tensors& inputs) { return inputs[0].scalar_type() == at::kFloat; }

  /// What a channel's numbers are multiplied with and what is added, out of its moments.
  template <class T>
  struct Line {
    Line(const Tensors& inputs, const Moments& moments, double eps)
        : means(doubles_of<T>(moments.mean)), weights(doubles_of<T>(inputs[1])) {
      const auto variances = doubles_of<T>(moments.variance), biases = doubles_of<T>(inputs[2]);
      const int64_t channels = inputs[0].size(1);
      for (const double variance : variances) inverses.push_back(1 / std::sqrt(variance + eps));
      scale = of_channels<T>(channels, [&](size_t c) { return weights[c] * inverses[c]; });
      shift = of_channels<T>(channels, [&](size_t c) { return biases[c] - means[c] * weights[c] * inverses[c]; });
    }
    std::vector<double> means, weights, inverses;  // of the deviations
    std::vector<T> scale, shift;
  };

  template <class T>
  Norm<T> norm_of(const at::Tensor& x, const Lines& lines) const {
    Norm<T> norm;
    norm.channels = lines.channels;
    norm.positions = lines.positions;
    norm.x = x.const_data_ptr<T>();
    norm.bend = bending_.kind;
    norm.slope = static_cast<T>(bending_.slope);
    return norm;
  }

  template <class T>
  Made forward_of(const Tensors& inputs, bool way_back) {
    const at::Tensor& x = inputs[0];
    const Lines lines(x);
    Norm<T> norm = norm_of<T>(x, lines);
    if (by_batch_) moments_ = moments_of(x, norm, lines);
    const Line<T> line(inputs, moments_, eps_);
    norm.scale = line.scale.data();
    norm.shift = line.shift.data();
    if (blocks_) return largest<T>(x, norm, way_back);
    const at::Tensor y = at::empty_like(x);
    norm.out = y.data_ptr<T>();
    in_parts(lines.parts(), [&](size_t, const Part& part) { signal::best(Kernels<T>::apply)(norm, part); });
    if (!way_back) return {{y}, {}};
    return {{y}, {moments_.mean, moments_.variance}};
  }

  template <class T>
  Made largest(const at::Tensor& x, Norm<T> norm, bool way_back) const {
    const at::Tensor y = room_for_largest(x, *blocks_, x.scalar_type());
    norm.out = y.data_ptr<T>();
    BlockRun<T> run = run_of<T>(x, *blocks_);
    if (!way_back) {
      find_largest(norm, run, x);
      return {{y}, {}};
    }
    const at::Tensor chosen = at::empty_like(y), which = room_for_largest(x, *blocks_, at::kByte);
    run.chosen = chosen.data_ptr<T>();
    run.which = which.data_ptr<uint8_t>();
    find_largest(norm, run, x);
    return {{y}, {moments_.mean, moments_.variance, chosen, which}};
  }

  template <class T>
  Tensors backward_of(const Known& known, const Tensors& gradients) const {
    const at::Tensor& x = blocks_ ? known.kept[2] : known.inputs[0];  // of a block, what was largest counts
    const Lines lines(x);
    const Line<T> line(known.inputs, {known.kept[0], known.kept[1]}, eps_);
    const at::Tensor gradient = gradients[0].contiguous(format_of(x));
    const auto means = of_channels<T>(lines.channels, [&](size_t c) { return line.means[c]; });
    Norm<T> norm = norm_of<T>(x, lines);
    norm.scale = line.scale.data();
    norm.shift = line.shift.data();
    norm.mean = means.data();
    norm.gradient = gradient.const_data_ptr<T>();

    const auto parts = lines.parts();
    Found<T> found(lines, parts.size());
    in_parts(parts, [&](size_t number, const Part& part) {
      const size_t at = found.start(number, part);
      signal::best(Kernels<T>::sums)(norm, part, &found.first[at], &found.second[at]);
    });
    const auto channels = static_cast<size_t>(lines.channels);
    std::vector<double> sums(channels), products(channels);
    found.each(parts, [&](size_t c, int64_t, double sum, double product) {
      sums[c] += sum;
      products[c] += product;
    });
    at::Tensor by_x = known.wanted[0] ? by_x_of(norm, line, sums, products, known) : at::Tensor();
    for (size_t c = 0; c < channels; ++c) products[c] *= line.inverses[c];
    const auto options = known.inputs[1].options();
    return {by_x, tensor_of<T>(products, options), tensor_of<T>(sums, options)};
  }

  template <class T>
  at::Tensor by_x_of(Norm<T> norm, const Line<T>& line, const std::vector<double>& sums,
                     const std::vector<double>& products, const Known& known) const {
    const at::Tensor& x = known.inputs[0];
    const Lines lines(x);
    const double share = by_batch_ ? 1 / lines.count() : 0;  // moments that are known do not follow x
    const auto middle = of_channels<T>(lines.channels, [&](size_t c) { return sums[c] * share; });
    const auto along = of_channels<T>(
        lines.channels, [&](size_t c) { return products[c] * line.inverses[c] * line.inverses[c] * share; });
    const at::Tensor by_x = at::empty_like(x);
    norm.factor = line.scale.data();
    norm.middle = middle.data();
    norm.share = along.data();
    norm.out = by_x.data_ptr<T>();
    if (!blocks_) {
      in_parts(lines.parts(), [&](size_t, const Part& part) { signal::best(Kernels<T>::back)(norm, part); });
      return by_x;
    }
    BlockRun<T> run = run_of<T>(x, *blocks_);
    run.chosen = known.kept[2].data_ptr<T>();
    run.which = known.kept[3].data_ptr<uint8_t>();
    norm.x = x.const_data_ptr<T>();
    in_lines(x.size(0) * x.size(2), x.size(3) * norm.channels,
             [&](const Part& part) { signal::best(Kernels<T>::largest_back)(norm, run, part); });
    return by_x;
  }

  const bool by_batch_;
  const double eps_;
  const Bending bending_;
  const std::optional<Blocks> blocks_;
  Moments moments_;
};

/// Whether kernels can take the largest of blocks: rows of channels, as many places as a byte counts, bends that do not
/// fall.
bool fits_blocks(const at::Tensor& x, const Bending& bending, const Blocks& blocks) {
  const bool falls = bending.kind != Bend::none && bending.slope < 0;
  return x.dim() == 4 && Lines(x).in_rows() && blocks.height * blocks.width <= 256 && x.size(2) >= blocks.height &&
         x.size(3) >= blocks.width && !falls;
}

}  // namespace

bool can_fuse(const NormWork& work) {
  const at::Tensor& x = work.x;
  const auto type = x.scalar_type();
  const auto fits = [&](const at::Tensor& other) {
    return other.defined() && other.is_cpu() && other.scalar_type() == type;
  };
  return tensor::fused_kernels() && !tensor::records_operators() && x.is_cpu() &&
         (type == at::kFloat || type == at::kDouble) && x.numel() > 0 && has_no_gaps(x) && fits(work.weight) &&
         fits(work.bias) && (!work.known || (fits(work.known->mean) && fits(work.known->variance))) &&
         !at::autocast::is_autocast_enabled(at::kCPU) && (!work.blocks || fits_blocks(x, work.bending, *work.blocks));
}

at::Tensor largest_of(const at::Tensor& x, const std::optional<Blocks>& blocks) {
  return blocks ? at::max_pool2d(x, {blocks->height, blocks->width}) : x;
}

at::Tensor bent_in_place(const at::Tensor& z, const Bending& bending, const std::optional<Blocks>& blocks) {
  const bool fits = z.numel() > 0 && has_no_gaps(z) && (!blocks || fits_blocks(z, bending, *blocks));
  if (!fits) return largest_of(bend(z, bending), blocks);
  if (bending.kind == Bend::none && !blocks) return z;
  const Lines lines(z);
  const auto ones = of_channels<float>(lines.channels, [](size_t) { return 1; });
  const auto zeros = of_channels<float>(lines.channels, [](size_t) { return 0; });
  const at::Tensor y = blocks ? room_for_largest(z, *blocks, at::kFloat) : z;
  const Norm<float> norm{.channels = lines.channels,
                         .positions = lines.positions,
                         .x = z.const_data_ptr<float>(),
                         .scale = ones.data(),
                         .shift = zeros.data(),
                         .bend = bending.kind,
                         .slope = static_cast<float>(bending.slope),
                         .out = y.data_ptr<float>()};
  if (blocks) {
    find_largest(norm, run_of<float>(z, *blocks), z);
  } else {
    in_parts(lines.parts(), [&](size_t, const Part& part) { signal::best(norm_apply_floats)(norm, part); });
  }
  return y;
}

NormRun fused_norm(const NormWork& work) {
  const auto norm = std::make_shared<FusedNorm>(work);
  const at::Tensor y = tensor::apply(norm, {work.x, work.weight, work.bias})[0];
  return {y, norm->moments()};
}

}  // namespace lumir::nn
