// One tree of gradient boosting, grown on histograms: the leaf whose cut wins most is cut next.

#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "learn/binned_columns.h"
#include "learn/passes.h"

namespace lumir::learn {

struct BoostedTreeLimits {
  int max_leaf_nodes = 31;  // 0 for no limit
  int max_depth = std::numeric_limits<int>::max();
  int min_samples_leaf = 20;
  double l2_regularization = 0;
  double learning_rate = 0.1;
};

struct BoostedNode {
  int column = -1;            // -1: a leaf
  int left = 0;               // the right child follows it
  double threshold = 0;       // at most: left
  bool missing_left = false;  // where rows go whose number is missing
  double value = 0;           // of a leaf
};

struct BoostedTree {
  std::vector<BoostedNode> nodes;
  double value(std::span<const double> row) const;
};

/// A tree as rows pass it of which none misses a number.
std::vector<Pass<double>> passes_of(const BoostedTree& tree);

/// What falls into a bin of a leaf's rows.
struct HistogramBin {
  double gradient = 0;
  double hessian = 0;
  uint32_t rows = 0;
};
using Histograms = std::vector<HistogramBin>;  // [columns, 256]

/// Histograms that leaves and trees take turns with: megabytes that are new each time cost more than the counting.
class HistogramPool {
 public:
  /// Of so many columns, the same each time; what they hold is left over from others.
  std::unique_ptr<Histograms> take(size_t columns);
  void give_back(std::unique_ptr<Histograms> histograms);

 private:
  std::vector<std::unique_ptr<Histograms>> free_;
};

/// Fits the tree to the slopes and curvatures of the loss of each row that `rows` names, and adds its values to those
/// of these rows in `raw`.
BoostedTree grow_boosted_tree(const BinnedColumns& x, std::span<const int> rows, std::span<const float> gradients,
                              std::span<const float> hessians, const BoostedTreeLimits& limits, HistogramPool& pool,
                              std::span<double> raw);

}  // namespace lumir::learn
