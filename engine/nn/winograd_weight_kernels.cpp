// Weights in their form, and derivatives by them.

#include <algorithm>

#include "nn/winograd_forms.h"
#include "nn/winograd_kernels.h"
#include "signal/kernel.h"

namespace lumir::nn {
namespace {

using V = signal::Lanes;
using signal::kLanes;

/// Calls body(out, in, numbers): a register of channels that come out, and where the first of their forms lie; the next
/// are in * kPanel numbers apart.
template <class Number, class Body>
void each_kernel(int64_t inputs, const WinogradPiece& piece, Number* formed, Body body) {
  for (int64_t out = piece.first_out; out < piece.last_out; out += kLanes) {
    Number* panel = formed + out / kPanel * kPanel * kForms * inputs + out % kPanel;
    for (int64_t in = 0; in < inputs; ++in) body(out, in, panel + in * kPanel);
  }
}

/// What a part of a kernel is made of: a place that two parts have is of the first.
template <class Number>
struct KernelPart {
  KernelPart(const KernelWeights<Number>& weights, int64_t out, int64_t in)
      : row(in / weights.in_channels / weights.parts * 2),
        column(in / weights.in_channels % weights.parts * 2),
        data(weights.kernel(out, in % weights.in_channels) + row * weights.row_step + column * weights.column_step) {}
  bool has(int i) const { return (row == 0 || i / 3 > 0) && (column == 0 || i % 3 > 0); }
  int64_t row, column;
  Number* data;
};

/// g w: four of three.
inline void form_kernel(V* w, int64_t step) {
  const V a = w[0], middle = w[step], c = w[2 * step];
  w[step] = (a + middle + c) * 0.5f, w[2 * step] = (a - middle + c) * 0.5f, w[3 * step] = c;
}
/// g' w: three of four.
inline void gather_kernel(V* w, int64_t step) {
  const V b = w[step], c = w[2 * step], e = w[3 * step];
  w[0] += (b + c) * 0.5f, w[step] = (b - c) * 0.5f, w[2 * step] = (b + c) * 0.5f + e;
}

/// a g of derivatives by what came out: four of two.
constexpr auto form_gradient = [](V * g, auto step) __attribute__((always_inline)) {
  const V a = g[0], b = g[step];
  g[step] = a + b, g[2 * step] = a - b, g[3 * step] = -b;
};

/// Adds products over the patches to derivatives by weights in their form.
void add_products(const WinogradPiece& piece, Forms& inputs, Forms& gradients, int64_t count, int64_t all_inputs,
                  float* formed) {
  constexpr int kRows = kLanes == 16 ? 8 : kLanes == 8 ? 2 : 1;
  for (int64_t out = piece.first_out; out < piece.last_out; out += kPanel) {
    for (int64_t form = 0; form < kForms; ++form) {
      float* into = formed + (out * kForms + form * kPanel) * all_inputs;
      const float* panel = gradients.at(form, 0) + out - piece.first_out;
      for (int64_t in = piece.first_in; in < piece.last_in; in += kRows) {
        using Sums = Tile<float, kRows, kPanelColumns>;
        Sums tile;
        tile.load(into + in * kPanel, kPanel);
        tile.multiply(Sums::all(), {inputs.at(form, 0) + in - piece.first_in, 1, inputs.step()}, panel,
                      gradients.step(), count);
        tile.store(into + in * kPanel, kPanel);
      }
    }
  }
}

}  // namespace

void winograd_weights(const KernelWeights<const float>& weights, float* formed, const WinogradPiece& piece) {
  const int64_t inputs = weights.inputs();
  each_kernel(inputs, piece, formed, [&](int64_t out, int64_t in, float* numbers) {
    Patch w = {};
    for (int lane = 0; lane < kLanes; ++lane) {
      const KernelPart kernel(weights, out + lane, in);
      for (int i = 0; i < 9; ++i) {
        if (!kernel.has(i)) continue;
        w[i / 3 * 4 + i % 3][lane] = kernel.data[i / 3 * weights.row_step + i % 3 * weights.column_step];
      }
    }
    for (int i = 0; i < 3; ++i) form_kernel(w + i, 4);
    for (int i = 0; i < 4; ++i) form_kernel(w + 4 * i, 1);
    for (int64_t form = 0; form < kForms; ++form) signal::store(numbers + form * inputs * kPanel, w[form]);
  });
}
LUMIR_KERNEL(winograd_weights);

void winograd_back(const Winograd& how, const WinogradPiece& piece, float* formed) {
  constexpr int64_t kPatches = 64;  // what they take stays in the second cache
  Forms inputs(kPatches, piece.last_in - piece.first_in), gradients(kPatches, piece.last_out - piece.first_out);
  for (int64_t first = piece.first; first < piece.last; first += kPatches) {
    const int64_t count = std::min(kPatches, piece.last - first);
    for (int64_t patch = 0; patch < count; ++patch) {
      put_inputs(inputs, how, first + patch, patch, piece.first_in, piece.last_in);
      PatchPlaces ends;
      ends.of_gradient(how, first + patch);
      gradients.put(ends, patch, piece.first_out, piece.last_out, 0, form_gradient);
    }
    add_products(piece, inputs, gradients, count, how.inputs(), formed);
  }
}
LUMIR_KERNEL(winograd_back);

void winograd_gather(const KernelWeights<float>& weights, const float* formed, int64_t parts,
                     const WinogradPiece& piece) {
  const int64_t inputs = weights.inputs();
  each_kernel(inputs, piece, formed, [&](int64_t out, int64_t in, const float* numbers) {
    Patch w = {};
    for (int64_t part = 0; part < parts; ++part) {
      const float* from = numbers + part * weights.formed_size();
      for (int64_t form = 0; form < kForms; ++form) w[form] += signal::load(from + form * inputs * kPanel);
    }
    for (int i = 0; i < 4; ++i) gather_kernel(w + i, 4);
    for (int i = 0; i < 3; ++i) gather_kernel(w + 4 * i, 1);
    for (int lane = 0; lane < kLanes; ++lane) {
      const KernelPart kernel(weights, out + lane, in);
      for (int i = 0; i < 9; ++i) {
        if (!kernel.has(i)) continue;
        kernel.data[i / 3 * weights.row_step + i % 3 * weights.column_step] = w[i / 3 * 4 + i % 3][lane];
      }
    }
  });
}
LUMIR_KERNEL(winograd_gather);

}  // namespace lumir::nn
