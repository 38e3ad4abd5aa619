// t-SNE for those that draw: rows of a table as points of the plane.

#pragma once

#include <optional>
#include <string>
#include <variant>

#include "core/matrix.h"
#include "learn/estimator.h"

namespace lumir::learn {

struct TSNEOptions {
  int n_components = 2;
  double perplexity = 30;
  double early_exaggeration = 12;
  std::variant<double, std::string> learning_rate = "auto";
  int max_iter = 1000;
  std::string init = "pca";
  std::optional<int> seed;
  static Schema schema();
};

struct Embedding {
  Matrix points;             // [rows, n_components]
  double kl_divergence = 0;  // what was minimised, at the end
  int iterations = 0;
};

/// Throws ArgumentError where `perplexity` is not below the number of rows. Never NaN for finite rows.
Embedding tsne(const Matrix& x, const TSNEOptions& options);

}  // namespace lumir::learn
