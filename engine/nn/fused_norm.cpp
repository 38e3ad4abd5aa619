// A norm and its bend as one node of LibTorch's graph.
//
// Part of a step that norms and bends take, one thread, AMD EPYC (Zen 4), LibTorch's operators: CRNN 21 % (ELU alone 13),
// seven convolutions (FMA) 25 %, ResNet 12 %.
//
// The way back needs x alone: z is worked out again, which costs less than reading what a bend gave.

#include "nn/fused_norm.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <ATen/TensorOperators.h>
#include <ATen/autocast_mode.h>
#include <ATen/ops/batch_norm.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>

#include "core/denormals.h"
#include "core/parallel.h"
#include "nn/norm_kernels.h"
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
};
template <>
struct Kernels<double> {
  static constexpr auto moments = norm_moments_doubles;
  static constexpr auto apply = norm_apply_doubles;
  static constexpr auto sums = norm_sums_doubles;
  static constexpr auto back = norm_back_doubles;
};

/// How the numbers of a batch lie: planes of channels, or rows of all channels of a place.
at::MemoryFormat format_of(const at::Tensor& x) {
  if (x.is_contiguous()) return at::MemoryFormat::Contiguous;
  return x.dim() == 5 ? at::MemoryFormat::ChannelsLast3d : at::MemoryFormat::ChannelsLast;
}

bool has_no_gaps(const at::Tensor& x) {
  if (x.is_contiguous()) return true;
  return (x.dim() == 4 || x.dim() == 5) && x.is_contiguous(format_of(x));
}

/// A batch as kernels see it, and its parts.
struct Lines {
  explicit Lines(const at::Tensor& x) : channels(x.size(1)) {
    const int64_t places = x.numel() / x.size(0) / channels;
    positions = format_of(x) == at::MemoryFormat::Contiguous ? places : 1;
    lines = x.numel() / (positions == 1 ? channels : positions);
  }
  bool in_rows() const { return positions == 1; }
  /// Numbers of each channel.
  double count() const { return static_cast<double>(lines * positions * (in_rows() ? 1 : 1.0 / channels)); }

  /// Parts that a core's own cache holds.
  std::vector<Part> parts() const {
    constexpr int64_t kNumbers = 1 << 16;
    const int64_t size = std::max<int64_t>(1, kNumbers / (in_rows() ? channels : positions));
    std::vector<Part> all;
    for (int64_t first = 0; first < lines; first += size) all.push_back({first, std::min(first + size, lines)});
    return all;
  }

  int64_t channels, positions = 1, lines = 0;
};

/// Calls work(number, part) for all parts, in threads.
template <class Work>
void in_parts(const std::vector<Part>& parts, const Work& work) {
  parallel_for(parts.size(), [&](size_t i) {
    const FlushDenormals flush;
    work(i, parts[i]);
  });
}

/// What kernels find of two kinds for each channel, or for each plane, of each part.
template <class T>
struct Found {
  Found(const Lines& lines, size_t parts)
      : in_rows(lines.in_rows()),
        channels(lines.channels),
        first(static_cast<size_t>(in_rows ? channels * static_cast<int64_t>(parts) : lines.lines)),
        second(first.size()) {}
  size_t start(size_t number, const Part& part) const {
    return static_cast<size_t>(in_rows ? static_cast<int64_t>(number) * channels : part.first);
  }
  /// Calls body(channel, number of lines, the two) in one order.
  template <class Body>
  void each(const std::vector<Part>& parts, Body body) const {
    for (const Part& part : parts) {
      const auto number = static_cast<size_t>(&part - parts.data());
      const int64_t width = in_rows ? channels : part.last - part.first;
      for (int64_t i = 0; i < width; ++i) {
        const size_t at = start(number, part) + static_cast<size_t>(i);
        const int64_t channel = in_rows ? i : (part.first + i) % channels;
        body(static_cast<size_t>(channel), in_rows ? part.last - part.first : 1, first[at], second[at]);
      }
    }
  }

  bool in_rows;
  int64_t channels;
  std::vector<T> first, second;
};

/// Numbers of channels, with room for a register at the end.
template <class T, class Number>
std::vector<T> of_channels(int64_t channels, Number number) {
  std::vector<T> all(static_cast<size_t>(channels) + 64 / sizeof(T));
  for (int64_t c = 0; c < channels; ++c) all[static_cast<size_t>(c)] = static_cast<T>(number(static_cast<size_t>(c)));
  return all;
}

