// The constant-Q transform, for what builds on it: chroma by pitch and what is made of them.

#pragma once

#include <optional>
#include <string>
#include <variant>

#include "core/axes.h"
#include "core/schema.h"
#include "feature/plan/node.h"

namespace lumir::feature {

/// How a constant-Q transform is made; librosa's names and defaults.
struct CqtOptions {
  int hop_length = 512;
  std::optional<double> fmin;  // C1
  int n_bins = 84;
  int bins_per_octave = 12;
  std::optional<double> tuning = 0;
  double filter_scale = 1;
  std::variant<double, std::string> norm = 1.0;
  double sparsity = 0.01;
  std::string window = "hann";
  bool scale = true;
  std::string pad_mode = "constant";
  std::string res_type = "soxr_hq";

  int rows() const { return n_bins; }
  /// Bins as they are without a tuning to be estimated.
  Axes axes(int) const;
  static Schema schema();
};

/// Magnitudes of the constant-Q transform of the whole clip: [n_bins, frames], frame t centred on sample
/// t * hop_length.
struct Cqt : Track {
  static NodePtr node(const CqtOptions& options, int rate);
};

}  // namespace lumir::feature
