#include "learn/tree.h"

#include <algorithm>
#include <numbers>
#include <numeric>

#include "core/parallel.h"
#include "learn/pruning.h"
#include "learn/sorted_numbers.h"
#include "learn/split_finder.h"

namespace lumir::learn {
namespace {

/// A well mixed number for a place in a tree (the finaliser of SplitMix64).
uint64_t mixed(uint64_t number) {
  number += 0x9E3779B97F4A7C15u;
  number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9u;
  number = (number ^ (number >> 27)) * 0x94D049BB133111EBu;
  return number ^ (number >> 31);
}

class Grower {
 public:
  Grower(const RankedColumns& x, const TreeTargets& targets, std::vector<TreeSample> samples, const TreeLimits& limits,
         uint64_t seed)
      : x_(x),
        samples_(std::move(samples)),
        limits_(limits),
        finder_(x, targets, limits, seed),
        width_(targets.width),
        outputs_(targets.numbers ? static_cast<double>(targets.width) : 1) {
    tree_.importances.resize(x.columns());
    // classes lie together, in every node
    std::stable_sort(samples_.begin(), samples_.end(),
                     [](const TreeSample& a, const TreeSample& b) { return a.label < b.label; });
    behind_.reserve(samples_.size());
  }

  Tree grow(uint64_t tree) {
    add_node(0);
    std::vector<Open> open;
    look_at({0, 0, samples_.size(), mixed(tree)}, open);
    for (int leaves = 1; !open.empty() && (limits_.max_leaf_nodes == 0 || leaves < limits_.max_leaf_nodes); ++leaves) {
      const auto [piece, split, gain] = take_next(open);
      const size_t middle = partition(piece, split);
      const int left = cut(piece.node, split, gain);
      look_at({left + 1, middle, piece.end, mixed(piece.key ^ 2)}, open);
      look_at({left, piece.begin, middle, mixed(piece.key ^ 1)}, open);
    }
    if (limits_.ccp_alpha > 0) prune(tree_, marks_, limits_.ccp_alpha);
    find_importances();
    tree_.nodes.shrink_to_fit();
    tree_.values.shrink_to_fit();
    return std::move(tree_);
  }

 private:
  struct Piece {
    int node;
    size_t begin, end;  // of samples_
    uint64_t key;       // of what it draws
  };
  /// A node that can be cut, where it is cut best, and by how much that lowers the impurity, times weight.
  struct Open {
    Piece piece;
    Split split;
    double gain;
  };

  /// Writes the node down; where cutting it is worth while, it is open.
  void look_at(const Piece& piece, std::vector<Open>& open) {
    const Split split = fill(piece);
    if (split.column >= 0 && wins_enough(split)) open.push_back({piece, split, split.purity - finder_.purity()});
  }

  /// The node that comes next: the last one found, or where leaves are counted the one that wins most.
  Open take_next(std::vector<Open>& open) const {
    auto next = open.end() - 1;
    if (limits_.max_leaf_nodes > 0) {
      next = std::max_element(open.begin(), open.end(), [](const Open& a, const Open& b) { return a.gain < b.gain; });
    }
    const Open taken = *next;
    open.erase(next);
    return taken;
  }

  /// Shares of what all cuts have won.
  void find_importances() {
    for (size_t node = 0; node < tree_.nodes.size(); ++node) {
      const TreeNode& one = tree_.nodes[node];
      if (!one.is_leaf()) tree_.importances[static_cast<size_t>(one.column)] += marks_[node].gain;
    }
    const double total = std::accumulate(tree_.importances.begin(), tree_.importances.end(), 0.0);
    for (double& importance : tree_.importances) importance /= total > 0 ? total : 1;
  }

  void add_node(int depth) {
    TreeNode node;
    node.depth = depth;
    node.values = static_cast<int>(tree_.nodes.size());
    tree_.nodes.push_back(node);
    marks_.emplace_back();
    tree_.values.resize(tree_.values.size() + width_);
  }

  /// `finder_` still looks at the node.
  bool wins_enough(const Split& split) const {
    if (limits_.min_impurity_decrease == 0) return true;
    constexpr double kRounding = std::numeric_limits<double>::epsilon();
    return (split.purity - finder_.purity()) / whole_ + kRounding >= limits_.min_impurity_decrease;
  }

  /// The impurity of the node at hand, by its share of all weight; entropy in bits.
  double risk() const {
    const double purity = finder_.purity();
    return (limits_.entropy ? -purity / std::numbers::ln2 : finder_.power() - purity) / whole_;
  }

  std::span<const TreeSample> samples_of(const Piece& piece) const {
    return std::span(samples_).subspan(piece.begin, piece.end - piece.begin);
  }

  /// Writes down what the node foretells and finds its split; none where it is a leaf.
  Split fill(const Piece& piece) {
    const auto samples = samples_of(piece);
    finder_.look_at(samples);
    if (piece.node == 0) whole_ = finder_.weight() * outputs_;
    marks_[static_cast<size_t>(piece.node)].risk = risk();
    TreeNode& node = tree_.nodes[static_cast<size_t>(piece.node)];
    node.samples = static_cast<int>(samples.size());
    const auto totals = finder_.totals();
    double* values = tree_.values.data() + static_cast<size_t>(node.values) * width_;
    for (size_t c = 0; c < width_; ++c) values[c] = totals[c] / finder_.weight();
    const bool small = node.samples < limits_.min_samples_split || node.samples < 2 * limits_.min_samples_leaf;
    if (small || node.depth >= limits_.max_depth || finder_.is_pure(samples)) return {};
    return finder_.find(samples, piece.key);
  }

