// Chroma: how much of each frame's power belongs to each of the twelve pitch classes, whatever the octave.
//
// The scale is laid where the recording's own tuning puts it, unless a tuning is given.

#include "feature/chroma_stft.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "feature/extractor.h"
#include "feature/pitch_class_rows.h"
#include "feature/row_axes.h"
#include "feature/tuning.h"
#include "signal/weights.h"

namespace lumir::feature {
namespace {

/// Sums of bins into pitch classes, as librosa.filters.chroma.
struct ChromaFilters {
  Weights weights;
  float norm = 0;  // 0 for none, infinity for the greatest

  static NodePtr needs(const ChromaStftOptions& options, int rate) {
    return options.tuning ? nullptr : tuning_node(options, 2, options.n_chroma, rate);
  }
  ChromaFilters(const ChromaStftOptions& options, int rate, double estimated)
      : weights(options.n_chroma, options.bins()), norm(norm_number(options.norm)) {
    fill(options, rate, options.tuning.value_or(estimated));
  }

 private:
  void fill(const ChromaStftOptions& options, int rate, double tuning) {
    const int n = options.n_chroma;
    const double a0 = 27.5 * std::exp2(tuning / n);
    const auto position = [&](int bin) {  // in chroma bins above A0
      return n * std::log2(static_cast<double>(bin) * rate / options.n_fft / a0);
    };
    const double half = std::nearbyint(n / 2.0);
    std::vector<double> column(static_cast<size_t>(n));
    for (int bin = 0; bin < options.bins(); ++bin) {
      const double here = bin == 0 ? position(1) - 1.5 * n : position(bin);
      const double next = bin == 0 ? position(1) : position(bin + 1);
      const double width = std::max(next - here, 1.0);
      double length = 0;
      for (int c = 0; c < n; ++c) {
        const double turned = std::fmod(here - c + half + 10.0 * n, n);
        const double distance = (turned < 0 ? turned + n : turned) - half;
        const double weight = std::exp(-0.5 * std::pow(2 * distance / width, 2));
        column[static_cast<size_t>(c)] = weight;
        length += weight * weight;
      }
      double scale = length > 0 ? 1 / std::sqrt(length) : 1;
      if (options.octwidth) scale *= std::exp(-0.5 * std::pow((here / n - options.ctroct) / *options.octwidth, 2));
      const int turn = options.base_c ? 3 * (n / 12) : 0;
      for (int c = 0; c < n; ++c) {
        const int from = ((c + turn) % n + n) % n;
        weights(c, bin) = static_cast<float>(column[static_cast<size_t>(from)] * scale);
      }
    }
  }
};

void chroma_stft(const PowerFrames& frames, const ChromaFilters& filters, Rows out) {
  multiply(filters.weights, frames, out);
  if (filters.norm == 0) return;
  const Lanes length = norm_of(out.rows(), filters.norm, [&](int row) { return load(out[row].to); });
  for (int i = 0; i < out.rows(); ++i) out[i] = load(out[i].to) / length;
}

LUMIR_FEATURE(chroma_stft, ChromaStftOptions,
              {
                  .summary = "Power of each pitch class, whatever its octave.",
                  .returns = "[n_chroma, frames], the greatest of a frame is 1",
                  .example = "feature.chroma_stft(clip, { tuning = 0 })",
                  .source = "Ellis, Chroma feature analysis and synthesis (2007); librosa.feature.chroma_stft",
                  .input = "clip",
              });

}  // namespace

#ifndef LUMIR_KERNELS_ONLY
NodePtr ChromaStft::node(const ChromaStftOptions& options, int rate) {
  return std::make_shared<detail::FeatureNode<ChromaStftOptions, &chroma_stft>>("chroma_stft", options, rate);
}
#endif

Axes ChromaStftOptions::axes(int) const { return rows_of_pitch_classes(n_chroma, base_c ? 0 : 9); }

std::string ChromaStftOptions::row_name(int row) const {
  return pitch_class_row("chroma_stft", row, n_chroma, base_c ? 0 : 9);
}

Schema ChromaStftOptions::schema() {
  return extend(
      spectrum_schema<ChromaStftOptions>(),
      Option{"tuning", &ChromaStftOptions::tuning, "deviation from A = 440 Hz in chroma bins; 'none' estimates it"},
      Option{"n_chroma", &ChromaStftOptions::n_chroma, "pitch classes of an octave", Range{1, 120}},
      Option{"ctroct", &ChromaStftOptions::ctroct, "octave that weighs most, counted from A0 = 27.5 Hz"},
      Option{"octwidth", &ChromaStftOptions::octwidth, "width of that weighting in octaves; 'none' weighs all alike",
             kPositive},
      Option{"base_c", &ChromaStftOptions::base_c, "the first row is C, not A"},
      Option{"norm", &ChromaStftOptions::norm,
             "what is 1 in each frame: the greatest ('inf'), the sum (1), the "
             "length (2); 'none' leaves power",
             Choices{"inf", "none"}, kPositive});
}

}  // namespace lumir::feature
