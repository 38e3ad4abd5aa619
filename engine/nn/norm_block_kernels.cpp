// Passes over a norm whose bent numbers only the largest of each block is kept.
//
// Bends do not fall, so the largest z is found first and bent once. As LibTorch's pooling has it, NaN is larger than any
// number, and the first of equals is taken.

#include "nn/norm_lanes.h"
#include "signal/kernel.h"

namespace lumir::nn {
namespace {

/// Whole numbers as wide as T, and the bytes that they are kept as.
template <class T>
using Whole = decltype(Register<T>{} < Register<T>{});
using FloatBytes = uint8_t __attribute__((vector_size(signal::kLanes)));
using DoubleBytes = uint8_t __attribute__((vector_size(signal::kDoubles)));
template <class T>
using Bytes = std::conditional_t<std::is_same_v<T, float>, FloatBytes, DoubleBytes>;

/// Calls body(first number of a place's channels, channel, how many of them) for each register of channels.
template <class T, class Body>
[[gnu::always_inline]] inline void each_register(const Norm<T>& norm, Body body) {
  for (int64_t c = 0; c < norm.channels; c += kWide<T>) body(c, std::min(kWide<T>, norm.channels - c));
}

template <class T>
struct Largest {
  Register<T> z, x;
  Whole<T> which;
};

/// The largest z of the block that begins at a spot.
template <class T>
[[gnu::always_inline]] inline Largest<T> largest_at(const Norm<T>& norm, const BlockRun<T>& blocks, const Spot& spot) {
  const auto scale = of<true>(norm.scale, spot), shift = of<true>(norm.shift, spot);
  const auto first = read(norm.x, spot);
  Largest<T> best{first * scale + shift, first, Whole<T>{}};
  Whole<T> number{};
  for (int64_t i = 0; i < blocks.block_height; ++i) {
    for (int64_t j = 0; j < blocks.block_width; ++j, number += 1) {
      Spot next = spot;
      next.place += (i * blocks.width + j) * norm.channels;
      const auto x = read(norm.x, next), z = x * scale + shift;
      const auto larger = (z > best.z) | (z != z);
      best = {larger ? z : best.z, larger ? x : best.x, larger ? number : best.which};
    }
  }
  return best;
}

template <class T>
void write_bytes(uint8_t* into, const Spot& spot, Whole<T> numbers) {
  const auto bytes = __builtin_convertvector(numbers, Bytes<T>);
  std::memcpy(into + spot.place, &bytes, static_cast<size_t>(spot.count));
}

template <class T>
Whole<T> read_bytes(const uint8_t* from, const Spot& spot) {
  Bytes<T> bytes{};
  std::memcpy(&bytes, from + spot.place, static_cast<size_t>(spot.count));
  return __builtin_convertvector(bytes, Whole<T>);
}

template <class T>
void largest(const Norm<T>& norm, const BlockRun<T>& blocks, const Part& lines) {
  const auto block = [&](int64_t place, int64_t number, auto bend) __attribute__((always_inline)) {
    each_register(
        norm, [&](int64_t c, int64_t count) __attribute__((always_inline)) {
          const auto best = largest_at(norm, blocks, {place * norm.channels + c, c, count, c});
          const Spot spot{number * norm.channels + c, c, count, c};
          write(norm.out, spot, bent<bend>(best.z, norm.slope));
          if (!blocks.chosen) return;
          write(blocks.chosen, spot, best.x);
          write_bytes<T>(blocks.which, spot, best.which);
        });
  };
  with_constants(norm, [&](auto, auto bend) {
    for (int64_t line = lines.first; line < lines.last; ++line) {
      const int64_t picture = line / blocks.down(), row = line % blocks.down() * blocks.block_height;
      const int64_t first = (picture * blocks.height + row) * blocks.width;
      for (int64_t i = 0; i < blocks.across(); ++i) {
        block(first + i * blocks.block_width, line * blocks.across() + i, bend);
      }
    }
  });
}

/// What is written for places from `first` on, of which each is number `which` of its block and the next one follows it;
/// `g` are the derivatives by z of what was chosen.
template <class T>
[[gnu::always_inline]] inline void back_along(const Norm<T>& norm, Spot spot, int64_t places, Register<T> g,
                                              Whole<T> chosen, int64_t which) {
  const auto mean = of<true>(norm.mean, spot), middle = of<true>(norm.middle, spot);
  const auto share = of<true>(norm.share, spot), factor = of<true>(norm.factor, spot);
  Whole<T> number = Whole<T>{} + static_cast<std::remove_reference_t<decltype(chosen[0])>>(which);
  for (int64_t i = 0; i < places; ++i, number += 1, spot.place += norm.channels) {
    const auto by_this = chosen == number ? g : Register<T>{};
    const auto rest = by_this - middle - (read(norm.x, spot) - mean) * share;
    write(norm.out, spot, factor * rest);
  }
}

template <class T>
void largest_back(const Norm<T>& norm, const BlockRun<T>& blocks, const Part& lines) {
  const auto row = [&](int64_t line, auto bend) __attribute__((always_inline)) {
    const int64_t picture = line / blocks.height, y = line % blocks.height, above = y / blocks.block_height;
    const int64_t across = above < blocks.down() ? blocks.across() : 0;
    const int64_t block_line = (picture * blocks.down() + above) * blocks.across();
    const auto place = [&](int64_t x, int64_t c) { return (line * blocks.width + x) * norm.channels + c; };
    for (int64_t i = 0; i < across; ++i) {
      each_register(
          norm, [&](int64_t c, int64_t count) __attribute__((always_inline)) {
            const Spot block{(block_line + i) * norm.channels + c, c, count, c};
            const auto g = by_z<true, bend>(norm, block, read<T>(blocks.chosen, block));
            back_along<T>(norm, {place(i * blocks.block_width, c), c, count, c}, blocks.block_width, g,
                          read_bytes<T>(blocks.which, block), y % blocks.block_height * blocks.block_width);
          });
    }
    const int64_t end = across * blocks.block_width;
    each_register(
        norm, [&](int64_t c, int64_t count) __attribute__((always_inline)) {
          back_along<T>(norm, {place(end, c), c, count, c}, blocks.width - end, Register<T>{}, Whole<T>{}, 0);
        });
  };
  with_constants(norm, [&](auto, auto bend) {
    for (int64_t line = lines.first; line < lines.last; ++line) row(line, bend);
  });
}

}  // namespace

void norm_largest_floats(const Norm<float>& norm, const BlockRun<float>& blocks, const Part& lines) {
  largest(norm, blocks, lines);
}
LUMIR_KERNEL(norm_largest_floats);
void norm_largest_doubles(const Norm<double>& norm, const BlockRun<double>& blocks, const Part& lines) {
  largest(norm, blocks, lines);
}
LUMIR_KERNEL(norm_largest_doubles);
void norm_largest_back_floats(const Norm<float>& norm, const BlockRun<float>& blocks, const Part& lines) {
  largest_back(norm, blocks, lines);
}
LUMIR_KERNEL(norm_largest_back_floats);
void norm_largest_back_doubles(const Norm<double>& norm, const BlockRun<double>& blocks, const Part& lines) {
  largest_back(norm, blocks, lines);
}
LUMIR_KERNEL(norm_largest_back_doubles);

}  // namespace lumir::nn
