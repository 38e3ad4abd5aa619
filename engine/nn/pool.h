// What pooling layers along one, two and three dimensions share: a window that moves along the last dimensions, or as
// many windows as are wanted.

#pragma once

#include <algorithm>

#include <ATen/ops/adaptive_avg_pool1d.h>
#include <ATen/ops/adaptive_avg_pool2d.h>
#include <ATen/ops/adaptive_avg_pool3d.h>
#include <ATen/ops/adaptive_max_pool1d.h>
#include <ATen/ops/adaptive_max_pool2d.h>
#include <ATen/ops/adaptive_max_pool3d.h>
#include <ATen/ops/avg_pool1d.h>
#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/avg_pool3d.h>
#include <ATen/ops/max_pool1d.h>
#include <ATen/ops/max_pool2d.h>
#include <ATen/ops/max_pool3d.h>

#include "nn/lengths.h"
#include "nn/module.h"
#include "nn/pooled.h"
#include "nn/sizes.h"

namespace lumir::nn {

struct PoolOptions {
  Sizes kernel_size;
  std::optional<Sizes> stride;
  Sizes padding{0};
  bool ceil_mode = false;
  static Schema schema() {
    using S = PoolOptions;
    return {Option{"kernel_size", &S::kernel_size, "positions of a window", Range{1}, kArgument},
            Option{"stride", &S::stride, "positions from one window to the next; 'none': as many as it has", Range{1}},
            Option{"padding", &S::padding, "positions added at both ends, half a window at most", Range{0}},
            Option{"ceil_mode", &S::ceil_mode, "a last window may reach beyond the end"}};
  }
};

/// The window along the last dimensions, as LibTorch takes it.
struct Window {
  std::vector<int64_t> kernel, stride, padding, dilation;
  bool ceil_mode = false;

  Window(const PoolOptions& how, const Sizes& spread, size_t dimensions, const std::string& who)
      : kernel(how.kernel_size.over(dimensions, who, "kernel_size")),
        stride(how.stride.value_or(how.kernel_size).over(dimensions, who, "stride")),
        padding(how.padding.over(dimensions, who, "padding")),
        dilation(spread.over(dimensions, who, "dilation")),
        ceil_mode(how.ceil_mode) {}

  /// Whether it moves by what it holds, and holds nothing beyond the ends.
  bool is_beside_the_last() const {
    const auto are = [](const std::vector<int64_t>& all, int64_t one) {
      return std::all_of(all.begin(), all.end(), [&](int64_t each) { return each == one; });
    };
    return kernel == stride && are(padding, 0) && are(dilation, 1) && !ceil_mode;
  }
  /// How it moves along the last dimension.
  Stride along_time() const { return {kernel.back(), stride.back(), padding.back(), dilation.back(), ceil_mode}; }
};

inline Sizes spread_of(const PoolOptions&) { return 1; }

struct MaxPoolOptions : PoolOptions {
  Sizes dilation;
  static Schema schema() {
    return extend(PoolOptions::schema(), Option{"dilation", &MaxPoolOptions::dilation,
                                                "positions from one number of the window to the next", Range{1}});
  }
};
inline Sizes spread_of(const MaxPoolOptions& how) { return how.dilation; }

struct AvgPoolOptions : PoolOptions {
  bool count_include_pad = true;
  static Schema schema() {
    return extend(PoolOptions::schema(), Option{"count_include_pad", &AvgPoolOptions::count_include_pad,
                                                "the mean counts the zeros of the padding"});
  }
};

/// Those along two and three dimensions, as PyTorch has them.
struct DividedPoolOptions : AvgPoolOptions {
  std::optional<int> divisor_override;
  static Schema schema() {
    return extend(AvgPoolOptions::schema(), Option{"divisor_override", &DividedPoolOptions::divisor_override,
                                                   "what sums are divided by in place of the window's size", Range{1}});
  }
};

struct AdaptivePoolOptions {
  Sizes output_size;
  static Schema schema() {
    return {Option{"output_size", &AdaptivePoolOptions::output_size, "positions that come out", Range{1}, kArgument}};
  }
};

/// A pooling layer whose windows move along the last dimensions.
template <class HowOptions, at::Tensor (*compute)(const at::Tensor&, const Window&, const HowOptions&),
          size_t dimensions>
class WindowPool final : public Described<Layer, HowOptions>, public Pools {
 public:
  using Described<Layer, HowOptions>::Described;
  std::optional<Blocks> blocks() const override {
    const bool largest = std::is_same_v<HowOptions, MaxPoolOptions> && dimensions == 2;
    const Window by = window();
    if (!largest || !by.is_beside_the_last()) return std::nullopt;
    return Blocks{by.kernel.front(), by.kernel.back()};
  }

