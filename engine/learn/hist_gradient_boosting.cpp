// HistGradientBoosting: small trees, each of which mends what those before it got wrong.

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "core/interrupt.h"
#include "core/parallel.h"
#include "core/random.h"
#include "learn/boosted_tree.h"
#include "learn/held_out.h"
#include "learn/present_classes.h"
#include "learn/row_sums.h"

namespace lumir::learn {
namespace {

struct HistGradientBoostingOptions {
  double learning_rate = 0.1;
  int max_iter = 100;
  std::optional<int> max_leaf_nodes = 31;
  std::optional<int> max_depth;
  int min_samples_leaf = 20;
  double l2_regularization = 0;
  int max_bins = 255;
  std::string early_stopping = "auto";
  double validation_fraction = 0.1;
  int n_iter_no_change = 10;
  double tol = 1e-7;
  ClassWeight class_weight;
  std::optional<int> seed;
  static Schema schema() {
    using S = HistGradientBoostingOptions;
    return {Option{"learning_rate", &S::learning_rate, "how much each tree counts", kPositive},
            Option{"max_iter", &S::max_iter, "trees of each class", Range{1, 1e6}},
            Option{"max_leaf_nodes", &S::max_leaf_nodes, "leaves of a tree; 'none' for no limit", Range{2}},
            Option{"max_depth", &S::max_depth, "cuts from the root to a leaf; 'none' for no limit", Range{1}},
            Option{"min_samples_leaf", &S::min_samples_leaf, "rows of a leaf", Range{1}},
            Option{"l2_regularization", &S::l2_regularization, "pull of the leaves' values towards 0", kNonNegative},
            Option{"max_bins", &S::max_bins, "places at which a column can be cut, and one", Range{2, 255}},
            Option{"early_stopping", &S::early_stopping,
                   "hold rows out and stop when they are foretold no better; 'auto': from 10,000 rows on",
                   Choices{"auto", "yes", "no"}},
            Option{"validation_fraction", &S::validation_fraction, "share of rows held out", Range{above(0), below(1)}},
            Option{"n_iter_no_change", &S::n_iter_no_change, "trees without a gain that stop it", Range{1}},
            Option{"tol", &S::tol, "what counts as a gain", kNonNegative},
            class_weight_option(&S::class_weight),
            Option{"seed", &S::seed, "of the rows held out; 'none' takes that of lumir.seed"}};
  }
};

/// What the trees have said of each row so far, and how the loss changes with it; a line for each class, one of two.
class Boosted {
 public:
  Boosted(const PresentRows& rows, size_t lines, const std::vector<double>& baseline)
      : rows_(rows), raw_(lines, rows.rows()), gradients_(lines), hessians_(lines) {
    for (size_t line = 0; line < lines; ++line) {
      std::fill(raw_.row(line).begin(), raw_.row(line).end(), baseline[line]);
      gradients_[line].resize(rows.rows());
      hessians_[line].resize(rows.rows());
    }
  }

  std::span<double> raw(size_t line) { return raw_.row(line); }
  std::span<const float> gradients(size_t line) const { return gradients_[line]; }
  std::span<const float> hessians(size_t line) const { return hessians_[line]; }

  void derive() {
    constexpr size_t kPiece = 4096;
    parallel_for((rows_.rows() + kPiece - 1) / kPiece, [&](size_t piece) {
      const size_t end = std::min((piece + 1) * kPiece, rows_.rows());
      std::vector<double> shares(std::max<size_t>(raw_.rows, 2));
      for (size_t i = piece * kPiece; i < end; ++i) derive_row(i, shares);
    });
  }

  /// The mean loss of some rows.
  double loss(const std::vector<int>& which) const {
    std::vector<double> shares(std::max<size_t>(raw_.rows, 2));
    double sum = 0, weight = 0;
    for (const int row : which) {
      const auto i = static_cast<size_t>(row);
      probabilities(i, shares);
      sum -= rows_.weights[i] * std::log(std::max(shares[static_cast<size_t>(rows_.y[i])], 1e-300));
      weight += rows_.weights[i];
    }
    return weight > 0 ? sum / weight : 0;
  }

 private:
  void probabilities(size_t i, std::vector<double>& shares) const {
    if (raw_.rows == 1) {
      shares[1] = 1 / (1 + std::exp(-raw_(0, i)));
      shares[0] = 1 - shares[1];
      return;
    }
    double most = raw_(0, i), sum = 0;
    for (size_t c = 0; c < shares.size(); ++c) most = std::max(most, raw_(c, i));
    for (size_t c = 0; c < shares.size(); ++c) sum += shares[c] = std::exp(raw_(c, i) - most);
    for (double& share : shares) share /= sum;
  }

