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
#include "learn/narrow_columns.h"
#include "model/training.h"

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

/// How trees look at rows.
struct RowUse {
  bool random_cuts = false;
  bool whole_rows = false;  // nodes look at so many columns that those of a row should lie together
  bool operator==(const RowUse&) const = default;
};

/// Rows as trees look at them: each column's values replaced by their places among its sorted distinct values; or, for
/// random cuts, as they are. The matrix must outlive it.
class RankedColumns : public model::Prepared {
 public:
  using Ranks = NarrowColumns<uint16_t, uint32_t>;
  explicit RankedColumns(const Matrix& x, const RowUse& use = {});
  size_t rows() const { return x_->rows; }
  size_t columns() const { return x_->columns; }
  /// Unless cuts are random.
  const Ranks& ranks() const { return ranks_; }
  /// Of each row the ranks of all columns, where use is made of them; else null.
  const Ranks* lines() const { return use_.whole_rows && !use_.random_cuts ? &lines_ : nullptr; }
  /// For random cuts only.
  const NarrowColumns<float, double>& numbers() const { return numbers_; }
  double number(size_t column, int row) const { return (*x_)(static_cast<size_t>(row), column); }
  /// Whether it was made so.
  bool is_of(const Matrix& x, const RowUse& use) const { return x_ == &x && use_ == use; }

 private:
  void rank();
  void copy();

  const Matrix* x_;
  RowUse use_;
  Ranks ranks_, lines_;
  NarrowColumns<float, double> numbers_;
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
