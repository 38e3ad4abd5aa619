// Chroma by a constant-Q transform: bins of a pitch class summed over octaves.
//
// Where chroma_stft weighs bins of a spectrum, here each octave has filters of its own; low
// notes are told apart better.

#include "feature/chroma_cqt.h"

#include <algorithm>
#include <cmath>

#include "feature/extractor.h"
#include "feature/pitch_class_rows.h"
#include "feature/row_axes.h"
#include "signal/notes.h"

namespace lumir::feature {
namespace {

/// Bins of the transform that the options ask for.
struct BinsOfPitch : Cqt {
  static NodePtr node(const ChromaCqtOptions& options, int rate) { return Cqt::node(options.cqt(), rate); }
};

/// Which bins a pitch class sums, and with what weight: librosa.filters.cq_to_chroma.
struct PitchClasses {
  struct Part {
    int bin;
    float weight;
  };
  std::vector<std::vector<Part>> classes;
  float threshold = -INFINITY;
  float norm = 0;

  PitchClasses(const ChromaCqtOptions& options, int)
      : classes(static_cast<size_t>(options.n_chroma)), norm(norm_number(options.norm)) {
    if (options.threshold) threshold = static_cast<float>(*options.threshold);
    const CqtOptions cqt = options.cqt();
    const int n = options.n_chroma;
    const int merged = cqt.bins_per_octave / n;
    const double lowest = options.fmin ? hz_note(*options.fmin) : kC1;
    const double above_c = lowest - 12 * std::floor(lowest / 12);
    const auto turn = static_cast<int>(std::nearbyint(above_c * n / 12));
    const auto class_of = [&](int bin) { return ((bin + merged / 2) % cqt.bins_per_octave / merged + turn) % n; };
    const std::vector<double> window = options.window.empty() ? std::vector<double>{1} : options.window;
    const auto width = static_cast<int>(window.size());
    for (int bin = 0; bin < cqt.n_bins; ++bin) {
      for (int i = 0; i < width; ++i) {
        const int own = bin + (width - 1) / 2 - i;  // the bin whose class takes from this one
        if (own < 0 || own >= cqt.n_bins) continue;
        classes[static_cast<size_t>(class_of(own))].push_back(
            {bin, static_cast<float>(window[static_cast<size_t>(i)])});
      }
    }
  }
};

void chroma_cqt(const BinsOfPitch& bins, const PitchClasses& pitch, Track out) {
  for (long t = 0; t < out.frames; t += kLanes) {
    for (int row = 0; row < out.rows(); ++row) {
      Lanes sum{};
      for (const auto& part : pitch.classes[static_cast<size_t>(row)]) {
        sum += part.weight * load(bins.row(part.bin).data() + t);
      }
      store(out.row(row).data() + t, sum < pitch.threshold ? Lanes{} : sum);
    }
  }
  normalize_columns(out, pitch.norm);
}

LUMIR_FEATURE(
    chroma_cqt, ChromaCqtOptions,
    {
        .summary = "Magnitude of each pitch class, whatever its octave, by a constant-Q transform.",
        .returns = "[n_chroma, frames], the greatest of a frame is 1",
        .example = "feature.chroma_cqt(clip, { bins_per_octave = 12 })",
        .source = "Bello and Pickens, A robust mid-level representation for harmonic content in music signals (2005); "
                  "librosa.feature.chroma_cqt",
        .input = "clip",
    });

}  // namespace

#ifndef LUMIR_KERNELS_ONLY
NodePtr ChromaCqt::node(const ChromaCqtOptions& options, int rate) {
  return std::make_shared<detail::FeatureNode<ChromaCqtOptions, &chroma_cqt>>("chroma_cqt", options, rate);
}

CqtOptions PitchClassOptions::cqt() const {
  CqtOptions options;
  options.hop_length = hop_length;
  options.fmin = fmin;
  options.tuning = tuning;
  options.pad_mode = pad_mode;
  options.bins_per_octave = bins_per_octave.value_or(n_chroma);
  options.n_bins = n_octaves * options.bins_per_octave;
  if (options.bins_per_octave % n_chroma != 0) {
    throw ArgumentError("'bins_per_octave' = " + std::to_string(options.bins_per_octave) +
                        " is no multiple of n_chroma = " + std::to_string(n_chroma));
  }
  return options;
}
#endif

Axes ChromaCqtOptions::axes(int) const { return rows_of_pitch_classes(n_chroma); }

std::string ChromaCqtOptions::row_name(int row) const { return pitch_class_row("chroma_cqt", row, n_chroma); }

}  // namespace lumir::feature