  /// Left samples first, both sides in their order; returns where the right ones begin.
  size_t partition(const Piece& piece, const Split& split) {
    const auto column = static_cast<size_t>(split.column);
    behind_.clear();
    size_t middle = piece.begin;
    for (size_t s = piece.begin; s < piece.end; ++s) {
      const TreeSample sample = samples_[s];
      const auto row = static_cast<size_t>(sample.row);
      const bool left = limits_.random_cuts ? x_.numbers().at(column, row) <= split.threshold
                                            : x_.ranks().at(column, row) <= split.last_left;
      if (left) {
        samples_[middle++] = sample;
      } else {
        behind_.push_back(sample);
      }
    }
    std::copy(behind_.begin(), behind_.end(), samples_.begin() + static_cast<ptrdiff_t>(middle));
    return middle;
  }

  /// Makes two children; returns the left one.
  int cut(int parent, const Split& split, double gain) {
    const int left = static_cast<int>(tree_.nodes.size());
    const int depth = tree_.nodes[static_cast<size_t>(parent)].depth + 1;
    add_node(depth);
    add_node(depth);
    TreeNode& node = tree_.nodes[static_cast<size_t>(parent)];
    node.column = split.column;
    node.left = left;
    node.threshold = split.threshold;
    marks_[static_cast<size_t>(parent)].gain = gain;
    return left;
  }

  const RankedColumns& x_;
  std::vector<TreeSample> samples_;
  std::vector<TreeSample> behind_;  // those that go right, while a node is cut
  TreeLimits limits_;
  SplitFinder finder_;
  size_t width_;
  double outputs_;    // of several numbers the mean impurity counts, as in scikit-learn
  double whole_ = 0;  // the weight of the root, times these
  std::vector<NodeMark> marks_;
  Tree tree_;
};

}  // namespace

const TreeNode& Tree::leaf(std::span<const double> row) const {
  const TreeNode* node = &nodes[0];
  while (!node->is_leaf()) {
    const bool right = row[static_cast<size_t>(node->column)] > node->threshold;
    node = &nodes[static_cast<size_t>(node->left + right)];
  }
  return *node;
}

const TreeNode& Tree::leaf_under(const TreeLimits& limits, std::span<const double> row) const {
  const TreeNode* node = &nodes[0];
  while (!node->is_leaf() && node->depth < limits.max_depth && node->samples >= limits.min_samples_split) {
    const bool right = row[static_cast<size_t>(node->column)] > node->threshold;
    node = &nodes[static_cast<size_t>(node->left + right)];
  }
  return *node;
}

namespace {

constexpr size_t kBeside = 8;  // columns: so many numbers of a row lie in one line of the cache

/// Calls work(first, last) for columns that lie beside each other.
template <class Work>
void for_columns_beside(size_t columns, const Work& work) {
  parallel_for((columns + kBeside - 1) / kBeside,
               [&](size_t piece) { work(piece * kBeside, std::min((piece + 1) * kBeside, columns)); });
}

}  // namespace

RankedColumns::RankedColumns(const Matrix& x, const RowUse& use) : x_(&x), use_(use) {
  if (use.random_cuts) {
    copy();
  } else {
    rank();
  }
}

void RankedColumns::rank() {
  const Matrix& x = *x_;
  const bool narrow = x.rows <= size_t{1} << 16;
  ranks_.resize(x.rows, x.columns, narrow);
  if (use_.whole_rows) lines_.resize(x.columns, x.rows, narrow);
  for_columns_beside(x.columns, [&](size_t begin, size_t end) {
    std::vector<std::vector<double>> beside(end - begin, std::vector<double>(x.rows));
    for (size_t i = 0; i < x.rows; ++i) {
      for (size_t column = begin; column < end; ++column) beside[column - begin][i] = x(i, column);
    }
    std::vector<uint32_t> order;
    for (size_t column = begin; column < end; ++column) {
      const std::vector<double>& numbers = beside[column - begin];
      sort_places(numbers, order);
      uint32_t rank = 0;
      for (size_t i = 0; i < order.size(); ++i) {
        rank += i > 0 && numbers[order[i]] != numbers[order[i - 1]];
        ranks_.set(column, order[i], rank);
      }
    }
    for (size_t row = 0; row < x.rows && use_.whole_rows; ++row) {
      for (size_t column = begin; column < end; ++column) lines_.set(row, column, ranks_.at(column, row));
    }
  });
}

void RankedColumns::copy() {
  const Matrix& x = *x_;
  numbers_.resize(x.rows, x.columns, are_floats(x.values));
  for_columns_beside(x.columns, [&](size_t begin, size_t end) {
    for (size_t i = 0; i < x.rows; ++i) {
      for (size_t column = begin; column < end; ++column) numbers_.set(column, i, x(i, column));
    }
  });
}

Tree grow_tree(const RankedColumns& x, const TreeTargets& targets, std::vector<TreeSample> samples,
               const TreeLimits& limits, uint64_t seed, uint64_t tree) {
  return Grower(x, targets, std::move(samples), limits, seed).grow(tree);
}

}  // namespace lumir::learn
