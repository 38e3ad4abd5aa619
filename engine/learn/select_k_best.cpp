// SelectKBest: the columns in which the classes differ most, by the F value of a one-way analysis of variance.

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "learn/estimator.h"

namespace lumir::learn {
namespace {

struct SelectKBestOptions {
  std::variant<int, std::string> k = 10;
  static Schema schema() { return {Option{"k", &SelectKBestOptions::k, "columns to keep", Choices{"all"}, Range{1}}}; }
};

/// The F value of a column: variance between classes over variance within. NaN for a constant column, infinite for one
/// that is constant in every class. All is counted from values of the column, so that an offset takes no digits away and
/// what is constant has a variance of exactly 0; the largest distance is 1, so that no square is infinite.
double f_value(const Matrix& x, size_t column, const std::vector<int>& y, const std::vector<int>& counts) {
  double scale = 0;
  for (size_t i = 0; i < x.rows; ++i) scale = std::max(scale, std::abs(x(i, column) / 2 - x(0, column) / 2));
  if (scale == 0) return std::numeric_limits<double>::quiet_NaN();
  const auto distance = [&](double value, double from) { return (value / 2 - from / 2) / scale; };

  std::vector<double> first(counts.size()), mean(counts.size());
  std::vector<bool> seen(counts.size());
  for (size_t i = 0; i < x.rows; ++i) {
    const auto c = static_cast<size_t>(y[i]);
    if (!seen[c]) first[c] = x(i, column);
    seen[c] = true;
    mean[c] += distance(x(i, column), first[c]) / counts[c];
  }
  double within = 0, between = 0, middle = 0, classes = 0;
  for (size_t i = 0; i < x.rows; ++i) {
    const auto c = static_cast<size_t>(y[i]);
    const double off = distance(x(i, column), first[c]) - mean[c];
    within += off * off;
  }
  const auto n = static_cast<double>(x.rows);
  const auto place = [&](size_t c) { return distance(first[c], x(0, column)) + mean[c]; };
  for (size_t c = 0; c < counts.size(); ++c) middle += counts[c] > 0 ? counts[c] * place(c) / n : 0;
  for (size_t c = 0; c < counts.size(); ++c) {
    if (counts[c] == 0) continue;
    between += counts[c] * (place(c) - middle) * (place(c) - middle);
    classes += 1;
  }
  return (between / (classes - 1)) / (within / (n - classes));
}

std::vector<double> f_values(const Matrix& x, const std::vector<int>& y, const std::vector<int>& counts) {
  std::vector<double> f;
  for (size_t j = 0; j < x.columns; ++j) f.push_back(f_value(x, j, y, counts));
  return f;
}

class SelectKBest final : public Described<Transformer, SelectKBestOptions> {
 public:
  using Described::Described;

  void fit_rows(const Training& training) override {
    const auto counts = check_classes(name(), training);
    const size_t columns = training.x.columns;
    const int* k = std::get_if<int>(&option().k);
    if (k && static_cast<size_t>(*k) > columns) {
      throw ArgumentError("SelectKBest: 'k' = " + std::to_string(*k) + " is more than the " + std::to_string(columns) +
                          " columns");
    }
    f_values_ = f_values(training.x, training.y, counts);
    choose(k ? static_cast<size_t>(*k) : columns);
  }

  bool fitted() const override { return !f_values_.empty(); }

  Matrix transform_rows(const Matrix& x) const override {
    check_columns(name(), x, f_values_.size());
    Matrix out(x.rows, chosen_.size());
    for (size_t i = 0; i < x.rows; ++i) {
      const auto from = x.row(i);
      const auto to = out.row(i);
      for (size_t j = 0; j < chosen_.size(); ++j) to[j] = from[static_cast<size_t>(chosen_[j])];
    }
    return out;
  }

  /// The F value of a constant column is no number, and that of a perfect one is infinite.
  bool is_finite(const std::string& array) const override { return array != "f_values"; }

  std::vector<std::string> columns_out(const std::vector<std::string>& columns) const override {
    std::vector<std::string> out;
    for (const int column : chosen_) out.push_back(columns.at(static_cast<size_t>(column)));
    return out;
  }

  /// "f_values": the F value of each column; "chosen": the columns kept, counted from 0, ascending.
  State state() const override {
    const std::vector<double> chosen(chosen_.begin(), chosen_.end());
    return {{"f_values", f_values_}, {"chosen", chosen}};
  }

  void load_state(const State& state) override {
    f_values_ = state_numbers(name(), state, "f_values");
    chosen_.clear();
    for (const double column : state_numbers(name(), state, "chosen")) {
      if (!(column >= 0 && column < static_cast<double>(f_values_.size()))) {
        throw Error(name() + ": 'chosen' of the model names a column that is not there");
      }
      chosen_.push_back(static_cast<int>(column));
    }
  }

 private:
  /// As scikit-learn: constant columns last, and among equals the later column wins.
  void choose(size_t k) {
    std::vector<int> order(f_values_.size());
    std::iota(order.begin(), order.end(), 0);
    const auto rank_value = [this](int column) {
      const double f = f_values_[static_cast<size_t>(column)];
      return std::isnan(f) ? std::numeric_limits<double>::lowest() : f;
    };
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return rank_value(a) < rank_value(b); });
    chosen_.assign(order.end() - static_cast<ptrdiff_t>(k), order.end());
    std::sort(chosen_.begin(), chosen_.end());
  }

  std::vector<double> f_values_;
  std::vector<int> chosen_;
};

LUMIR_ESTIMATOR(SelectKBest, {
                                 .summary = "Keeps the k columns in which the classes differ most (ANOVA F).",
                                 .returns = "a transformer; [rows, k] come out",
                                 .example = "learn.SelectKBest { k = 100 }",
                                 .source = "agrees with scikit-learn's SelectKBest(f_classif)",
                             });

}  // namespace
}  // namespace lumir::learn
