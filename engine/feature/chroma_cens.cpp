// Chroma energy normalised statistics: chroma in five coarse steps, smoothed over seconds.
//
// Made to match performances of one piece: loudness, timbre and articulation leave little trace in it.

#include "feature/chroma_cens.h"

#include <algorithm>
#include <numeric>

#include "feature/extractor.h"
#include "feature/pitch_class_rows.h"
#include "feature/plan/spectrum.h"
#include "feature/row_axes.h"

namespace lumir::feature {
namespace {

struct UnevenChroma : ChromaCqt {
  static NodePtr node(const ChromaCensOptions& options, int rate) { return ChromaCqt::node(options.chroma(), rate); }
};

/// Weights of the frames around one, and the norm of what comes out.
struct Smoothing {
  std::vector<float> weights;  // empty for none
  float norm = 0;

  Smoothing(const ChromaCensOptions& options, int) : norm(norm_number(options.norm)) {
    if (!options.win_len_smooth) return;
    // a symmetric window, whose ends reach 0 outside win_len_smooth frames
    const int length = *options.win_len_smooth + 2;
    std::vector<double> window = make_window(options.smoothing_window, length - 1, length - 1);
    window.push_back(window.front());
    const double sum = std::accumulate(window.begin(), window.end(), 0.0);
    for (double weight : window) weights.push_back(static_cast<float>(weight / sum));
  }
};

/// A share of a frame's sum in steps of a quarter: how many of the four borders it exceeds.
Lanes quantized(Lanes share) {
  Lanes steps{};
  for (float border : {0.4f, 0.2f, 0.1f, 0.05f}) steps += share > border ? splat(0.25f) : Lanes{};
  return steps;
}

/// out[t] = the weighted sum of values around t; silence beyond the ends.
void smooth(const std::vector<float>& weights, std::span<float> row) {
  std::vector<float> padded((weights.size() - 1) / 2, 0.0f);  // as scipy.ndimage.convolve places even lengths
  padded.insert(padded.end(), row.begin(), row.end());
  padded.resize(row.size() + weights.size() + 2 * kLanes, 0.0f);
  for (size_t t = 0; t < row.size(); t += kLanes) {
    Lanes sum{};
    for (size_t i = 0; i < weights.size(); ++i) sum += weights[i] * load(padded.data() + t + i);
    store(row.data() + t, sum);
  }
}

void chroma_cens(const UnevenChroma& chroma, const Smoothing& smoothing, Track out) {
  for (long t = 0; t < out.frames; t += kLanes) {
    const auto value = [&](int row) { return load(chroma.row(row).data() + t); };
    const Lanes sum = norm_of(out.rows(), 1, value);
    for (int row = 0; row < out.rows(); ++row) store(out.row(row).data() + t, quantized(value(row) / sum));
  }
  if (!smoothing.weights.empty()) {
    for (int row = 0; row < out.rows(); ++row) smooth(smoothing.weights, out.row(row));
  }
  normalize_columns(out, smoothing.norm);
}

LUMIR_FEATURE(
    chroma_cens, ChromaCensOptions,
    {
        .summary = "Pitch classes in coarse steps, smoothed over seconds, to match performances of one piece.",
        .returns = "[n_chroma, frames], each frame of length 1",
        .example = "feature.chroma_cens(clip, { win_len_smooth = 21 })",
        .source = "Mueller and Ewert, Chroma toolbox (2011); librosa.feature.chroma_cens",
        .input = "clip",
    });

}  // namespace

#ifndef LUMIR_KERNELS_ONLY
NodePtr ChromaCens::node(const ChromaCensOptions& options, int rate) {
  return std::make_shared<detail::FeatureNode<ChromaCensOptions, &chroma_cens>>("chroma_cens", options, rate);
}

ChromaCqtOptions ChromaCensOptions::chroma() const {
  ChromaCqtOptions options;
  static_cast<PitchClassOptions&>(options) = *this;
  options.norm = "none";
  return options;
}

Axes ChromaCensOptions::axes(int) const { return rows_of_pitch_classes(n_chroma); }

std::string ChromaCensOptions::row_name(int row) const { return pitch_class_row("chroma_cens", row, n_chroma); }

Schema ChromaCensOptions::schema() {
  return extend(
      pitch_class_schema<ChromaCensOptions>(), norm_option<ChromaCensOptions>(),
      Option{"win_len_smooth", &ChromaCensOptions::win_len_smooth,
             "frames that are smoothed over; 'none' for no smoothing", Unit{"frames"}, Range{1, 1 << 20}},
      Option{"smoothing_window", &ChromaCensOptions::smoothing_window, "how they are weighed",
             Choices{"hann", "hamming", "blackman", "blackmanharris", "nuttall", "bartlett", "cosine", "boxcar"}});
}
#endif

}  // namespace lumir::feature
