// The trees of a forest once they are grown: what they answer, and the arrays that a model file keeps.

#pragma once

#include <string>
#include <vector>

#include "learn/estimator.h"
#include "learn/tree.h"

namespace lumir::learn {

class Grove {
 public:
  Grove() = default;
  /// `width` is how many numbers a leaf holds: classes, or those that are foretold.
  Grove(std::vector<Tree> trees, size_t width, size_t columns);
  /// Throws Error, begun by `who`, for a state that is none; a leaf holds at least so many numbers.
  Grove(const std::string& who, const State& state, size_t least_width);

  bool grown() const { return !trees_.empty(); }
  const std::vector<Tree>& trees() const { return trees_; }
  size_t width() const { return width_; }
  size_t columns() const { return importances_.size(); }
  /// [rows, width]: means of the leaves that answer.
  Matrix answer(const Matrix& x) const;
  /// Throws ArgumentError, begun by `who`, where a leaf or an importance is not finite.
  void check_finite(const std::string& who) const;
  /// All trees one after the other: "nodes" counts those of each tree; "left" is the place of the left child
  /// in its tree, for a leaf the line of "values"; "column" is -1 for a leaf.
  State state() const;

 private:
  std::vector<Tree> trees_;
  size_t width_ = 0;
  std::vector<double> importances_;  // the mean over trees that have a split, scaled to a sum of 1
};

/// Adds what a node of a tree holds.
void add_values(const Tree& tree, const TreeNode& node, std::span<double> sums);

}  // namespace lumir::learn
