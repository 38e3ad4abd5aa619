// Classes that have rows.

#include "learn/present_classes.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/parallel.h"

namespace lumir::learn {

Matrix PresentClasses::spread(const Matrix& scores, ScoreKind kind) const {
  if (scores.columns == static_cast<size_t>(all)) return scores;
  Matrix out(scores.rows, static_cast<size_t>(all));
  for (size_t i = 0; i < scores.rows; ++i) {
    const auto from = scores.row(i);
    const auto to = out.row(i);
    if (kind == ScoreKind::decisions) {
      std::fill(to.begin(), to.end(), *std::min_element(from.begin(), from.end()) - 1);
    }
    for (size_t c = 0; c < labels.size(); ++c) to[static_cast<size_t>(labels[c])] = from[c];
  }
  return out;
}

State PresentClasses::state() const {
  return {{"classes", std::vector<double>(labels.begin(), labels.end())}, {"n_classes", {static_cast<double>(all)}}};
}

PresentClasses PresentClasses::loaded(const std::string& who, const State& state) {
  const auto labels = state_numbers(who, state, "classes"), n_classes = state_numbers(who, state, "n_classes");
  if (n_classes.size() != 1 || labels.size() < 2) refuse_state(who);
  PresentClasses classes;
  classes.all = state_whole(who, n_classes[0], 2, 1e6);
  for (const double label : labels) classes.labels.push_back(state_whole(who, label, 0, classes.all - 1));
  if (std::adjacent_find(labels.begin(), labels.end(), std::greater_equal<>()) != labels.end()) refuse_state(who);
  return classes;
}

PresentRows::PresentRows(const std::string& who, const Training& training, const ClassWeight* class_weight,
                         bool missing)
    : training_(training) {
  check_classes(who, training, missing);
  const std::vector<int> counted = rows_that_count(training);
  if (counted.size() < training.x.rows) {
    some_ = counted;
    taken_ = training.x.take(some_);
  }
  std::vector<double> sums(static_cast<size_t>(training.n_classes));
  for (const int row : counted) {
    const auto i = static_cast<size_t>(row);
    sums[static_cast<size_t>(training.y[i])] += training.weight(i);
    weights.push_back(training.weight(i));
  }
  std::vector<int> place(sums.size(), -1);
  classes.all = training.n_classes;
  for (size_t c = 0; c < sums.size(); ++c) {
    if (sums[c] == 0) continue;
    place[c] = static_cast<int>(classes.count());
    classes.labels.push_back(static_cast<int>(c));
  }
  const std::vector<double> by_class =
      class_weight ? class_weights(who, *class_weight, training, sums) : std::vector<double>(sums.size(), 1);
  for (size_t r = 0; r < counted.size(); ++r) {
    const auto label = static_cast<size_t>(training.y[static_cast<size_t>(counted[r])]);
    y.push_back(place[label]);
    weights[r] *= by_class[label];
    weighted |= weights[r] != 1;
  }
}

std::vector<double> PresentRows::class_sums() const {
  std::vector<double> sums(classes.count());
  for (size_t i = 0; i < y.size(); ++i) sums[static_cast<size_t>(y[i])] += weights[i];
  return sums;
}

std::vector<std::vector<int>> PresentRows::rows_of_classes() const {
  std::vector<std::vector<int>> rows(classes.count());
  for (size_t i = 0; i < y.size(); ++i) rows[static_cast<size_t>(y[i])].push_back(static_cast<int>(i));
  return rows;
}

void PresentClassifier::fit_rows(const Training& training) {
  const PresentRows rows(name(), training, weights_of_classes(), takes_missing());
  classes_ = rows.classes;
  n_classes_ = training.n_classes;
  columns_ = training.x.columns;
  fit_present(rows);
}

Matrix PresentClassifier::score_rows(const Matrix& x) const {
  check_columns(name(), x, columns_, takes_missing());
  return classes_.spread(score_present(x), score_kind());
}

State PresentClassifier::state() const {
  State all = state_present();
  all.merge(classes_.state());
  return all;
}

void PresentClassifier::load_state(const State& state) {
  classes_ = PresentClasses::loaded(name(), state);
  n_classes_ = classes_.all;
  columns_ = load_present(state);
  if (columns_ == 0) refuse_state(name());
}

void softmax(Matrix& decisions) {
  parallel_for(decisions.rows, [&](size_t i) {
    const auto row = decisions.row(i);
    const double most = *std::max_element(row.begin(), row.end());
    double sum = 0;
    for (double& value : row) sum += value = std::exp(value - most);
    for (double& value : row) value /= sum;
  });
}

void share_out(Matrix& scores) {
  for (size_t i = 0; i < scores.rows; ++i) {
    const auto row = scores.row(i);
    const double sum = std::accumulate(row.begin(), row.end(), 0.0);
    for (double& value : row) value = sum > 0 ? value / sum : 1 / static_cast<double>(row.size());
  }
}

}  // namespace lumir::learn
