// A node's samples are put in the order of a column by marking their ranks in a bitmap and reading its bits:
// no sorting. The impurity of both sides then follows from the sums of squared class weights, which change by
// one product a sample.

#include "learn/tree.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>
#include <numeric>

#include "core/parallel.h"
#include "core/random.h"

namespace lumir::learn {
namespace {

/// A well mixed number for a place in a tree (the finaliser of SplitMix64).
uint64_t mixed(uint64_t number) {
  number += 0x9E3779B97F4A7C15u;
  number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9u;
  number = (number ^ (number >> 27)) * 0x94D049BB133111EBu;
  return number ^ (number >> 31);
}

/// The samples of a node in the order of one column.
class Order {
 public:
  explicit Order(size_t rows) : marked_((rows + 63) / 64), first_(rows), next_(rows) {}

  /// Calls use(sample, last of its rank) in ascending rank. `samples` count from 0 within the node.
  template <class Use>
  void for_each(std::span<const uint32_t> ranks, std::span<const TreeSample> samples, const Use& use) {
    const auto n = static_cast<int>(samples.size());
    for (int s = 0; s < n; ++s) {
      const uint32_t rank = ranks[static_cast<size_t>(samples[static_cast<size_t>(s)].row)];
      uint64_t& word = marked_[rank / 64];
      const uint64_t bit = uint64_t{1} << (rank % 64);
      next_[static_cast<size_t>(s)] = word & bit ? first_[rank] : -1;
      first_[rank] = s;
      word |= bit;
    }
    for (size_t w = 0; w < marked_.size(); ++w) {
      for (uint64_t word = marked_[w]; word != 0; word &= word - 1) {
        const size_t rank = w * 64 + static_cast<size_t>(std::countr_zero(word));
        for (int s = first_[rank]; s >= 0; s = next_[static_cast<size_t>(s)]) {
          use(s, static_cast<uint32_t>(rank), next_[static_cast<size_t>(s)] < 0);
        }
      }
      marked_[w] = 0;
    }
  }

  /// The same for few samples, where reading the bitmap would cost more than sorting.
  template <class Use>
  void for_each_of_few(std::span<const uint32_t> ranks, std::span<const TreeSample> samples, const Use& use) {
    keys_.clear();
    for (size_t s = 0; s < samples.size(); ++s) {
      keys_.push_back(uint64_t{ranks[static_cast<size_t>(samples[s].row)]} << 32 | s);
    }
    std::sort(keys_.begin(), keys_.end());
    for (size_t i = 0; i < keys_.size(); ++i) {
      const auto rank = static_cast<uint32_t>(keys_[i] >> 32);
      const bool last = i + 1 == keys_.size() || keys_[i + 1] >> 32 != rank;
      use(static_cast<int>(keys_[i] & 0xFFFFFFFFu), rank, last);
    }
  }

  bool is_few(size_t samples) const { return samples * 8 < marked_.size(); }

 private:
  std::vector<uint64_t> marked_;
  std::vector<int> first_, next_;  // samples of one rank, chained
  std::vector<uint64_t> keys_;
};

constexpr double kClose = 1e-12;  // relative difference of purities that rounding may make

/// Where to cut a node.
struct Split {
  int column = -1;
  uint32_t last_left = 0;  // the largest rank that goes left
  double threshold = 0;
  double purity = -std::numeric_limits<double>::infinity();  // of both sides, see Purity
};

/// How pure a side is, times its weight: the less mixed, the larger. Gini's is the sum of squared class weights over
/// the weight; entropy's is its negative, from weights times their logarithms. Either changes by one term a sample.
class Purity {
 public:
  Purity(bool entropy, std::vector<double>& classes) : entropy_(entropy), classes_(classes) {}
  void clear() {
    std::fill(classes_.begin(), classes_.end(), 0);
    sum_ = weight_ = 0;
  }
  void add(size_t label, double weight) {
    const double before = classes_[label];
    classes_[label] += weight;
    weight_ += weight;
    sum_ += entropy_ ? log_term(before + weight) - log_term(before) : weight * (2 * before + weight);
  }
  double value() const { return weight_ <= 0 ? 0 : entropy_ ? sum_ - log_term(weight_) : sum_ / weight_; }
  double weight() const { return weight_; }

