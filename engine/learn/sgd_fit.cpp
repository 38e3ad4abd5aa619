// Stochastic gradient descent: some borders on each core, side by side, so that a row is read once for all of them.

#include "learn/sgd_fit.h"

#include <algorithm>
#include <cmath>

#include "core/interrupt.h"
#include "core/observer.h"
#include "core/parallel.h"
#include "core/random.h"
#include "learn/column_squares.h"
#include "learn/held_out.h"
#include "learn/vectors.h"

namespace lumir::learn {
namespace {

constexpr double kMostSlope = 1e12;
constexpr size_t kMostTogether = 4;  // borders that a row is read for: their weights stay in the first cache

enum class Loss { hinge, log_loss, modified_huber, squared_hinge, perceptron };

Loss loss_named(const std::string& name) {
  if (name == "log_loss") return Loss::log_loss;
  if (name == "modified_huber") return Loss::modified_huber;
  if (name == "squared_hinge") return Loss::squared_hinge;
  return name == "perceptron" ? Loss::perceptron : Loss::hinge;
}

/// Of the margin z = side * decision.
double loss_at(Loss loss, double z) {
  switch (loss) {
    case Loss::hinge: return std::max(0.0, 1 - z);
    case Loss::log_loss: return std::log1p(std::exp(-std::fabs(z))) + std::max(-z, 0.0);
    case Loss::modified_huber: return z >= 1 ? 0 : z >= -1 ? (1 - z) * (1 - z) : -4 * z;
    case Loss::squared_hinge: return z >= 1 ? 0 : (1 - z) * (1 - z);
    default: return std::max(0.0, -z);
  }
}

/// The loss's slope by the margin.
double slope_at(Loss loss, double z) {
  switch (loss) {
    case Loss::hinge: return z <= 1 ? -1 : 0;
    case Loss::log_loss: return z > 0 ? -std::exp(-z) / (1 + std::exp(-z)) : -1 / (1 + std::exp(z));
    case Loss::modified_huber: return z >= 1 ? 0 : z >= -1 ? -2 * (1 - z) : -4;
    case Loss::squared_hinge: return z >= 1 ? 0 : -2 * (1 - z);
    default: return z <= 0 ? -1 : 0;
  }
}

/// Weights as a common factor times numbers, so that shrinking all of them is one product; their average over steps is
/// kept as a sum of the same kind (Xu, Towards Optimal One Pass Large Scale Learning with Averaged SGD, 2011).
class Weights {
 public:
  explicit Weights(size_t columns) : numbers_(columns), owed_(columns), sums_(columns) {}

  double dot_with(std::span<const double> x) const { return factor_ * dot(numbers_.data(), x.data(), x.size()); }
  void shrink(double by) {
    factor_ *= by;
    squares_ *= by * by;
    if (factor_ < 1e-9) settle();
  }
  /// `product` is that of the weights with x, `square` x's with itself.
  void add_row(std::span<const double> x, double step, double product, double square) {
    squares_ += 2 * step * product + step * step * square;
    add_scaled(step / factor_, x.data(), numbers_.data(), x.size());
  }
  /// Counts the weights behind a step into the average. What `cut` takes away later it takes from all steps so far, as
  /// in scikit-learn.
  void count_step(std::span<const double> x, double step) {
    add_scaled(-reach_ * step / factor_, x.data(), sums_.data(), x.size());
    reach_ += factor_;
    ++steps_;
  }
  std::vector<double> average() const {
    std::vector<double> mean = sums_;
    for (size_t j = 0; j < mean.size(); ++j) mean[j] = (mean[j] + reach_ * numbers_[j]) / static_cast<double>(steps_);
    return mean;
  }
  /// Pulls towards 0 by what is due of `total` (Tsuruoka et al., 2009).
  void cut(double total) {
    squares_ = 0;
    for (size_t j = 0; j < numbers_.size(); ++j) {
      const double before = numbers_[j];
      if (before > 0) numbers_[j] = std::max(0.0, before - (total + owed_[j]) / factor_);
      if (before < 0) numbers_[j] = std::min(0.0, before + (total - owed_[j]) / factor_);
      owed_[j] += factor_ * (numbers_[j] - before);
      squares_ += factor_ * factor_ * numbers_[j] * numbers_[j];
    }
  }
  double squares() const { return squares_; }
  double absolutes() const {
    double sum = 0;
    for (const double number : numbers_) sum += std::fabs(number);
    return factor_ * sum;
  }
  const std::vector<double>& settle() {
    for (size_t j = 0; j < numbers_.size(); ++j) {
      sums_[j] += reach_ * numbers_[j];
      numbers_[j] *= factor_;
    }
    reach_ = 0;
    factor_ = 1;
    return numbers_;
  }

