// Chroma of a spectrogram, for what builds on it.

#pragma once

#include <optional>

#include "core/axes.h"
#include "feature/column_norm.h"
#include "feature/plan/spectrum.h"

namespace lumir::feature {

/// librosa's names and defaults.
struct ChromaStftOptions : SpectrumOptions {
  std::optional<double> tuning;
  int n_chroma = 12;
  double ctroct = 5;
  std::optional<double> octwidth = 2;
  bool base_c = true;
  NormOption norm = "inf";

  int rows() const { return n_chroma; }
  std::string row_name(int row) const;
  Axes axes(int) const;
  static Schema schema();
};

/// Pitch classes of the whole clip: [n_chroma, frames].
struct ChromaStft : Track {
  static NodePtr node(const ChromaStftOptions& options, int rate);
};

}  // namespace lumir::feature