 private:
  static double log_term(double x) { return x > 0 ? x * std::log(x) : 0; }
  bool entropy_;
  std::vector<double>& classes_;
  double sum_ = 0, weight_ = 0;
};

class Grower {
 public:
  Grower(const RankedColumns& x, int n_classes, std::vector<TreeSample> samples, const TreeLimits& limits,
         uint64_t seed)
      : x_(x),
        samples_(std::move(samples)),
        limits_(limits),
        seed_(seed),
        order_(x.rows()),
        classes_(static_cast<size_t>(n_classes)),
        totals_(classes_),
        left_(classes_),
        right_(classes_),
        columns_(x.columns()) {
    std::iota(columns_.begin(), columns_.end(), 0);
    tree_.importances.resize(x.columns());
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
    if (limits_.ccp_alpha > 0) prune();
    find_importances();
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
    if (split.column >= 0 && wins_enough(split)) open.push_back({piece, split, split.purity - purity_});
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

  /// Undoes the cut whose leaves win least, again and again, while that is at most 'ccp_alpha' for each leaf that goes:
  /// Breiman et al. (1984), ch. 3.3.
  void prune() {
    auto& nodes = tree_.nodes;
    std::vector<double> risk(nodes.size()), leaves(nodes.size());  // of the tree below each node
    while (true) {
      size_t weakest = 0;
      double least = std::numeric_limits<double>::infinity();
      for (size_t node = nodes.size(); node-- > 0;) {  // children come after their parents
        const auto left = static_cast<size_t>(nodes[node].left);
        const bool leaf = nodes[node].is_leaf();
        risk[node] = leaf ? marks_[node].risk : risk[left] + risk[left + 1];
        leaves[node] = leaf ? 1 : leaves[left] + leaves[left + 1];
        const double won = leaf ? least : (marks_[node].risk - risk[node]) / (leaves[node] - 1);
        if (leaf || won > least) continue;
        least = won;
        weakest = node;
      }
      if (!(least <= limits_.ccp_alpha)) break;
      nodes[weakest].column = -1;
      drop_unreached();
    }
  }

  /// Without the nodes below those that became leaves; the others keep their order.
  void drop_unreached() {
    auto& nodes = tree_.nodes;
    std::vector<char> reached(nodes.size());
    std::vector<int> place(nodes.size());
    reached[0] = 1;
    Tree kept;
    std::vector<Mark> marks;
    for (size_t node = 0; node < nodes.size(); ++node) {
      if (!reached[node]) continue;
      place[node] = static_cast<int>(kept.nodes.size());
      const auto left = static_cast<size_t>(nodes[node].left);
      if (!nodes[node].is_leaf()) reached[left] = reached[left + 1] = 1;
      const auto shares =
          tree_.values.begin() + static_cast<ptrdiff_t>(static_cast<size_t>(nodes[node].values) * classes_);
      kept.values.insert(kept.values.end(), shares, shares + static_cast<ptrdiff_t>(classes_));
      kept.nodes.push_back(nodes[node]);
      kept.nodes.back().values = place[node];
      marks.push_back(marks_[node]);
    }
    for (TreeNode& node : kept.nodes) {
      if (!node.is_leaf()) node.left = place[static_cast<size_t>(node.left)];
    }
    nodes = std::move(kept.nodes);
    tree_.values = std::move(kept.values);
    marks_ = std::move(marks);
  }

  void add_node(int depth) {
    TreeNode node;
    node.depth = depth;
    node.values = static_cast<int>(tree_.nodes.size());
    tree_.nodes.push_back(node);
    marks_.emplace_back();
    tree_.values.resize(tree_.values.size() + classes_);
  }

  /// `purity_` is still that of the node.
  bool wins_enough(const Split& split) const {
    if (limits_.min_impurity_decrease == 0) return true;
    constexpr double kRounding = std::numeric_limits<double>::epsilon();
    return (split.purity - purity_) / whole_ + kRounding >= limits_.min_impurity_decrease;
  }

  /// The impurity of the node at hand, by its share of all weight; entropy in bits.
  double risk() const { return (limits_.entropy ? -purity_ / std::numbers::ln2 : weight_ - purity_) / whole_; }

  std::span<const TreeSample> samples_of(const Piece& piece) const {
    return std::span(samples_).subspan(piece.begin, piece.end - piece.begin);
  }

  /// Writes down the node's classes and finds its split; none where it is a leaf.
  Split fill(const Piece& piece) {
    const auto samples = samples_of(piece);
    Purity all(limits_.entropy, totals_);
    all.clear();
    for (const auto& sample : samples) all.add(static_cast<size_t>(sample.label), sample.weight);
    weight_ = all.weight();
    purity_ = all.value();
    if (piece.node == 0) whole_ = weight_;
    marks_[static_cast<size_t>(piece.node)].risk = risk();
    TreeNode& node = tree_.nodes[static_cast<size_t>(piece.node)];
    node.samples = static_cast<int>(samples.size());
    double* values = tree_.values.data() + static_cast<size_t>(node.values) * classes_;
    squares_ = 0;
    for (size_t c = 0; c < classes_; ++c) {
      values[c] = totals_[c] / weight_;
      squares_ += totals_[c] * totals_[c];
    }
    const bool pure = std::count_if(totals_.begin(), totals_.end(), [](double w) { return w > 0; }) < 2;
    const bool small = node.samples < limits_.min_samples_split || node.samples < 2 * limits_.min_samples_leaf;
    if (pure || small || node.depth >= limits_.max_depth) return {};
    return best_split(samples, piece.key);
  }

  /// Draws columns without putting them back; their order is restored, so that nothing depends on earlier nodes.
  Split best_split(std::span<const TreeSample> samples, uint64_t key) {
    Random random(seed_, key);
    Split best;
    bool varied = false;
    drawn_.clear();
    for (size_t n = 0; n < columns_.size(); ++n) {
      if (n >= static_cast<size_t>(limits_.max_features) && varied) break;
      const size_t other = n + random.below(static_cast<uint32_t>(columns_.size() - n));
      std::swap(columns_[n], columns_[other]);
      drawn_.push_back(other);
      if (limits_.random_cuts) {
        varied |= try_random_cut(columns_[n], samples, random, best);
      } else if (limits_.entropy) {
        varied |= try_column_by_entropy(columns_[n], samples, best);
      } else {
        varied |= try_column(columns_[n], samples, best);
      }
    }
    for (size_t n = drawn_.size(); n-- > 0;) std::swap(columns_[n], columns_[drawn_[n]]);
    return best;
  }

  /// Walks the column's values upwards, moving samples from the right side to the left. False for a constant column.
  bool try_column(int column, std::span<const TreeSample> samples, Split& best) {
    std::fill(left_.begin(), left_.end(), 0);
    std::copy(totals_.begin(), totals_.end(), right_.begin());
    double left_squares = 0, right_squares = squares_, left_weight = 0;
    const int n = static_cast<int>(samples.size());
    int moved = 0;
    bool varied = false, waiting = false;
    uint32_t waiting_rank = 0;
    double waiting_purity = 0;
    const auto move = [&](int s, uint32_t rank, bool last_of_rank) {
      if (waiting) {  // the cut before this rank was better than all so far: now its right edge is known
        best = {column, waiting_rank, middle(column, waiting_rank, rank), waiting_purity};
        waiting = false;
      }
      const TreeSample& sample = samples[static_cast<size_t>(s)];
      const auto label = static_cast<size_t>(sample.label);
      const double w = sample.weight;
      left_squares += w * (2 * left_[label] + w);
      right_squares += w * (w - 2 * right_[label]);
      left_[label] += w;
      right_[label] -= w;
      left_weight += w;
      ++moved;
      if (!last_of_rank || moved == n) return;
      varied = true;
      if (moved < limits_.min_samples_leaf || n - moved < limits_.min_samples_leaf) return;
      // multiplied out to save divisions; where that is close, the divisions tell, as they do in scikit-learn
      const double right_weight = weight_ - left_weight, best_purity = std::max(best.purity, waiting_purity);
      const double scaled = left_squares * right_weight + right_squares * left_weight;
      if (scaled < best_purity * left_weight * right_weight * (1 - kClose)) return;
      const double purity = left_squares / left_weight + right_squares / right_weight;
      if (purity <= best_purity) return;
      waiting = true;
      waiting_rank = rank;
      waiting_purity = purity;
    };
    walk(column, samples, move);
    return varied;
  }

  /// Calls move(sample, rank, last of its rank) in ascending order of the column.
  template <class Move>
  void walk(int column, std::span<const TreeSample> samples, const Move& move) {
    const auto ranks = x_.ranks(static_cast<size_t>(column));
    if (order_.is_few(samples.size())) {
      order_.for_each_of_few(ranks, samples, move);
    } else {
      order_.for_each(ranks, samples, move);
    }
  }

  /// A threshold between two ranks.
  double middle(int column, uint32_t last_left, uint32_t first_right) const {
    const auto& values = x_.distinct(static_cast<size_t>(column));
    const double below = values[last_left], above = values[first_right], half = below / 2 + above / 2;
    return half >= above ? below : half;  // neighbouring numbers have no middle
  }

  /// The same as try_column for entropy, whose terms cannot be multiplied out.
  bool try_column_by_entropy(int column, std::span<const TreeSample> samples, Split& best) {
    Purity left(true, left_), right(true, right_);
    left.clear();
    right.clear();
    for (const auto& sample : samples) right.add(static_cast<size_t>(sample.label), sample.weight);
    const int n = static_cast<int>(samples.size());
    int moved = 0;
    bool varied = false, waiting = false;
    Split next{column};
    const auto move = [&](int s, uint32_t rank, bool last_of_rank) {
      if (waiting) {
        next.threshold = middle(column, next.last_left, rank);
        best = next;
        waiting = false;
      }
      const TreeSample& sample = samples[static_cast<size_t>(s)];
      left.add(static_cast<size_t>(sample.label), sample.weight);
      right.add(static_cast<size_t>(sample.label), -sample.weight);
      ++moved;
      if (!last_of_rank || moved == n) return;
      varied = true;
      if (moved < limits_.min_samples_leaf || n - moved < limits_.min_samples_leaf) return;
      const double purity = left.value() + right.value();
      if (purity <= best.purity) return;
      waiting = true;
      next.last_left = rank;
      next.purity = purity;
    };
    walk(column, samples, move);
    return varied;
  }

  /// Cuts the column at a random place between its smallest and its largest value. False for a constant column.
  bool try_random_cut(int column, std::span<const TreeSample> samples, Random& random, Split& best) {
    const auto ranks = x_.ranks(static_cast<size_t>(column));
    uint32_t least = std::numeric_limits<uint32_t>::max(), most = 0;
    for (const auto& sample : samples) {
      const uint32_t rank = ranks[static_cast<size_t>(sample.row)];
      least = std::min(least, rank);
      most = std::max(most, rank);
    }
    if (least == most) return false;
    const auto& values = x_.distinct(static_cast<size_t>(column));
    const double share = random.uniform();
    const double cut = values[least] * (1 - share) + values[most] * share;
    const auto above = std::upper_bound(values.begin() + least, values.begin() + most, cut);  // the largest goes right
    const auto last_left = std::max(static_cast<uint32_t>(above - values.begin()), least + 1) - 1;
    Purity left(limits_.entropy, left_), right(limits_.entropy, right_);
    left.clear();
    right.clear();
    int moved = 0;
    for (const auto& sample : samples) {
      const bool goes_left = ranks[static_cast<size_t>(sample.row)] <= last_left;
      (goes_left ? left : right).add(static_cast<size_t>(sample.label), sample.weight);
      moved += goes_left;
    }
    const int n = static_cast<int>(samples.size());
    if (moved < limits_.min_samples_leaf || n - moved < limits_.min_samples_leaf) return true;
    const double purity = left.value() + right.value();
    if (purity <= best.purity) return true;
    best = {column, last_left, std::clamp(cut, values[last_left], values[last_left + 1]), purity};
    if (best.threshold >= values[last_left + 1]) best.threshold = values[last_left];
    return true;
  }

  /// Left samples first, both sides in their order; returns where the right ones begin.
  size_t partition(const Piece& piece, const Split& split) {
    const auto ranks = x_.ranks(static_cast<size_t>(split.column));
    const auto begin = samples_.begin() + static_cast<ptrdiff_t>(piece.begin);
    const auto end = samples_.begin() + static_cast<ptrdiff_t>(piece.end);
    const auto middle = std::stable_partition(begin, end, [&](const TreeSample& sample) {
      return ranks[static_cast<size_t>(sample.row)] <= split.last_left;
    });
    return static_cast<size_t>(middle - samples_.begin());
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
  TreeLimits limits_;
  uint64_t seed_;
  Order order_;
  size_t classes_;
  std::vector<double> totals_;  // class weights of the node at hand, their sum, and the sum of their squares
  double weight_ = 0, squares_ = 0;
  double purity_ = 0, whole_ = 0;     // of the node at hand; the weight of the root
  std::vector<double> left_, right_;  // class weights of both sides while a column is walked
  std::vector<int> columns_;
  std::vector<size_t> drawn_;
  /// Of each node: its impurity by its share of all weight, and what its cut has won.
  struct Mark {
    double risk = 0, gain = 0;
  };
  std::vector<Mark> marks_;
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

RankedColumns::RankedColumns(const Matrix& x) : rows_(x.rows), ranks_(x.rows * x.columns), distinct_(x.columns) {
  parallel_for(x.columns, [&](size_t column) {
    std::vector<double>& values = distinct_[column];
    for (size_t i = 0; i < x.rows; ++i) values.push_back(x(i, column));
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    for (size_t i = 0; i < x.rows; ++i) {
      const auto place = std::lower_bound(values.begin(), values.end(), x(i, column));
      ranks_[column * rows_ + i] = static_cast<uint32_t>(place - values.begin());
    }
  });
}

Tree grow_tree(const RankedColumns& x, int n_classes, std::vector<TreeSample> samples, const TreeLimits& limits,
               uint64_t seed, uint64_t tree) {
  return Grower(x, n_classes, std::move(samples), limits, seed).grow(tree);
}

}  // namespace lumir::learn