template <class T>
std::vector<double> doubles_of(const at::Tensor& tensor) {
  const at::Tensor dense = tensor.contiguous();
  const T* numbers = dense.const_data_ptr<T>();
  return {numbers, numbers + dense.numel()};
}

template <class T>
at::Tensor tensor_of(const std::vector<double>& numbers, const at::TensorOptions& options) {
  at::Tensor tensor = at::empty({static_cast<int64_t>(numbers.size())}, options);
  std::copy(numbers.begin(), numbers.end(), tensor.data_ptr<T>());
  return tensor;
}

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

class FusedNorm final : public tensor::Differentiable {
 public:
  explicit FusedNorm(const NormWork& work) : by_batch_(!work.known), eps_(work.eps), bending_(work.bending) {
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
    return {bend(at::batch_norm(inputs[0], inputs[1], inputs[2], by_batch_ ? none : moments_.mean,
                                by_batch_ ? none : moments_.variance, by_batch_, 0, eps_, /*cudnn_enabled=*/false),
                 bending_)};
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
    const at::Tensor y = at::empty_like(x);
    norm.scale = line.scale.data();
    norm.shift = line.shift.data();
    norm.out = y.data_ptr<T>();
    in_parts(lines.parts(), [&](size_t, const Part& part) { signal::best(Kernels<T>::apply)(norm, part); });
    if (!way_back) return {{y}, {}};
    return {{y}, {moments_.mean, moments_.variance}};
  }

  template <class T>
  Tensors backward_of(const Known& known, const Tensors& gradients) const {
    const at::Tensor& x = known.inputs[0];
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
    at::Tensor by_x = known.wanted[0] ? by_x_of(norm, lines, line, sums, products, x) : at::Tensor();
    for (size_t c = 0; c < channels; ++c) products[c] *= line.inverses[c];
    const auto options = known.inputs[1].options();
    return {by_x, tensor_of<T>(products, options), tensor_of<T>(sums, options)};
  }

  template <class T>
  at::Tensor by_x_of(Norm<T> norm, const Lines& lines, const Line<T>& line, const std::vector<double>& sums,
                     const std::vector<double>& products, const at::Tensor& x) const {
    const double share = by_batch_ ? 1 / lines.count() : 0;  // moments that are known do not follow x
    const auto middle = of_channels<T>(lines.channels, [&](size_t c) { return sums[c] * share; });
    const auto along = of_channels<T>(
        lines.channels, [&](size_t c) { return products[c] * line.inverses[c] * line.inverses[c] * share; });
    const at::Tensor by_x = at::empty_like(x);
    norm.factor = line.scale.data();
    norm.middle = middle.data();
    norm.share = along.data();
    norm.out = by_x.data_ptr<T>();
    in_parts(lines.parts(), [&](size_t, const Part& part) { signal::best(Kernels<T>::back)(norm, part); });
    return by_x;
  }

  const bool by_batch_;
  const double eps_;
  const Bending bending_;
  Moments moments_;
};

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
         !at::autocast::is_autocast_enabled(at::kCPU);
}

at::Tensor bent_in_place(const at::Tensor& z, const Bending& bending) {
  if (bending.kind == Bend::none || z.numel() == 0) return z;
  if (!has_no_gaps(z)) return bend(z, bending);
  const Lines lines(z);
  const auto ones = of_channels<float>(lines.channels, [](size_t) { return 1; });
  const auto zeros = of_channels<float>(lines.channels, [](size_t) { return 0; });
  const Norm<float> norm{.channels = lines.channels,
                         .positions = lines.positions,
                         .x = z.const_data_ptr<float>(),
                         .scale = ones.data(),
                         .shift = zeros.data(),
                         .bend = bending.kind,
                         .slope = static_cast<float>(bending.slope),
                         .out = z.data_ptr<float>()};
  in_parts(lines.parts(), [&](size_t, const Part& part) { signal::best(norm_apply_floats)(norm, part); });
  return z;
}

NormRun fused_norm(const NormWork& work) {
  const auto norm = std::make_shared<FusedNorm>(work);
  const at::Tensor y = tensor::apply(norm, {work.x, work.weight, work.bias})[0];
  return {y, norm->moments()};
}

}  // namespace lumir::nn
