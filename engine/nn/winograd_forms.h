// Patches of pictures and what they are in their form. Included by kernels only.

#pragma once

#include <algorithm>

#include "nn/tiles.h"
#include "nn/winograd_kernels.h"
#include "signal/aligned.h"

namespace lumir::nn {

using Patch = signal::Lanes[kForms];

inline constexpr int kPanelColumns = kPanel / signal::kLanes;  // registers
// between rows of channels: rows that are powers of two apart would fall upon each other in the cache
inline constexpr int64_t kGap = 16;

/// Does to each column of a patch, then to each row, what `side` does to the first of four numbers, `step` apart.
template <class Side>
[[gnu::always_inline]] inline void on_both_sides(Patch& patch, Side side) {
  unrolled<4>([&](auto i) __attribute__((always_inline)) { side(patch + i, std::integral_constant<int, 4>()); });
  unrolled<4>([&](auto i) __attribute__((always_inline)) { side(patch + 4 * i, std::integral_constant<int, 1>()); });
}

/// Where a patch begins in what comes out.
struct PatchPlace {
  PatchPlace(const Winograd& how, int64_t patch) {
    const int64_t across = how.across(), of_picture = how.down() * across, rest = patch % of_picture;
    picture = patch / of_picture, row = rest / across * 2, column = rest % across * 2;
  }
  int64_t picture, row, column;
};

/// Places of a patch, row by row: what is outside of the picture is null.
struct PatchPlaces {
  const float* from[kForms] = {};

  /// What goes into it by a part of the kernel, 4 x 4.
  void of_input(const Winograd& how, int64_t patch, int64_t part) {
    const PatchPlace place(how, patch);
    set<4>(how.x, place.picture, place.row + part / how.parts * 2 - how.padding_down,
           place.column + part % how.parts * 2 - how.padding_across);
  }
  /// Derivatives by what came out of it, 2 x 2: the rest is outside.
  void of_gradient(const Winograd& how, int64_t patch) {
    const PatchPlace place(how, patch);
    const PictureRows gradient{how.gradient, how.x.count, how.out_height(), how.out_width(), how.out_channels};
    set<2>(gradient, place.picture, place.row, place.column);
  }
  [[gnu::always_inline]] inline void load(Patch& patch, int64_t channel) const {
    unrolled<kForms>([&](auto i) __attribute__((always_inline)) {
      patch[i] = from[i] ? signal::load(from[i] + channel) : signal::Lanes{};
    });
  }

 private:
  template <int size>
  void set(const PictureRows& x, int64_t picture, int64_t row, int64_t column) {
    for (int64_t i = 0; i < size * size; ++i) {
      const int64_t y = row + i / size, z = column + i % size;
      const bool inside = y >= 0 && y < x.height && z >= 0 && z < x.width;
      from[i / size * 4 + i % size] = inside ? x.data + ((picture * x.height + y) * x.width + z) * x.channels : nullptr;
    }
  }
};

/// Calls body(part, first, last, before) for the channels of each part among some inputs, and how many of these lie before.
template <class Body>
void each_part(int64_t channels, int64_t first_in, int64_t last_in, Body body) {
  for (int64_t at = first_in; at < last_in;) {
    const int64_t part = at / channels, first = at % channels, last = std::min(channels, first + last_in - at);
    body(part, first, last, at - first_in);
    at += last - first;
  }
}

/// Some channels of some patches in their form: [forms, patches, channels and a gap].
class Forms {
 public:
  Forms(int64_t patches, int64_t channels)
      : patches_(patches), step_(channels + kGap), numbers_(static_cast<size_t>(kForms * patches * step_)) {}
  int64_t step() const { return step_; }
  float* at(int64_t form, int64_t patch) { return &numbers_[static_cast<size_t>((form * patches_ + patch) * step_)]; }

  /// Puts those from `first` on behind `before` others; `side` is what brings one side into its form.
  template <class Side>
  void put(const PatchPlaces& places, int64_t patch, int64_t first, int64_t last, int64_t before, Side side) {
    for (int64_t channel = first; channel < last; channel += signal::kLanes) {
      Patch numbers;
      places.load(numbers, channel);
      on_both_sides(numbers, side);
      unrolled<kForms>([&](auto i) __attribute__((always_inline)) {
        signal::store(at(i, patch) + before + channel - first, numbers[i]);
      });
    }
  }
  /// Zeros from a patch on.
  void clear(int64_t patch) {
    for (; patch < patches_; ++patch) {
      for (int64_t form = 0; form < kForms; ++form) std::fill_n(at(form, patch), step_, 0.0f);
    }
  }

 private:
  int64_t patches_, step_;
  signal::AlignedFloats numbers_;
};

/// b' d of what goes in.
inline constexpr auto form_input = [](signal::Lanes * d, auto step) __attribute__((always_inline)) {
  const signal::Lanes a = d[0], b = d[step], c = d[2 * step], e = d[3 * step];
  d[0] = a - c, d[step] = b + c, d[2 * step] = c - b, d[3 * step] = b - e;
};

/// Puts some inputs of patch number `patch` of all as number `into`.
inline void put_inputs(Forms& forms, const Winograd& how, int64_t patch, int64_t into, int64_t first_in,
                       int64_t last_in) {
  each_part(how.x.channels, first_in, last_in, [&](int64_t part, int64_t first, int64_t last, int64_t before) {
    PatchPlaces places;
    places.of_input(how, patch, part);
    forms.put(places, into, first, last, before, form_input);
  });
}

}  // namespace lumir::nn