 private:
  std::vector<double> numbers_, owed_;
  double factor_ = 1, squares_ = 0;
  std::vector<double> sums_;  // of the weights behind all steps, less reach_ times numbers_
  double reach_ = 0;
  long steps_ = 0;
};

/// Rows, and each one's product with itself.
struct SquaredRows {
  const PresentRows& rows;
  std::vector<double> squares;

  explicit SquaredRows(const PresentRows& all) : rows(all) {
    for (size_t i = 0; i < all.rows(); ++i) {
      const auto x = all.x().row(i);
      squares.push_back(dot(x.data(), x.data(), x.size()));
    }
  }
};

/// One border.
class Descent {
 public:
  Descent(const SquaredRows& rows, const SgdFit& how, std::vector<int> sides)
      : rows_(rows.rows),
        squares_(rows.squares),
        how_(how),
        loss_(loss_named(how.loss)),
        sides_(std::move(sides)),
        weights_(rows_.x().columns) {
    penalised_ = how.penalty != "none";
    if (how.penalty == "l2") l1_ratio_ = 0;
    if (how.penalty == "l1") l1_ratio_ = 1;
    if (how.penalty == "elasticnet") l1_ratio_ = how.l1_ratio;
    optimal_ = how.learning_rate == "optimal";
    invscaling_ = how.learning_rate == "invscaling";
    eta_ = how.eta0;
    if (optimal_) begin_optimal();
  }

  bool ended() const { return ended_; }
  /// False where it stopped at max_iter, or its numbers are none.
  bool solved() const { return solved_; }

  void visit(size_t i) { objective_ += visited(i); }

  /// Behind each time that all rows of `sides.train` were seen.
  void end_epoch(const HeldOut& sides) {
    double now = objective_ / static_cast<double>(sides.train.size());
    objective_ = 0;
    if (how_.early_stopping) now = share_wrong(sides.held);
    if (!std::isfinite(now) || !std::isfinite(intercept_)) {
      ended_ = true;
      return;
    }
    still_ = how_.tol >= 0 && now > best_ - how_.tol ? still_ + 1 : 0;
    best_ = std::min(best_, now);
    if (still_ < how_.n_iter_no_change) return;
    if (how_.learning_rate != "adaptive" || eta_ <= 1e-6) {
      ended_ = solved_ = true;
      return;
    }
    eta_ /= 5;
    still_ = 0;
  }

  std::vector<double> weights() { return how_.average ? weights_.average() : weights_.settle(); }
  double intercept() const { return how_.average ? average_intercept_ : intercept_; }

 private:
  /// Bottou's rate: the first step is as long as weights usually are. He divides it by the loss's slope there where that
  /// is above 1; scikit-learn takes the slope with its sign, which is below 0 for every loss.
  void begin_optimal() {
    const double usual = std::sqrt(1 / std::sqrt(how_.alpha));
    start_ = 1 / (usual * how_.alpha);
  }

  double visited(size_t i) {
    const auto x = rows_.x().row(i);
    double product = weights_.dot_with(x);
    const double decision = product + intercept_, side = sides_[i];
    const double t = static_cast<double>(++steps_);
    if (optimal_) eta_ = 1 / (how_.alpha * (start_ + t - 1));
    if (invscaling_) eta_ = how_.eta0 / std::pow(t, how_.power_t);
    double objective = loss_at(loss_, side * decision);
    if (penalised_) objective += how_.alpha * (1 - l1_ratio_) / 2 * weights_.squares();
    if (penalised_ && l1_ratio_ > 0) objective += how_.alpha * l1_ratio_ * weights_.absolutes();
    const double slope = std::clamp(side * slope_at(loss_, side * decision), -kMostSlope, kMostSlope);
    const double step = -eta_ * slope * rows_.weights[i];
    if (penalised_ && l1_ratio_ < 1) {
      const double by = std::max(0.0, 1 - (1 - l1_ratio_) * eta_ * how_.alpha);
      weights_.shrink(by);
      product *= by;
    }
    if (step != 0) weights_.add_row(x, step, product, squares_[i]);
    if (how_.fit_intercept) intercept_ += step;
    if (how_.average) {
      weights_.count_step(x, step);
      average_intercept_ += (intercept_ - average_intercept_) / t;
    }
    if (penalised_ && l1_ratio_ > 0) weights_.cut(cut_ += l1_ratio_ * eta_ * how_.alpha);
    return objective;
  }