 protected:
  void build() override { window(); }  // says at once what does not fit
  at::Tensor forward(const at::Tensor& x) override { return compute(x, window(), this->option()); }
  at::Tensor lengths_after(const at::Tensor& lengths) const override {
    return lengths_through(lengths, window().along_time());
  }

 private:
  Window window() const { return {this->option(), spread_of(this->option()), dimensions, this->name()}; }
};

/// A pooling layer whose windows are as large as it takes for a given size to come out. What is left has no time that
/// lengths could count.
template <at::Tensor (*compute)(const at::Tensor&, at::IntArrayRef), size_t dimensions>
class AdaptivePool final : public Described<Layer, AdaptivePoolOptions> {
 public:
  using Described::Described;

 protected:
  void build() override { size_ = this->option().output_size.over(dimensions, this->name(), "output_size"); }
  at::Tensor forward(const at::Tensor& x) override { return compute(x, size_); }
  at::Tensor lengths_after(const at::Tensor&) const override { return {}; }

 private:
  std::vector<int64_t> size_;
};

template <size_t dimensions>
at::Tensor largest_in(const at::Tensor& x, const Window& by, const MaxPoolOptions&) {
  if constexpr (dimensions == 1) return at::max_pool1d(x, by.kernel, by.stride, by.padding, by.dilation, by.ceil_mode);
  if constexpr (dimensions == 2) return at::max_pool2d(x, by.kernel, by.stride, by.padding, by.dilation, by.ceil_mode);
  if constexpr (dimensions == 3) return at::max_pool3d(x, by.kernel, by.stride, by.padding, by.dilation, by.ceil_mode);
}

inline at::Tensor mean_in_stretch(const at::Tensor& x, const Window& by, const AvgPoolOptions& how) {
  return at::avg_pool1d(x, by.kernel, by.stride, by.padding, by.ceil_mode, how.count_include_pad);
}
template <size_t dimensions>
at::Tensor mean_in(const at::Tensor& x, const Window& by, const DividedPoolOptions& how) {
  const auto with = [&](auto* pool) {
    return pool(x, by.kernel, by.stride, by.padding, by.ceil_mode, how.count_include_pad, how.divisor_override);
  };
  if constexpr (dimensions == 2) return with(at::avg_pool2d);
  if constexpr (dimensions == 3) return with(at::avg_pool3d);
}

template <size_t dimensions>
at::Tensor largest_of_as_many(const at::Tensor& x, at::IntArrayRef size) {
  if constexpr (dimensions == 1) return std::get<0>(at::adaptive_max_pool1d(x, size));
  if constexpr (dimensions == 2) return std::get<0>(at::adaptive_max_pool2d(x, size));
  if constexpr (dimensions == 3) return std::get<0>(at::adaptive_max_pool3d(x, size));
}
template <size_t dimensions>
at::Tensor mean_of_as_many(const at::Tensor& x, at::IntArrayRef size) {
  if constexpr (dimensions == 1) return at::adaptive_avg_pool1d(x, size);
  if constexpr (dimensions == 2) return at::adaptive_avg_pool2d(x, size);
  if constexpr (dimensions == 3) return at::adaptive_avg_pool3d(x, size);
}

template <size_t dimensions>
using MaxPool = WindowPool<MaxPoolOptions, largest_in<dimensions>, dimensions>;
template <size_t dimensions>
using AvgPool = WindowPool<DividedPoolOptions, mean_in<dimensions>, dimensions>;
template <size_t dimensions>
using AdaptiveMaxPool = AdaptivePool<largest_of_as_many<dimensions>, dimensions>;
template <size_t dimensions>
using AdaptiveAvgPool = AdaptivePool<mean_of_as_many<dimensions>, dimensions>;

}  // namespace lumir::nn
