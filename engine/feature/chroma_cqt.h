// Chroma of a constant-Q transform, for what builds on it.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/axes.h"
#include "feature/column_norm.h"
#include "feature/cqt.h"

namespace lumir::feature {

/// How bins of a constant-Q transform become pitch classes; librosa's names and defaults.
struct PitchClassOptions {
  int hop_length = 512;
  std::optional<double> fmin;  // C1
  std::optional<double> tuning;
  int n_chroma = 12;
  int n_octaves = 7;
  std::vector<double> window;
  std::optional<int> bins_per_octave = 36;
  std::string pad_mode = "constant";

  int rows() const { return n_chroma; }
  /// The transform whose bins are summed; throws ArgumentError where they do not fit classes.
  CqtOptions cqt() const;
};
/// Those options as the beginning of S's schema.
template <class S>
Schema pitch_class_schema() {
  return {
      Option{"hop_length", static_cast<int S::*>(&S::hop_length), "from one frame to the next", Unit{"samples"},
             Range{1, 1 << 24}},
      Option{"fmin", static_cast<std::optional<double> S::*>(&S::fmin), "lowest frequency; 'none' is C1 = 32.7 Hz",
             Unit{"Hz"}, Range{above(0), 1e6}},
      Option{"tuning", static_cast<std::optional<double> S::*>(&S::tuning),
             "deviation from A = 440 Hz in bins of the transform; 'none' estimates it"},
      Option{"n_chroma", static_cast<int S::*>(&S::n_chroma), "pitch classes of an octave", Range{1, 120}},
      Option{"n_octaves", static_cast<int S::*>(&S::n_octaves), "octaves above fmin", Range{1, 16}},
      Option{"window", static_cast<std::vector<double> S::*>(&S::window),
             "weights by which a class takes from bins around its own; empty for its own only"},
      Option{"bins_per_octave", static_cast<std::optional<int> S::*>(&S::bins_per_octave),
             "of the transform, a multiple of n_chroma; 'none' is n_chroma", Range{1, 960}},
      Option{"pad_mode", static_cast<std::string S::*>(&S::pad_mode), "what stands beyond the ends of the clip",
             Choices{"constant", "edge", "reflect", "symmetric"}},
  };
}
/// What is 1 in each frame.
template <class S>
Option norm_option() {
  return Option{"norm", static_cast<NormOption S::*>(&S::norm),
                "what is 1 in each frame: the greatest ('inf'), the sum "
                "(1), the length (2); or 'none'",
                Choices{"inf", "none"}, kPositive};
}

/// The options of chroma by a constant-Q transform.
struct ChromaCqtOptions : PitchClassOptions {
  NormOption norm = "inf";
  std::optional<double> threshold = 0;

  std::string row_name(int row) const;
  Axes axes(int) const;
  static Schema schema() { return schema_for<ChromaCqtOptions>(); }
  /// Those options as the beginning of S's schema.
  template <class S>
  static Schema schema_for() {
    return extend(
        pitch_class_schema<S>(), norm_option<S>(),
        Option{"threshold", static_cast<std::optional<double> S::*>(&S::threshold), "sums below it count as 0"});
  }
};

/// Pitch classes of the whole clip: [n_chroma, frames].
struct ChromaCqt : Track {
  static NodePtr node(const ChromaCqtOptions& options, int rate);
};

}  // namespace lumir::feature
