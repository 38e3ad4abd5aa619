// Decision trees for forests: grown on ranks instead of values, and random by place instead of by history.
//
// What a node draws depends on the seed, the tree and the node's path only. So a tree that was grown deep, read down
// to depth 10 only, is the tree that growing to depth 10 gives: one forest answers for many settings, unless the number
// of leaves is limited or trees are pruned.

#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "core/matrix.h"
#include "learn/sorted_numbers.h"

namespace lumir::learn {

struct TreeLimits {
  int max_depth = std::numeric_limits<int>::max();
  int min_samples_split = 2;
  int min_samples_leaf = 1;
  int max_features = 1;    // columns that a node looks at
  int max_leaf_nodes = 0;  // 0 for no limit; else the cuts that win most come first
  double min_impurity_decrease = 0;
  double ccp_alpha = 0;      // what every leaf but one must win in impurity, or its cut is undone
  bool entropy = false;      // measures impurity; else Gini's measure, which of numbers is their variance
  bool random_cuts = false;  // one for each column that is looked at; else the best of them
};

struct TreeNode {
  int column = -1;  // -1: a leaf
  int left = 0;     // the right child follows it
  int values = 0;   // row of the tree's `values`
  int samples = 0;
  int depth = 0;
  double threshold = 0;  // at most: left

  bool is_leaf() const { return column < 0; }
};

struct Tree {
  std::vector<TreeNode> nodes;
  std::vector<double> values;       // [nodes, classes]: shares of the classes; or means of the numbers
  std::vector<double> importances;  // of each column: by how much its splits lowered the impurity

  /// The leaf that answers for a row.
  const TreeNode& leaf(std::span<const double> row) const;
  /// The node that would be the leaf, had the tree been grown under these limits on depth and samples to split.
  const TreeNode& leaf_under(const TreeLimits& limits, std::span<const double> row) const;
};

/// A row that takes part, with its class (0 where numbers are foretold) and weight.
struct TreeSample {
  int row;
  int label;
  double weight;
};

/// Each column's values replaced by their places in its sorted distinct values; or, for random cuts, as they are.
class RankedColumns {
 public:
  explicit RankedColumns(const Matrix& x);
  static RankedColumns without_ranks(const Matrix& x);
  size_t rows() const { return rows_; }
  size_t columns() const { return columns_; }
  std::span<const uint32_t> ranks(size_t column) const { return {ranks_.data() + column * rows_, rows_}; }
  const std::vector<double>& distinct(size_t column) const { return distinct_[column]; }
  /// Without ranks only.
  std::span<const double> numbers(size_t column) const { return {numbers_.data() + column * rows_, rows_}; }
  /// Begins to bring rows of a column near that will soon be asked for.
  void bring_near(size_t column, std::span<const TreeSample> samples) const;

 private:
  RankedColumns(size_t rows, size_t columns) : rows_(rows), columns_(columns) {}
  void rank(std::span<const RowNumber> sorted, size_t column);

  size_t rows_, columns_;
  std::vector<uint32_t> ranks_;  // [columns, rows]
  std::vector<std::vector<double>> distinct_;
  std::vector<double> numbers_;  // [columns, rows]
};

/// What a tree foretells: one of so many classes, or the numbers of each row, which must outlive it.
struct TreeTargets {
  TreeTargets(int n_classes) : width(static_cast<size_t>(n_classes)) {}
  TreeTargets(const Matrix& numbers_of_rows) : width(numbers_of_rows.columns), numbers(&numbers_of_rows) {}
  size_t width;
  const Matrix* numbers = nullptr;
};

/// CART as scikit-learn grows it: the best threshold, or one at random, of `max_features` columns drawn for each
/// node; more are drawn while all of them are constant.
Tree grow_tree(const RankedColumns& x, const TreeTargets& targets, std::vector<TreeSample> samples,
               const TreeLimits& limits, uint64_t seed, uint64_t tree);

}  // namespace lumir::learn