  void derive_row(size_t i, std::vector<double>& shares) {
    probabilities(i, shares);
    const double weight = rows_.weights[i];
    for (size_t line = 0; line < raw_.rows; ++line) {
      const size_t own = raw_.rows == 1 ? 1 : line;
      const double p = shares[own];
      gradients_[line][i] = static_cast<float>(weight * (p - (static_cast<size_t>(rows_.y[i]) == own ? 1 : 0)));
      hessians_[line][i] = static_cast<float>(weight * p * (1 - p));
    }
  }

  const PresentRows& rows_;
  Matrix raw_;  // [lines, rows]
  std::vector<std::vector<float>> gradients_, hessians_;
};

class HistGradientBoosting final : public Described<PresentClassifier, HistGradientBoostingOptions> {
 public:
  using Described::Described;
  bool takes_missing() const override { return true; }

 protected:
  const ClassWeight* weights_of_classes() const override { return &option().class_weight; }

  void fit_present(const PresentRows& rows) override {
    const size_t lines = rows.n_classes() == 2 ? 1 : rows.classes.count();
    const bool stops = option().early_stopping == "yes" || (option().early_stopping == "auto" && rows.rows() > 10000);
    const HeldOut sides = stops ? hold_out(name(), rows.y, option().validation_fraction, seed_or_global(option().seed))
                                : HeldOut{all_rows(rows.rows()), {}};
    find_baseline(rows, sides.train, lines);
    const BinnedColumns binned(rows.x(), option().max_bins);
    const BoostedTreeLimits limits = tree_limits();
    Boosted boosted(rows, lines, baseline_);
    trees_.clear();
    HistogramPool pool;
    std::vector<double> losses = {boosted.loss(sides.held)};
    for (int iteration = 0; iteration < option().max_iter; ++iteration) {
      check_interrupt();
      boosted.derive();
      for (size_t line = 0; line < lines; ++line) {
        trees_.push_back(grow_boosted_tree(binned, sides.train, boosted.gradients(line), boosted.hessians(line), limits,
                                           pool, boosted.raw(line)));
        for (const int row : sides.held) {
          boosted.raw(line)[static_cast<size_t>(row)] += trees_.back().value(rows.x().row(static_cast<size_t>(row)));
        }
      }
      if (!stops) continue;
      losses.push_back(boosted.loss(sides.held));
      if (no_gain(losses)) break;
    }
  }

  Matrix score_present(const Matrix& x) const override {
    const size_t lines = baseline_.size();
    Matrix out(x.rows, std::max<size_t>(lines, 2));
    std::vector<std::vector<Pass<double>>> passes;
    for (const BoostedTree& tree : trees_) passes.push_back(passes_of(tree));
    constexpr size_t kBlock = 32;  // rows that stay near while every tree sees them
    parallel_for((x.rows + kBlock - 1) / kBlock, [&](size_t block) {
      const size_t begin = block * kBlock, n = std::min(kBlock, x.rows - begin);
      const std::span numbers(x.row(begin).data(), n * x.columns);
      const bool missing =
          std::any_of(numbers.begin(), numbers.end(), [](double number) { return std::isnan(number); });
      std::array<int, kBlock> leaves;
      for (size_t i = begin; i < begin + n; ++i) {
        for (size_t line = 0; line < lines; ++line) out(i, lines == 1 ? 1 : line) = baseline_[line];
      }
      for (size_t t = 0; t < trees_.size(); ++t) {
        const size_t line = lines == 1 ? 1 : t % lines;
        if (!missing) find_leaves<double>(passes[t], numbers.data(), x.columns, std::span(leaves).first(n));
        for (size_t i = 0; i < n; ++i) {
          out(begin + i, line) +=
              missing ? trees_[t].value(x.row(begin + i)) : trees_[t].nodes[static_cast<size_t>(leaves[i])].value;
        }
      }
    });
    softmax(out);
    return out;
  }

