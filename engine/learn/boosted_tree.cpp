// Histograms of slopes, summed for the smaller child only: the larger one's are what is left of their parent's.

#include "learn/boosted_tree.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include "core/parallel.h"

namespace lumir::learn {
namespace {

constexpr double kLeastCurvature = 1e-3;  // of a side, as scikit-learn has it
constexpr double kNoZero = 1e-15;
constexpr size_t kBins = 256;

constexpr double kClose = 1e-9;  // relative difference of gains that rounding may make
using Bin = HistogramBin;

struct Sums {
  double gradient = 0;
  double hessian = 0;
  int rows = 0;
};

struct Cut {
  double gain = 0;
  int column = -1;
  int bin = 0;
  bool missing_left = false;
  Sums left, right;
};

/// A leaf that may still be cut.
struct Leaf {
  int node = 0;
  int depth = 0;
  size_t begin = 0, end = 0;  // of the rows
  Sums sums;
  Cut cut;
  std::unique_ptr<Histograms> histograms;
};

class Grower {
 public:
  Grower(const BinnedColumns& x, std::span<const int> rows, std::span<const float> gradients,
         std::span<const float> hessians, const BoostedTreeLimits& limits, HistogramPool& pool)
      : x_(x),
        rows_(rows.begin(), rows.end()),
        gradients_(gradients),
        hessians_(hessians),
        limits_(limits),
        pool_(pool) {}

  BoostedTree grow(std::span<double> raw) {
    Leaf root;
    root.end = rows_.size();
    for (const int row : rows_) {
      root.sums.gradient += gradients_[static_cast<size_t>(row)];
      root.sums.hessian += hessians_[static_cast<size_t>(row)];
    }
    root.sums.rows = static_cast<int>(rows_.size());
    tree_.nodes.emplace_back();
    leaves_ = 1;
    if (can_be_cut(root) && root.sums.hessian >= kLeastCurvature) {
      root.histograms = count(root);
      consider(std::move(root));
    } else {
      settle(root);
    }
    while (!open_.empty() && (limits_.max_leaf_nodes == 0 || leaves_ < limits_.max_leaf_nodes)) cut_best();
    for (Leaf& leaf : open_) settle(leaf);
    for (const auto& [node, begin, end] : settled_) {
      const double value = tree_.nodes[static_cast<size_t>(node)].value;
      for (size_t r = begin; r < end; ++r) raw[static_cast<size_t>(rows_[r])] += value;
    }
    return std::move(tree_);
  }

 private:
  struct Settled {
    int node;
    size_t begin, end;
  };

  bool can_be_cut(const Leaf& leaf) const {
    return leaf.depth < limits_.max_depth && leaf.sums.rows >= 2 * limits_.min_samples_leaf;
  }

  void settle(Leaf& leaf) {
    pool_.give_back(std::move(leaf.histograms));
    tree_.nodes[static_cast<size_t>(leaf.node)].value = limits_.learning_rate * value_of(leaf.sums);
    settled_.push_back({leaf.node, leaf.begin, leaf.end});
  }

  double value_of(const Sums& sums) const {
    return -sums.gradient / (sums.hessian + limits_.l2_regularization + kNoZero);
  }
  double loss_of(const Sums& sums) const { return sums.gradient * value_of(sums); }

  /// Finds the leaf's best cut; without one it stays a leaf.
  void consider(Leaf leaf) {
    leaf.cut = best_cut(leaf);
    if (leaf.cut.column < 0) {
      settle(leaf);
      return;
    }
    const auto worse = [](const Leaf& a, const Leaf& b) { return a.cut.gain < b.cut.gain; };
    open_.push_back(std::move(leaf));
    std::push_heap(open_.begin(), open_.end(), worse);
  }

