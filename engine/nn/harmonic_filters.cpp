// HarmonicFilters: bands at a fundamental and its multiples, one above the other, whose width is learnt.

#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/ops/full.h>
#include <ATen/ops/linspace.h>
#include <ATen/ops/log10.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/minimum.h>

#include "nn/spectrum.h"
#include "tensor/convert.h"

namespace lumir::nn {
namespace {

struct HarmonicOptions : signal::SpectrumOptions {
  HarmonicOptions() {
    n_fft = 512;
    hop_length = 256;
  }
  int rate = 16000;
  int n_harmonic = 6, semitone_scale = 2;
  double bw_Q = 1;
  bool learn_bw = true, db = true;
  static Schema schema() {
    using S = HarmonicOptions;
    return extend(signal::spectrum_schema<S>(), rate_option<S>(),
                  Option{"n_harmonic", &S::n_harmonic, "the fundamental and its multiples", Range{1}},
                  Option{"semitone_scale", &S::semitone_scale, "bands of a semitone", Range{1}},
                  Option{"bw_Q", &S::bw_Q, "what widths are divided by at first", kPositive},
                  Option{"learn_bw", &S::learn_bw, "it is learnt"}, Option{"db", &S::db, "in decibels"});
  }
};

/// Equivalent rectangular bandwidth of hearing (Glasberg and Moore 1990): alpha f + beta.
constexpr double kAlpha = 0.1079, kBeta = 24.7;
constexpr double kLowest = 24;  // C1, as MIDI counts

class HarmonicFilters final : public Described<SpectrumLayer, HarmonicOptions> {
 public:
  using Described::Described;

 protected:
  void build() override {
    make(option());
    const double top = option().rate / (2.0 * option().n_harmonic);
    const auto highest = std::lround(12 * std::log2(top / 440) + 69);
    const auto steps = static_cast<int>((static_cast<double>(highest) - kLowest) * option().semitone_scale);
    if (steps < 1)
      throw ArgumentError(name() + ": 'rate' is too low for " + std::to_string(option().n_harmonic) + " harmonics");
    bands_ = steps;
    std::vector<double> centres;
    for (int harmonic = 1; harmonic <= option().n_harmonic; ++harmonic) {
      for (int i = 0; i < steps; ++i) {
        const double note = kLowest + (static_cast<double>(highest) - kLowest) * i / steps;
        centres.push_back(440 * std::exp2((note - 69) / 12) * harmonic);
      }
    }
    const auto count = static_cast<int64_t>(centres.size());
    add_buffer("f0", centres_, tensor::from_doubles(centres, {count, 1}).to(at::kFloat), /*persistent=*/false);
    const at::Tensor hz = at::linspace(0, option().rate / 2.0, option().bins(), at::kFloat).unsqueeze(0);
    add_buffer("fft_bins", hz_, hz, /*persistent=*/false);
    const at::Tensor width = at::full({1}, option().bw_Q, at::kFloat);
    if (option().learn_bw) {
      add_parameter("bw_Q", q_, width);
    } else {
      add_buffer("bw_Q", q_, width);
    }
  }
  at::Tensor forward(const at::Tensor& x) override {
    const at::Tensor power = magnitude(x, 2);
    const at::Tensor bands = at::matmul(filters().to(x.scalar_type()), power);
    std::vector<int64_t> shape(x.sizes().begin(), x.sizes().end() - 1);
    shape.insert(shape.end(), {option().n_harmonic, bands_, power.size(-1)});
    const at::Tensor harmonics = bands.reshape(shape);
    return option().db ? at::log10(harmonics.clamp_min(1e-10)) * 10 : harmonics;
  }

 private:
  /// [harmonics * bands, bins]: triangles.
  at::Tensor filters() const {
    const at::Tensor width = (centres_ * kAlpha + kBeta) / q_;
    const at::Tensor away = (hz_ - centres_) * 2 / width;
    return at::minimum(1 + away, 1 - away).clamp_min(0);
  }

  at::Tensor centres_, hz_, q_;
  int64_t bands_ = 1;
};

LUMIR_MODULE(HarmonicFilters,
             {.summary = "Power of samples in triangular bands at n_harmonic multiples of each fundamental from C1 on, "
                         "a channel for each multiple; the width of the bands is learnt.",
              .returns = "[..., n_harmonic, bands, frames]",
              .example = "nn.HarmonicFilters { n_harmonic = 3 }(torch.randn(2, 8000))",
              .source = "Won et al., Data-driven Harmonic Filters for Audio Representation Learning (2020)"});

}  // namespace
}  // namespace lumir::nn
