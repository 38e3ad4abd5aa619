// Forms of patches, their products, and what comes out.
//
// Billions of operations a second of one thread that a direct convolution would take, AMD EPYC (Zen 4, 84 GFLOP/s a
// core at most): 64 channels to 64 in pictures of 1000 x 64 places 183, 128 in 500 x 32 197, 256 in 250 x 16 190, 512
// in 125 x 8 216, 1024 in 62 x 4 178, 2048 in 31 x 2 (sixteen patches) 130.

#include "nn/winograd_kernels.h"

#include "nn/winograd_forms.h"
#include "signal/kernel.h"

namespace lumir::nn {
namespace {

using V = signal::Lanes;
using signal::kLanes;

constexpr int kRows = kLanes == 16 ? 12 : kLanes == 8 ? 3 : 1;  // patches whose sums are in registers at once
static_assert(kPatchesAtOnce % kRows == 0);                     // pieces have whole rows of them, but for the last

/// Patches with those that fill up their last rows.
int64_t filled(int64_t patches) { return (patches + kRows - 1) / kRows * kRows; }

/// Forms of what goes into a piece's patches; zeros beyond them.
Forms forms_of(const Winograd& how, const WinogradPiece& piece) {
  const int64_t count = piece.last - piece.first;
  Forms forms(filled(count), how.inputs());
  for (int64_t patch = 0; patch < count; ++patch) {
    put_inputs(forms, how, piece.first + patch, patch, 0, how.inputs());
  }
  forms.clear(count);
  return forms;
}

/// a' m: what comes out is the first two of four.
constexpr auto form_output = [](V * m, auto step) __attribute__((always_inline)) {
  const V a = m[0], b = m[step], c = m[2 * step], e = m[3 * step];
  m[0] = a + b + c, m[step] = b - c - e;
};

/// What the products of one patch, `step` numbers apart, are in the picture. Answers zeros, but NaN where infinity or NaN
/// came out.
V put(const Winograd& how, int64_t patch, const float* products, int64_t step, int64_t channel) {
  V zeros{};
  const PatchPlace place(how, patch);
  for (int64_t lane = channel; lane < channel + kPanel; lane += kLanes, products += kLanes) {
    Patch m;
    unrolled<kForms>([&](auto i) __attribute__((always_inline)) { m[i] = signal::load(products + i * step); });
    on_both_sides(m, form_output);
    const V bias = how.bias ? signal::load(how.bias + lane) : V{};
    for (int64_t i = 0; i < 4; ++i) {
      const int64_t row = place.row + i / 2, column = place.column + i % 2;
      if (row >= how.out_height() || column >= how.out_width()) continue;
      V value = m[i / 2 * 4 + i % 2] + bias;
      zeros += value - value;
      if (how.cuts) value = value < 0 ? V{} : value;  // NaN stays
      const int64_t at = (place.picture * how.out_height() + row) * how.out_width() + column;
      signal::store(how.out + at * how.out_channels + lane, value);
    }
  }
  return zeros;
}

bool has_nan(V numbers) {
  bool found = false;
  for (int i = 0; i < kLanes; ++i) found = found || numbers[i] != numbers[i];
  return found;
}

/// Puts all patches of a piece, and notes the pictures that are not finite.
void put_all(const Winograd& how, const WinogradPiece& piece, const float* products, int64_t step, int64_t channel) {
  const int64_t of_picture = how.down() * how.across();
  for (int64_t patch = piece.first; patch < piece.last;) {
    const int64_t picture = patch / of_picture, end = std::min(piece.last, (picture + 1) * of_picture);
    V zeros{};
    for (; patch < end; ++patch) zeros += put(how, patch, products + (patch - piece.first) * kPanel, step, channel);
    if (has_nan(zeros)) how.endless[picture].store(true, std::memory_order_relaxed);
  }
}

}  // namespace

void winograd_run(const Winograd& how, const WinogradPiece& piece) {
  Forms forms = forms_of(how, piece);
  const int64_t count = piece.last - piece.first, rows = filled(count), inputs = how.inputs();
  signal::AlignedFloats products(static_cast<size_t>(kForms * rows * kPanel));
  for (int64_t channel = piece.first_out; channel < piece.last_out; channel += kPanel) {
    const float* panel = how.formed + channel * kForms * inputs;
    for (int64_t form = 0; form < kForms; ++form, panel += inputs * kPanel) {
      for (int64_t row = 0; row < rows; row += kRows) {
        using Sums = Tile<float, kRows, kPanelColumns>;
        Sums tile;
        tile.multiply(Sums::all(), {forms.at(form, row), forms.step(), 1}, panel, kPanel, inputs);
        tile.store(&products[static_cast<size_t>((form * rows + row) * kPanel)], kPanel);
      }
    }
    put_all(how, piece, products.data(), rows * kPanel, channel);
  }
}
LUMIR_KERNEL(winograd_run);

}  // namespace lumir::nn