  /// All trees one after the other, those of each round class by class: "nodes" counts those of each; "left" is the
  /// place of the left child in its tree; "column" is -1 for a leaf.
  State state_present() const override {
    std::vector<double> nodes, column, left, threshold, missing_left, value;
    for (const BoostedTree& tree : trees_) {
      nodes.push_back(static_cast<double>(tree.nodes.size()));
      for (const BoostedNode& node : tree.nodes) {
        column.push_back(node.column);
        left.push_back(node.left);
        threshold.push_back(node.threshold);
        missing_left.push_back(node.missing_left);
        value.push_back(node.value);
      }
    }
    return {{"baseline", baseline_},  {"nodes", nodes},
            {"column", column},       {"left", left},
            {"threshold", threshold}, {"missing_left", missing_left},
            {"value", value},         {"n_features", {static_cast<double>(columns())}}};
  }

  size_t load_present(const State& state) override {
    const auto get = [&](const char* array) { return state_numbers(name(), state, array); };
    const auto nodes = get("nodes"), column = get("column"), left = get("left"), threshold = get("threshold");
    const auto missing_left = get("missing_left"), value = get("value"), width = get("n_features");
    baseline_ = get("baseline");
    const size_t lines = classes().count() == 2 ? 1 : classes().count();
    const bool fits = baseline_.size() == lines && nodes.size() % lines == 0 && width.size() == 1 &&
                      left.size() == column.size() && threshold.size() == column.size() &&
                      missing_left.size() == column.size() && value.size() == column.size();
    if (!fits) refuse_state(name());
    const int columns = state_whole(name(), width[0], 1, 1e9);
    trees_.clear();
    size_t at = 0;
    for (const double size : nodes) {
      const int n = state_whole(name(), size, 1, static_cast<double>(column.size() - at));
      BoostedTree& tree = trees_.emplace_back();
      for (int i = 0; i < n; ++i, ++at) {
        BoostedNode node;
        node.column = state_whole(name(), column[at], -1, columns - 1);
        // children come after their parent, so that no path is endless
        if (node.column >= 0) node.left = state_whole(name(), left[at], i + 1, n - 2);
        node.threshold = threshold[at];
        node.missing_left = missing_left[at] != 0;
        node.value = value[at];
        tree.nodes.push_back(node);
      }
    }
    if (at != column.size()) refuse_state(name());
    return static_cast<size_t>(columns);
  }

 private:
  BoostedTreeLimits tree_limits() const {
    BoostedTreeLimits limits;
    limits.max_leaf_nodes = option().max_leaf_nodes.value_or(0);
    if (option().max_depth) limits.max_depth = *option().max_depth;
    limits.min_samples_leaf = option().min_samples_leaf;
    limits.l2_regularization = option().l2_regularization;
    limits.learning_rate = option().learning_rate;
    return limits;
  }

  /// What is said of a row before the first tree: the logarithms of the classes' shares.
  void find_baseline(const PresentRows& rows, const std::vector<int>& which, size_t lines) {
    std::vector<double> shares(rows.classes.count());
    double all = 0;
    for (const int row : which) {
      shares[static_cast<size_t>(rows.y[static_cast<size_t>(row)])] += rows.weights[static_cast<size_t>(row)];
      all += rows.weights[static_cast<size_t>(row)];
    }
    constexpr double kEps = std::numeric_limits<double>::epsilon();
    double mean = 0;
    for (double& share : shares) {
      share = std::log(std::clamp(share / all, kEps, 1 - kEps));
      mean += share / static_cast<double>(shares.size());
    }
    baseline_.clear();
    if (lines == 1) baseline_ = {shares[1] - shares[0]};
    for (size_t line = 0; line < lines && lines > 1; ++line) baseline_.push_back(shares[line] - mean);
  }

  /// True where none of the last losses is lower than the one before them.
  bool no_gain(const std::vector<double>& losses) const {
    const auto patience = static_cast<size_t>(option().n_iter_no_change) + 1;
    if (losses.size() < patience) return false;
    const auto reference = losses.end() - static_cast<ptrdiff_t>(patience);
    return std::none_of(reference + 1, losses.end(), [&](double loss) { return loss < *reference - option().tol; });
  }

  std::vector<double> baseline_;  // one for each class; of two classes that of the second less that of the first
  std::vector<BoostedTree> trees_;
};

LUMIR_ESTIMATOR(
    HistGradientBoosting,
    {
        .summary = "Small trees, each of which mends what those before it got wrong; missing numbers may stand "
                   "among the rows as NaN.",
        .returns = "a classifier; scores are probabilities",
        .example = "learn.HistGradientBoosting { max_iter = 20, min_samples_leaf = 1 }",
        .source = "Ke et al., LightGBM (2017); agrees with scikit-learn's HistGradientBoostingClassifier",
    });

}  // namespace
}  // namespace lumir::learn
