// Chroma energy normalised statistics, for what builds on them.

#pragma once

#include <optional>
#include <string>

#include "core/axes.h"
#include "feature/chroma_cqt.h"

namespace lumir::feature {

/// librosa's names and defaults.
struct ChromaCensOptions : PitchClassOptions {
  NormOption norm = 2.0;
  std::optional<int> win_len_smooth = 41;
  std::string smoothing_window = "hann";

  std::string row_name(int row) const;
  Axes axes(int) const;
  /// The chroma that is quantised and smoothed.
  ChromaCqtOptions chroma() const;
  static Schema schema();
};

/// Quantised and smoothed pitch classes of the whole clip: [n_chroma, frames].
struct ChromaCens : Track {
  static NodePtr node(const ChromaCensOptions& options, int rate);
};

}  // namespace lumir::feature