  void cut_best() {
    const auto worse = [](const Leaf& a, const Leaf& b) { return a.cut.gain < b.cut.gain; };
    std::pop_heap(open_.begin(), open_.end(), worse);
    Leaf parent = std::move(open_.back());
    open_.pop_back();
    const Cut& cut = parent.cut;
    const size_t middle = partition(parent);
    Leaf left, right;
    left.depth = right.depth = parent.depth + 1;
    left.begin = parent.begin;
    left.end = right.begin = middle;
    right.end = parent.end;
    left.sums = cut.left;
    right.sums = cut.right;
    left.node = static_cast<int>(tree_.nodes.size());
    right.node = left.node + 1;
    tree_.nodes.resize(tree_.nodes.size() + 2);
    BoostedNode& node = tree_.nodes[static_cast<size_t>(parent.node)];
    node.column = cut.column;
    node.left = left.node;
    const auto& thresholds = x_.thresholds(static_cast<size_t>(cut.column));
    const auto bin = static_cast<size_t>(cut.bin);
    // a cut behind the last bin parts what is missing from all that is not
    node.threshold = bin < thresholds.size() ? thresholds[bin] : std::numeric_limits<double>::max();
    // what was never missing goes, should it be so later, where most rows went
    node.missing_left =
        x_.has_missing(static_cast<size_t>(cut.column)) ? cut.missing_left : left.sums.rows > right.sums.rows;
    ++leaves_;
    const bool full = limits_.max_leaf_nodes > 0 && leaves_ >= limits_.max_leaf_nodes;
    const bool cut_left = !full && can_be_cut(left), cut_right = !full && can_be_cut(right);
    if (cut_left || cut_right) {
      share_histograms(parent, left, right);
    } else {
      pool_.give_back(std::move(parent.histograms));
    }
    for (Leaf* child : {&left, &right}) {
      if (child == &left ? cut_left : cut_right) {
        consider(std::move(*child));
      } else {
        settle(*child);
      }
    }
  }

  void share_histograms(Leaf& parent, Leaf& left, Leaf& right) {
    Leaf& smaller = left.sums.rows < right.sums.rows ? left : right;
    Leaf& larger = &smaller == &left ? right : left;
    smaller.histograms = count(smaller);
    larger.histograms = std::move(parent.histograms);
    Histograms &rest = *larger.histograms, &counted = *smaller.histograms;
    for (size_t at = 0; at < rest.size(); ++at) {
      rest[at].gradient -= counted[at].gradient;
      rest[at].hessian -= counted[at].hessian;
      rest[at].rows -= counted[at].rows;
    }
  }

  std::unique_ptr<Histograms> count(const Leaf& leaf) {
    auto histograms = pool_.take(x_.columns());
    const size_t n = leaf.end - leaf.begin;
    std::vector<float> gradients(n), hessians(n);  // in the order of the leaf's rows, for all columns
    for (size_t r = 0; r < n; ++r) {
      const auto row = static_cast<size_t>(rows_[leaf.begin + r]);
      gradients[r] = gradients_[row];
      hessians[r] = hessians_[row];
    }
    const auto count_column = [&](size_t column) {
      Bin* bins = histograms->data() + column * kBins;
      std::fill_n(bins, kBins, Bin{});
      const auto of_row = x_.bins(column);
      for (size_t r = 0; r < n; ++r) {
        Bin& bin = bins[of_row[static_cast<size_t>(rows_[leaf.begin + r])]];
        bin.gradient += gradients[r];
        bin.hessian += hessians[r];
        ++bin.rows;
      }
    };
    for_columns(n, count_column);
    return histograms;
  }

  /// On all cores where there is enough to do.
  template <class Do>
  void for_columns(size_t rows, const Do& work) const {
    constexpr size_t kWorth = 20000, kBatch = 8;
    if (rows * x_.columns() < kWorth) {
      for (size_t column = 0; column < x_.columns(); ++column) work(column);
      return;
    }
    parallel_for((x_.columns() + kBatch - 1) / kBatch, [&](size_t batch) {
      const size_t end = std::min((batch + 1) * kBatch, x_.columns());
      for (size_t column = batch * kBatch; column < end; ++column) work(column);
    });
  }

  /// The first of the best.
  Cut best_cut(const Leaf& leaf) const {
    std::vector<Cut> cuts(x_.columns());
    for_columns(kBins * 4, [&](size_t column) { cuts[column] = cut_of(leaf, column); });
    Cut best;
    for (const Cut& cut : cuts) {
      if (cut.gain > best.gain) best = cut;
    }
    return best;
  }

  Cut cut_of(const Leaf& leaf, size_t column) const {
    const Bin* bins = leaf.histograms->data() + column * kBins;
    const int last = static_cast<int>(x_.thresholds(column).size());  // bins but one
    const Bin& missing = bins[BinnedColumns::kMissing];
    const bool has_missing = x_.has_missing(column);
    Cut best;
    best.column = -1;
    // missing rows go right; a cut behind the last bin then parts them from all others
    walk(leaf, bins, 0, last + (has_missing ? 1 : 0), Sums{}, false, column, best);
    if (has_missing) {
      walk(leaf, bins, 0, last, {missing.gradient, missing.hessian, static_cast<int>(missing.rows)}, true, column,
           best);
    }
    return best;
  }

