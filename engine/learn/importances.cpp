// Importances.

#include "learn/importances.h"

#include <algorithm>
#include <cmath>

#include "core/parallel.h"
#include "core/random.h"

namespace lumir::learn {
namespace {

/// What answers in the end: the last step of a pipeline, the best of a search.
const Estimator& last_of(const Estimator& estimator) {
  if (const EstimatorPtr best = estimator.chosen()) return last_of(*best);
  const auto stages = estimator.stages();
  return stages.back() == &estimator ? estimator : last_of(*stages.back());
}

/// Whether something before what answers in the end changes the rows.
bool has_steps(const Estimator& estimator) {
  const EstimatorPtr best = estimator.chosen();
  return best ? has_steps(*best) : estimator.stages().size() > 1;
}

/// Whether rows are alike, a missing number like a missing one.
bool same_rows(const Matrix& a, const Matrix& b) {
  return std::equal(a.values.begin(), a.values.end(), b.values.begin(), b.values.end(),
                    [](double one, double other) { return one == other || (std::isnan(one) && std::isnan(other)); });
}

double share_right(const std::vector<int>& said, const std::vector<int>& y) {
  double right = 0;
  for (size_t i = 0; i < y.size(); ++i) right += said[i] == y[i];
  return right / static_cast<double>(y.size());
}

}  // namespace

std::vector<double> importances_of(const Estimator& estimator, const std::string& who) {
  const Estimator& last = last_of(estimator);
  if (!last.fitted()) throw ArgumentError(who + ": " + last.name() + " is not fitted yet");
  const State state = last.state();
  if (const auto found = state.find("feature_importances"); found != state.end()) return found->second.doubles();
  const auto found = state.find("coef");
  if (found == state.end() || found->second.shape().size() != 2) {
    throw ArgumentError(who + ": " + last.name() + " has neither importances nor coefficients of columns");
  }
  const Matrix coef = state_matrix(who, state, "coef");
  std::vector<double> sums(coef.columns);
  for (size_t line = 0; line < coef.rows; ++line) {
    for (size_t j = 0; j < coef.columns; ++j) sums[j] += std::fabs(coef(line, j));
  }
  return sums;
}

Coefficients coefficients_of(const Estimator& estimator, const std::string& who) {
  const Estimator& last = last_of(estimator);
  const State state = last.fitted() ? last.state() : State();
  const auto found = state.find("coef");
  if (found == state.end() || found->second.shape().size() != 2) {
    throw ArgumentError(who + ": " + last.name() +
                        (last.fitted() ? " has no coefficients of columns" : " is not fitted yet"));
  }
  Coefficients borders{state_matrix(who, state, "coef"), {}};
  for (const double label : state_numbers(who, state, "classes")) borders.labels.push_back(static_cast<int>(label));
  if (borders.coef.rows == 1) borders.labels.erase(borders.labels.begin());
  return borders;
}

std::vector<std::string> columns_seen(const Estimator& estimator, std::vector<std::string> columns) {
  if (columns.empty()) return columns;
  if (const EstimatorPtr best = estimator.chosen()) return columns_seen(*best, std::move(columns));
  const auto stages = estimator.stages();
  for (size_t s = 0; s + 1 < stages.size(); ++s) columns = stages[s]->columns_out(columns);
  return columns;
}

PermutationImportances permutation_importances(const Estimator& estimator, const Matrix& x, const std::vector<int>& y,
                                               int repeats, uint64_t seed) {
  const double whole = share_right(estimator.predict(x), y);
  const bool steps = has_steps(estimator);
  const Estimator& last = last_of(estimator);
  const Matrix seen = steps ? estimator.seen(x) : Matrix();
  const auto share_of = [&](const Matrix& shuffled) {
    if (!steps) return share_right(estimator.predict(shuffled), y);
    const Matrix prepared = estimator.seen(shuffled);
    // of a column that a selection leaves out nothing is left to predict by
    return same_rows(prepared, seen) ? whole : share_right(last.predict(prepared), y);
  };
  PermutationImportances found{std::vector<double>(x.columns), std::vector<double>(x.columns)};
  parallel_for("permute", x.columns, "columns", [&](size_t column) {
    std::vector<double> losses;
    Matrix shuffled = x;
    for (int repeat = 0; repeat < repeats; ++repeat) {
      Random random(seed, "column " + std::to_string(column) + ", " + std::to_string(repeat));
      const std::vector<int> order = random.permutation(static_cast<int>(x.rows));
      for (size_t i = 0; i < x.rows; ++i) shuffled(i, column) = x(static_cast<size_t>(order[i]), column);
      losses.push_back(whole - share_of(shuffled));
    }
    double squares = 0;
    for (const double loss : losses) found.mean[column] += loss / repeats;
    for (const double loss : losses) squares += (loss - found.mean[column]) * (loss - found.mean[column]) / repeats;
    found.deviation[column] = std::sqrt(squares);
  });
  return found;
}

std::vector<std::string> decision_path(const Estimator& tree, std::span<const double> row,
                                       const std::vector<std::string>& columns, const std::vector<std::string>& classes,
                                       const std::string& who) {
  const Estimator& last = last_of(tree);
  const State state = last.fitted() ? last.state() : State();
  const auto nodes = state.find("nodes");
  if (nodes == state.end() || nodes->second.count() != 1 || !state.contains("values")) {
    throw ArgumentError(who + ": needs a fitted DecisionTree, got " + model::show_estimator(last));
  }
  const auto column = state_numbers(who, state, "column"), threshold = state_numbers(who, state, "threshold");
  const auto left = state_numbers(who, state, "left");
  const Matrix values = state_matrix(who, state, "values");
  const size_t width = state_array(who, state, "feature_importances", 1).count();
  if (row.size() != width) {
    throw ArgumentError(who + ": " + last.name() + " was fitted on " + std::to_string(width) + " columns, got " +
                        std::to_string(row.size()));
  }
  std::vector<std::string> words;
  size_t node = 0;
  while (column[node] >= 0) {
    const auto j = static_cast<size_t>(column[node]);
    const bool below = row[j] <= threshold[node];
    const std::string named = j < columns.size() ? columns[j] : "column " + std::to_string(j + 1);
    words.push_back(named + " = " + show_number(row[j]) + (below ? " <= " : " > ") + show_number(threshold[node]));
    node = static_cast<size_t>(left[node]) + (below ? 0 : 1);
  }
  const auto shares = values.row(static_cast<size_t>(left[node]));
  const auto likeliest = static_cast<size_t>(first_largest(shares));
  const std::string said = likeliest < classes.size() ? classes[likeliest] : "class " + std::to_string(likeliest + 1);
  char share[40];
  std::snprintf(share, sizeof share, " (%.0f %%)", 100 * shares[likeliest]);
  words.push_back(said + share);
  return words;
}

}  // namespace lumir::learn
