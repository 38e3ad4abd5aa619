// See grove.h.

#include "learn/grove.h"

#include <algorithm>
#include <limits>

#include "core/parallel.h"

namespace lumir::learn {
namespace {

/// A node as a row passes it. A leaf leads to itself.
struct Pass {
  double threshold;  // above: to `next` + 1
  int column;
  int next;
};

std::vector<Pass> passes_of(const Tree& tree) {
  std::vector<Pass> passes;
  passes.reserve(tree.nodes.size());
  for (const TreeNode& node : tree.nodes) {
    const int self = static_cast<int>(passes.size());
    if (node.is_leaf()) {
      passes.push_back({std::numeric_limits<double>::infinity(), 0, self});
    } else {
      passes.push_back({node.threshold, node.column, node.left});
    }
  }
  return passes;
}

/// The leaves that answer for rows from `begin` on. Several rows go down side by side: while one waits for
/// memory, the others move.
void find_leaves(std::span<const Pass> passes, const Matrix& x, size_t begin, std::span<int> leaves) {
  constexpr size_t kBeside = 16;
  for (size_t first = 0; first < leaves.size(); first += kBeside) {
    const auto some = leaves.subspan(first, std::min(kBeside, leaves.size() - first));
    const double* row = x.row(begin + first).data();
    std::fill(some.begin(), some.end(), 0);
    for (bool moved = true; moved;) {
      moved = false;
      for (size_t r = 0; r < some.size(); ++r) {
        const Pass& pass = passes[static_cast<size_t>(some[r])];
        const int next = pass.next + (row[r * x.columns + static_cast<size_t>(pass.column)] > pass.threshold);
        moved |= next != some[r];
        some[r] = next;
      }
    }
  }
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
  Matrix out(x.rows, width_);
  std::vector<std::vector<Pass>> passes(trees_.size());
  parallel_for(trees_.size(), [&](size_t t) { passes[t] = passes_of(trees_[t]); });
  constexpr size_t kBlock = 128;  // rows that stay in the second cache while every tree sees them
  parallel_for((x.rows + kBlock - 1) / kBlock, [&](size_t block) {
    const size_t begin = block * kBlock, end = std::min(begin + kBlock, x.rows);
    std::vector<int> leaves(end - begin);
    for (size_t t = 0; t < trees_.size(); ++t) {
      find_leaves(passes[t], x, begin, leaves);
      for (size_t i = begin; i < end; ++i) {
        add_values(trees_[t], trees_[t].nodes[static_cast<size_t>(leaves[i - begin])], out.row(i));
      }
    }
    for (size_t i = begin; i < end; ++i) {
      for (double& number : out.row(i)) number /= static_cast<double>(trees_.size());
    }
  });
  return out;
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