  /// Tries to cut behind each bin from `first` to `end` - 1; what is `left` already goes left in any case.
  void walk(const Leaf& leaf, const Bin* bins, int first, int end, Sums left, bool missing_left, size_t column,
            Cut& best) const {
    const double loss = loss_of(leaf.sums), pull = limits_.l2_regularization + kNoZero;
    for (int bin = first; bin < end; ++bin) {
      left.gradient += bins[bin].gradient;
      left.hessian += bins[bin].hessian;
      left.rows += static_cast<int>(bins[bin].rows);
      const Sums right{leaf.sums.gradient - left.gradient, leaf.sums.hessian - left.hessian,
                       leaf.sums.rows - left.rows};
      if (left.rows < limits_.min_samples_leaf || left.hessian < kLeastCurvature) continue;
      if (right.rows < limits_.min_samples_leaf || right.hessian < kLeastCurvature) break;
      // multiplied out to save divisions; where that is close, the divisions tell, as they do in scikit-learn
      const double under_left = left.hessian + pull, under_right = right.hessian + pull;
      const double won = left.gradient * left.gradient * under_right + right.gradient * right.gradient * under_left;
      if (won < (best.gain - loss) * under_left * under_right * (1 - kClose)) continue;
      const double gain = loss - loss_of(left) - loss_of(right);
      if (gain > best.gain) best = {gain, static_cast<int>(column), bin, missing_left, left, right};
    }
  }

  /// Rows that go left first, both sides in their order; returns where the right ones begin.
  size_t partition(const Leaf& leaf) {
    const auto bins = x_.bins(static_cast<size_t>(leaf.cut.column));
    const auto begin = rows_.begin() + static_cast<ptrdiff_t>(leaf.begin);
    const auto end = rows_.begin() + static_cast<ptrdiff_t>(leaf.end);
    const auto middle = std::stable_partition(begin, end, [&](int row) {
      const int bin = bins[static_cast<size_t>(row)];
      return bin == BinnedColumns::kMissing ? leaf.cut.missing_left : bin <= leaf.cut.bin;
    });
    return static_cast<size_t>(middle - rows_.begin());
  }

  const BinnedColumns& x_;
  std::vector<int> rows_;
  std::span<const float> gradients_, hessians_;
  const BoostedTreeLimits& limits_;
  HistogramPool& pool_;
  BoostedTree tree_;
  std::vector<Leaf> open_;  // a heap, the one whose cut wins most on top
  std::vector<Settled> settled_;
  int leaves_ = 0;
};

}  // namespace

double BoostedTree::value(std::span<const double> row) const {
  const BoostedNode* node = nodes.data();
  while (node->column >= 0) {
    const double number = row[static_cast<size_t>(node->column)];
    const bool left = std::isnan(number) ? node->missing_left : number <= node->threshold;
    node = nodes.data() + node->left + (left ? 0 : 1);
  }
  return node->value;
}

std::vector<Pass<double>> passes_of(const BoostedTree& tree) {
  std::vector<Pass<double>> passes(tree.nodes.size());
  for (size_t n = 0; n < passes.size(); ++n) {
    const BoostedNode& node = tree.nodes[n];
    passes[n].next = static_cast<int>(n);
    if (node.column >= 0) passes[n] = {node.threshold, node.column, node.left};
  }
  return passes;
}

std::unique_ptr<Histograms> HistogramPool::take(size_t columns) {
  if (free_.empty()) return std::make_unique<Histograms>(columns * kBins);
  auto taken = std::move(free_.back());
  free_.pop_back();
  return taken;
}

void HistogramPool::give_back(std::unique_ptr<Histograms> histograms) {
  if (histograms) free_.push_back(std::move(histograms));
}

BoostedTree grow_boosted_tree(const BinnedColumns& x, std::span<const int> rows, std::span<const float> gradients,
                              std::span<const float> hessians, const BoostedTreeLimits& limits, HistogramPool& pool,
                              std::span<double> raw) {
  return Grower(x, rows, gradients, hessians, limits, pool).grow(raw);
}

}  // namespace lumir::learn