  double share_wrong(const std::vector<int>& which) const {
    double wrong = 0, all = 0;
    for (const int row : which) {
      const auto i = static_cast<size_t>(row);
      const double decision = weights_.dot_with(rows_.x().row(i)) + intercept_;
      wrong += (decision > 0) != (sides_[i] > 0) ? rows_.weights[i] : 0;
      all += rows_.weights[i];
    }
    return wrong / all;
  }

  const PresentRows& rows_;
  const std::vector<double>& squares_;
  const SgdFit& how_;
  Loss loss_;
  std::vector<int> sides_;
  Weights weights_;
  double l1_ratio_ = 0, eta_ = 0, start_ = 0, cut_ = 0, intercept_ = 0, average_intercept_ = 0;
  long steps_ = 0;
  bool penalised_ = false, optimal_ = false, invscaling_ = false;
  double objective_ = 0;    // of this epoch so far
  double best_ = INFINITY;  // of the objective, or of the share that is wrong
  int still_ = 0;           // epochs without a gain
  bool ended_ = false, solved_ = false;
};

/// The next row comes from far while this one is worked on.
void fetch_ahead(std::span<const double> row) {
  for (size_t j = 0; j < row.size(); j += 8) __builtin_prefetch(row.data() + j);
}

/// Borders that see all rows in the same order, whichever of them go together.
void run_together(std::span<Descent> borders, const Matrix& x, const HeldOut& sides, const SgdFit& how) {
  Random random(how.seed, "rows");
  std::vector<Descent*> going;
  for (int epoch = 0; epoch < how.max_iter; ++epoch) {
    check_interrupt();
    going.clear();
    for (Descent& border : borders) {
      if (!border.ended()) going.push_back(&border);
    }
    if (going.empty()) return;
    std::vector<int> order = sides.train;
    if (how.shuffle) order = taken(sides.train, random.permutation(static_cast<int>(order.size())));
    for (size_t k = 0; k < order.size(); ++k) {
      if (k + 1 < order.size()) fetch_ahead(x.row(static_cast<size_t>(order[k + 1])));
      for (Descent* border : going) border->visit(static_cast<size_t>(order[k]));
    }
    for (Descent* border : going) border->end_epoch(sides);
  }
}

}  // namespace

SgdFit SgdOptions::fit() const {
  SgdFit how = *this;
  how.seed = seed_or_global(seed);
  return how;
}

LinearBorders fit_sgd(const std::string& who, const PresentRows& rows, const SgdFit& how) {
  const size_t lines = rows.n_classes() == 2 ? 1 : rows.classes.count();
  LinearBorders borders{Matrix(lines, rows.x().columns), std::vector<double>(lines)};
  HeldOut sides{all_rows(rows.rows()), {}};
  if (how.early_stopping) sides = hold_out(who, rows.y, how.validation_fraction, how.seed);
  check_column_squares(who, rows.x());
  const SquaredRows squared(rows);
  std::vector<Descent> descents;
  for (size_t line = 0; line < lines; ++line) {
    std::vector<int> of_rows;
    const int own = lines == 1 ? 1 : static_cast<int>(line);
    for (const int label : rows.y) of_rows.push_back(label == own ? 1 : -1);
    descents.emplace_back(squared, how, std::move(of_rows));
  }
  const auto threads = static_cast<size_t>(thread_count());
  const size_t together = std::min((lines + threads - 1) / threads, kMostTogether);
  parallel_for((lines + together - 1) / together, [&](size_t group) {
    const size_t first = group * together;
    run_together(std::span(descents).subspan(first, std::min(together, lines - first)), rows.x(), sides, how);
  });
  size_t unsolved = 0;
  for (size_t line = 0; line < lines; ++line) {
    const std::vector<double> weights = descents[line].weights();
    std::copy(weights.begin(), weights.end(), borders.coef.row(line).begin());
    borders.intercept[line] = descents[line].intercept();
    unsolved += !descents[line].solved();
  }
  const auto numbers = [](const std::vector<double>& all) {
    return std::all_of(all.begin(), all.end(), [](double number) { return std::isfinite(number); });
  };
  if (!numbers(borders.coef.values) || !numbers(borders.intercept)) {
    throw ArgumentError(who +
                        ": the weights are no numbers any more; scale the columns first (learn.StandardScaler), "
                        "they are too large for it");
  }
  if (how.tol >= 0 && unsolved > 0) {
    observer().warn(who + ": stopped at 'max_iter' = " + std::to_string(how.max_iter) + " before it had converged");
  }
  return borders;
}

}  // namespace lumir::learn
