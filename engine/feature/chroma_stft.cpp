// Chroma: how much of each frame's power belongs to each of the twelve pitch classes, whatever the octave.
//
// The scale is laid where the recording's own tuning puts it, unless a tuning is given.

#include <algorithm>
#include <cmath>
#include <vector>

#include "feature/extractor.h"
#include "feature/tuning.h"
#include "feature/weights.h"

namespace lumir::feature {
namespace {

struct ChromaStftOptions : SpectrumOptions {
  std::optional<double> tuning;
  int n_chroma = 12;
  double ctroct = 5;
  std::optional<double> octwidth = 2;
  bool base_c = true;
  std::variant<double, std::string> norm = "inf";

  int rows() const { return n_chroma; }

  static Schema schema() {
    return extend(
        spectrum_schema<ChromaStftOptions>(),
        Option{"tuning", &ChromaStftOptions::tuning, "deviation from A = 440 Hz in chroma bins; 'none' estimates it"},
        Option{"n_chroma", &ChromaStftOptions::n_chroma, "pitch classes of an octave", Range{1, 120}},
        Option{"ctroct", &ChromaStftOptions::ctroct, "octave that weighs most, counted from A0 = 27.5 Hz"},
        Option{"octwidth", &ChromaStftOptions::octwidth, "width of that weighting in octaves; 'none' weighs all alike",
               kPositive},
        Option{"base_c", &ChromaStftOptions::base_c, "the first row is C, not A"},
        Option{"norm", &ChromaStftOptions::norm, "what is 1 in each frame: the greatest ('inf'), the sum (1), the "
               "length (2); 'none' leaves power", Choices{"inf", "none"}, kPositive});
  }
};

/// Sums of bins into pitch classes, as librosa.filters.chroma.
struct ChromaFilters {
  Weights weights;
  float norm = 0;  // 0 for none, infinity for the greatest

  static NodePtr needs(const ChromaStftOptions& options, int rate) {
    return options.tuning ? nullptr : tuning_node(options, options.n_chroma, rate);
  }
  ChromaFilters(const ChromaStftOptions& options, int rate, double estimated)
      : weights(options.n_chroma, options.bins()) {
    if (const double* number = std::get_if<double>(&options.norm)) norm = static_cast<float>(*number);
    if (options.norm == std::variant<double, std::string>("inf")) norm = INFINITY;
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

/// The norm of rows 0 .. rows - 1; 1 where it is too small to divide by.
Lanes norm_of(const std::vector<Lanes>& rows, float norm) {
  Lanes length{};
  for (const Lanes& row : rows) {
    if (norm == INFINITY) {
      length = max(abs(row), length);
    } else if (norm == 1) {
      length += abs(row);
    } else {
      length += norm == 2 ? row * row : pow(abs(row), norm);
    }
  }
  if (norm == 2) length = sqrt(length);
  if (norm != 1 && norm != 2 && norm != INFINITY) length = pow(length, 1 / norm);
  return length < 1.17549435e-38f ? splat(1.0f) : length;
}

void chroma_stft(const PowerFrames& frames, const ChromaFilters& filters, Rows out) {
  multiply(filters.weights, frames, out);
  if (filters.norm == 0) return;
  std::vector<Lanes> rows;
  for (int i = 0; i < out.rows(); ++i) rows.push_back(load(out[i].to));
  const Lanes length = norm_of(rows, filters.norm);
  for (int i = 0; i < out.rows(); ++i) out[i] = rows[static_cast<size_t>(i)] / length;
}

LUMIR_FEATURE(chroma_stft, ChromaStftOptions, {
    .summary = "Power of each pitch class, whatever its octave.",
    .returns = "[n_chroma, frames], the greatest of a frame is 1",
    .example = "feature.chroma_stft(clip, { tuning = 0 })",
    .source = "Ellis, Chroma feature analysis and synthesis (2007); librosa.feature.chroma_stft",
    .arguments = "clip",
});

}  // namespace
}  // namespace lumir::feature
