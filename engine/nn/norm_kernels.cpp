// Passes over the numbers of a norm.

#include "nn/norm_kernels.h"

#include <algorithm>
#include <vector>

#include "nn/norm_lanes.h"
#include "signal/aligned.h"
#include "signal/kernel.h"

namespace lumir::nn {
namespace {

template <class T>
using Numbers = std::vector<T, signal::AlignedAllocator<T>>;

/// Sums of a part while they are made, a register for each spot of a row, or for each plane.
template <class T>
class Sums {
 public:
  Sums(const Norm<T>& norm, const Part& part)
      : norm_(norm),
        lines_(part.last - part.first),
        kept_(padded(norm.in_rows() ? norm.channels : lines_ * kWide<T>)) {}

  void add(const Spot& spot, Register<T> value) { signal::store(&kept_[spot.slot], at(spot) + value); }
  Register<T> at(const Spot& spot) const { return signal::load(&kept_[spot.slot]); }
  /// Puts one number for each channel, or for each plane; `factor` times the sums.
  void put(T* into, T factor) const {
    if (norm_.in_rows()) {
      for (int64_t c = 0; c < norm_.channels; ++c) into[c] = kept_[c] * factor;
      return;
    }
    for (int64_t plane = 0; plane < lines_; ++plane) {
      T sum = 0;
      for (int64_t i = 0; i < kWide<T>; ++i) sum += kept_[plane * kWide<T> + i];
      into[plane] = sum * factor;
    }
  }
  /// The same numbers where the sums were, once more for each spot.
  void spread(const T* numbers) {
    for (int64_t i = 0; i < static_cast<int64_t>(kept_.size()); ++i) {
      kept_[i] = norm_.in_rows() ? numbers[std::min(i, norm_.channels - 1)] : numbers[i / kWide<T>];
    }
  }

 private:
  static Numbers<T> padded(int64_t size) { return Numbers<T>((size + kWide<T> - 1) / kWide<T> * kWide<T>, T(0)); }
  const Norm<T>& norm_;
  int64_t lines_;
  Numbers<T> kept_;
};

template <class T>
void moments(const Norm<T>& norm, const Part& part, T* means, T* squares) {
  const auto over = [&](auto rows) {
    Sums<T> sums(norm, part), about(norm, part);
    each_spot<rows>(
        norm, part, [&](const Spot& spot) __attribute__((always_inline)) { sums.add(spot, read(norm.x, spot)); });
    sums.put(means, T(1) / static_cast<T>(rows ? part.last - part.first : norm.positions));
    sums.spread(means);
    each_spot<rows>(
        norm, part, [&](const Spot& spot) __attribute__((always_inline)) {
          const auto mean = sums.at(spot), distance = read(norm.x, spot, mean) - mean;
          about.add(spot, distance * distance);
        });
    about.put(squares, 1);
  };
  norm.in_rows() ? over(std::true_type()) : over(std::false_type());
}

template <class T>
void apply(const Norm<T>& norm, const Part& part) {
  with_constants(norm, [&](auto rows, auto bend) {
    each_spot<rows>(
        norm, part, [&](const Spot& spot) __attribute__((always_inline)) {
          const auto z = read(norm.x, spot) * of<rows>(norm.scale, spot) + of<rows>(norm.shift, spot);
          write(norm.out, spot, bent<bend>(z, norm.slope));
        });
  });
}

template <class T>
void sums(const Norm<T>& norm, const Part& part, T* sums, T* products) {
  with_constants(norm, [&](auto rows, auto bend) {
    Sums<T> plain(norm, part), weighted(norm, part);
    each_spot<rows>(
        norm, part, [&](const Spot& spot) __attribute__((always_inline)) {
          const auto x = read(norm.x, spot), g = by_z<rows, bend>(norm, spot, x);
          plain.add(spot, g);
          weighted.add(spot, g * (x - of<rows>(norm.mean, spot)));
        });
    plain.put(sums, 1);
    weighted.put(products, 1);
  });
}

template <class T>
void back(const Norm<T>& norm, const Part& part) {
  with_constants(norm, [&](auto rows, auto bend) {
    each_spot<rows>(
        norm, part, [&](const Spot& spot) __attribute__((always_inline)) {
          const auto x = read(norm.x, spot), g = by_z<rows, bend>(norm, spot, x);
          const auto rest =
              g - of<rows>(norm.middle, spot) - (x - of<rows>(norm.mean, spot)) * of<rows>(norm.share, spot);
          write(norm.out, spot, of<rows>(norm.factor, spot) * rest);
        });
  });
}

}  // namespace

void norm_moments_floats(const Norm<float>& norm, const Part& part, float* means, float* squares) {
  moments(norm, part, means, squares);
}
LUMIR_KERNEL(norm_moments_floats);
void norm_moments_doubles(const Norm<double>& norm, const Part& part, double* means, double* squares) {
  moments(norm, part, means, squares);
}
LUMIR_KERNEL(norm_moments_doubles);
void norm_apply_floats(const Norm<float>& norm, const Part& part) { apply(norm, part); }
LUMIR_KERNEL(norm_apply_floats);
void norm_apply_doubles(const Norm<double>& norm, const Part& part) { apply(norm, part); }
LUMIR_KERNEL(norm_apply_doubles);
void norm_sums_floats(const Norm<float>& norm, const Part& part, float* sums_of_g, float* products) {
  sums(norm, part, sums_of_g, products);
}
LUMIR_KERNEL(norm_sums_floats);
void norm_sums_doubles(const Norm<double>& norm, const Part& part, double* sums_of_g, double* products) {
  sums(norm, part, sums_of_g, products);
}
LUMIR_KERNEL(norm_sums_doubles);
void norm_back_floats(const Norm<float>& norm, const Part& part) { back(norm, part); }
LUMIR_KERNEL(norm_back_floats);
void norm_back_doubles(const Norm<double>& norm, const Part& part) { back(norm, part); }
LUMIR_KERNEL(norm_back_doubles);

}  // namespace lumir::nn
