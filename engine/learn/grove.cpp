// See grove.h.

#include "learn/grove.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include "core/parallel.h"
#include "learn/narrow_columns.h"
#include "learn/passes.h"

namespace lumir::learn {
namespace {

/// A tree with thresholds of T, and the line of its values that each node holds.
template <class T>
struct Passes {
  std::vector<Pass<T>> nodes;
  std::vector<int> lines;
};

/// The largest T that is not above: it parts numbers that are T as the threshold does.
template <class T>
T not_above(double threshold) {
  const T near = static_cast<T>(threshold);
  return static_cast<double>(near) > threshold ? std::nextafter(near, -std::numeric_limits<T>::infinity()) : near;
}

template <class T>
Passes<T> passes_of(const Tree& tree) {
  Passes<T> passes{std::vector<Pass<T>>(tree.nodes.size()), std::vector<int>(tree.nodes.size())};
  for (size_t n = 0; n < tree.nodes.size(); ++n) {
    const TreeNode& node = tree.nodes[n];
    passes.lines[n] = node.values;
    passes.nodes[n].next = static_cast<int>(n);
    if (!node.is_leaf()) passes.nodes[n] = {not_above<T>(node.threshold), node.column, node.left};
  }
  return passes;
}

/// Some rows as T; `room` holds them where that is not what they are.
template <class T>
const T* rows_as(const Matrix& x, size_t begin, size_t end, std::vector<T>& room) {
  const double* first = x.values.data() + begin * x.columns;
  if constexpr (std::is_same_v<T, double>) {
    return first;
  } else {
    room.assign(first, first + (end - begin) * x.columns);
    return room.data();
  }
}

/// The means of the leaves that answer. T holds each number of `x`.
template <class T>
Matrix mean_leaves(const std::vector<Tree>& trees, size_t width, const Matrix& x) {
  Matrix out(x.rows, width);
  std::vector<Passes<T>> passes(trees.size());
  parallel_for(trees.size(), [&](size_t t) { passes[t] = passes_of<T>(trees[t]); });
  constexpr size_t kBlock = 512 / sizeof(T);  // rows that stay in the second cache while every tree sees them
  parallel_for((x.rows + kBlock - 1) / kBlock, [&](size_t block) {
    const size_t begin = block * kBlock, end = std::min(begin + kBlock, x.rows);
    std::vector<T> narrowed;
    const T* rows = rows_as(x, begin, end, narrowed);
    std::vector<int> leaves(end - begin);
    for (size_t t = 0; t < trees.size(); ++t) {
      find_leaves<T>(passes[t].nodes, rows, x.columns, leaves);
      for (size_t i = begin; i < end; ++i) {
        const auto line = static_cast<size_t>(passes[t].lines[static_cast<size_t>(leaves[i - begin])]);
        const double* held = trees[t].values.data() + line * width;
        double* sums = out.row(i).data();
        for (size_t c = 0; c < width; ++c) sums[c] += held[c];
      }
    }
    for (size_t i = begin; i < end; ++i) {
      for (double& number : out.row(i)) number /= static_cast<double>(trees.size());
    }
  });
  return out;
}

}  // namespace

void add_values(const Tree& tree, const TreeNode& node, std::span<double> sums) {
  const double* held = tree.values.data() + static_cast<size_t>(node.values) * sums.size();
  for (size_t c = 0; c < sums.size(); ++c) sums[c] += held[c];
}

Grove::Grove(std::vector<Tree> trees, size_t width, size_t columns)
    : trees_(std::move(trees)), width_(width), importances_(columns) {
  double total = 0;
  for (const Tree& tree : trees_) {
    for (size_t j = 0; j < columns; ++j) importances_[j] += tree.importances[j];
  }
  for (const double importance : importances_) total += importance;
  for (double& importance : importances_) importance /= total > 0 ? total : 1;
}

Grove::Grove(const std::string& who, const State& state, size_t least_width) {
  const auto get = [&](const char* array) { return state_numbers(who, state, array); };
  const auto nodes = get("nodes"), column = get("column"), threshold = get("threshold"), left = get("left");
  const Matrix values = state_matrix(who, state, "values");
  const auto importances = get("feature_importances");
  const auto whole_number = [&](double value, double low, double high) { return state_whole(who, value, low, high); };
  if (column.size() != threshold.size() || column.size() != left.size() || values.columns < least_width)
    refuse_state(who);
  std::vector<Tree> trees;
  size_t at = 0;
  // each leaf has a line of its own, so that a small file cannot stand for a large forest
  size_t lines = values.rows;
  for (const double size : nodes) {
    const int n = whole_number(size, 1, static_cast<double>(column.size() - at));
    Tree& tree = trees.emplace_back();
    for (int i = 0; i < n; ++i, ++at) {
      TreeNode& node = tree.nodes.emplace_back();
      node.threshold = threshold[at];
      node.column = whole_number(column[at], -1, static_cast<double>(importances.size()) - 1);
      if (node.is_leaf()) {
        if (lines-- == 0) refuse_state(who);
        const int line = whole_number(left[at], 0, static_cast<double>(values.rows) - 1);
        node.values = static_cast<int>(tree.values.size() / values.columns);
        const auto held = values.row(static_cast<size_t>(line));
        tree.values.insert(tree.values.end(), held.begin(), held.end());
      } else {  // children come after their parent, so that no path is endless
        node.left = whole_number(left[at], i + 1, n - 2);
      }
    }
  }
  if (trees.empty() || at != column.size() || values.columns < least_width) refuse_state(who);
  trees_ = std::move(trees);
  width_ = values.columns;
  importances_ = importances;
}

Matrix Grove::answer(const Matrix& x) const {
  constexpr size_t kMany = 16;  // trees for which narrower rows are worth a copy
  const bool narrow = trees_.size() >= kMany && are_floats(x.values);
  return narrow ? mean_leaves<float>(trees_, width_, x) : mean_leaves<double>(trees_, width_, x);
}

void Grove::check_finite(const std::string& who) const {
  for (const Tree& tree : trees_) {
    for (size_t at = 0; at < tree.values.size(); ++at) {
      if (!std::isfinite(tree.values[at])) model::refuse_fit(who, "values", at % width_);
    }
  }
  for (size_t column = 0; column < importances_.size(); ++column) {
    if (!std::isfinite(importances_[column])) model::refuse_fit(who, "feature_importances", column);
  }
}

State Grove::state() const {
  std::vector<double> nodes, column, threshold, left, values;
  for (const Tree& tree : trees_) {
    nodes.push_back(static_cast<double>(tree.nodes.size()));
    for (const TreeNode& node : tree.nodes) {
      column.push_back(node.column);
      threshold.push_back(node.threshold);
      const size_t line = width_ > 0 ? values.size() / width_ : 0;  // where a leaf's numbers will stand
      left.push_back(node.is_leaf() ? static_cast<double>(line) : node.left);
      if (!node.is_leaf()) continue;
      const auto held = tree.values.begin() + static_cast<ptrdiff_t>(static_cast<size_t>(node.values) * width_);
      values.insert(values.end(), held, held + static_cast<ptrdiff_t>(width_));
    }
  }
  const size_t lines = width_ > 0 ? values.size() / width_ : 0;
  return {{"nodes", nodes},
          {"column", column},
          {"threshold", threshold},
          {"left", left},
          {"values", Array({static_cast<int64_t>(lines), static_cast<int64_t>(width_)}, values)},
          {"feature_importances", importances_}};
}

}  // namespace lumir::learn
