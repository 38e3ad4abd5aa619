// Tonnetz: each frame's chroma as a point on three circles: of fifths, of minor thirds and of major thirds.
//
// Chords that share notes lie near each other; distances between frames show changes of harmony.

#include "feature/tonnetz.h"

#include <cmath>
#include <numbers>

#include "feature/chroma_cens.h"
#include "feature/chroma_cqt.h"
#include "feature/chroma_stft.h"
#include "feature/extractor.h"
#include "feature/row_axes.h"

namespace lumir::feature {
namespace {

constexpr int kRows = 6;

struct TonnetzOptions : ChromaCqtOptions {
  std::string chroma = "cqt";

  int rows() const { return kRows; }
  std::string row_name(int row) const { return numbered("tonnetz", row, kRows); }
  Axes axes(int) const {
    return named_rows("circle",
                      {"fifth x", "fifth y", "minor third x", "minor third y", "major third x", "major third y"});
  }
  static Schema schema() {
    return extend(ChromaCqtOptions::schema_for<TonnetzOptions>(),
                  Option{"chroma", &TonnetzOptions::chroma, "which chroma", Choices{"cqt", "cens", "stft"}});
  }
};

/// The chroma that the options name, with those of its options that it has.
struct AnyChroma : Track {
  static NodePtr node(const TonnetzOptions& options, int rate);
};

/// Coordinates of pitch classes: [6, classes]; sine and cosine of the angle on each of the three circles.
std::vector<float> circles(int classes) {
  constexpr double turns[] = {7.0 / 6, 3.0 / 2, 2.0 / 3};  // half turns from one semitone to the next
  constexpr double radii[] = {1, 1, 0.5};
  std::vector<float> weights;
  for (int row = 0; row < kRows; ++row) {
    const double begin = row % 2 == 0 ? 0.5 : 0;
    for (int i = 0; i < classes; ++i) {
      const double angle = std::numbers::pi * (turns[row / 2] * 12 * i / classes - begin);
      weights.push_back(static_cast<float>(radii[row / 2] * std::cos(angle)));
    }
  }
  return weights;
}

void tonnetz(const AnyChroma& chroma, const TonnetzOptions&, Track out) { tonal_centroids(chroma, out); }

LUMIR_FEATURE(
    tonnetz, TonnetzOptions,
    {
        .summary = "Tonal centroids: chroma on the circles of fifths, minor thirds and major thirds.",
        .returns = "[6, frames]: x and y of fifths, minor thirds, major thirds, -1 to 1",
        .example = "feature.tonnetz(clip, { chroma = 'cens' })",
        .source =
            "Harte, Sandler and Gasser, Detecting harmonic change in musical audio (2006); librosa.feature.tonnetz",
        .input = "clip",
    });

#ifndef LUMIR_KERNELS_ONLY
NodePtr AnyChroma::node(const TonnetzOptions& options, int rate) {
  if (options.chroma == "cens") {
    ChromaCensOptions cens;
    static_cast<PitchClassOptions&>(cens) = options;
    return ChromaCens::node(cens, rate);
  }
  if (options.chroma == "stft") {
    ChromaStftOptions spectrum;
    spectrum.hop_length = options.hop_length;
    spectrum.tuning = options.tuning;
    spectrum.n_chroma = options.n_chroma;
    spectrum.pad_mode = options.pad_mode;
    spectrum.norm = options.norm;
    return ChromaStft::node(spectrum, rate);
  }
  return ChromaCqt::node(options, rate);
}
#endif

}  // namespace

void tonal_centroids(const Track& chroma, Track out) {
  const int classes = chroma.rows();
  const std::vector<float> weights = circles(classes);
  for (long t = 0; t < out.frames; t += kLanes) {
    const auto value = [&](int row) { return load(chroma.row(row).data() + t); };
    const Lanes sum = norm_of(classes, 1, value);
    for (int row = 0; row < kRows; ++row) {
      Lanes place{};
      for (int i = 0; i < classes; ++i) place += weights[static_cast<size_t>(row * classes + i)] * value(i);
      store(out.row(row).data() + t, place / sum);
    }
  }
}
LUMIR_KERNEL(tonal_centroids);

}  // namespace lumir::feature
