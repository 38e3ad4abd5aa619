// SimpleImputer: what is missing (NaN) becomes a column's mean, or another number.

#include <algorithm>
#include <cmath>
#include <map>

#include "learn/estimator.h"
#include "learn/quantiles.h"

namespace lumir::learn {
namespace {

struct SimpleImputerOptions {
  std::string strategy = "mean";
  double fill_value = 0;
  static Schema schema() {
    return {Option{"strategy", &SimpleImputerOptions::strategy, "what stands for missing numbers of a column",
                   Choices{"mean", "median", "most_frequent", "constant"}},
            Option{"fill_value", &SimpleImputerOptions::fill_value, "the number of strategy 'constant'"}};
  }
};

double most_frequent(const std::vector<double>& values) {
  std::map<double, int> counts;  // ascending: of equally frequent ones the smallest
  for (const double value : values) ++counts[value];
  const auto more = [](const auto& a, const auto& b) { return a.second < b.second; };
  return std::max_element(counts.begin(), counts.end(), more)->first;
}

class SimpleImputer final : public Described<Transformer, SimpleImputerOptions> {
 public:
  using Described::Described;
  bool takes_missing() const override { return true; }

  void fit_rows(const Training& training) override {
    const Matrix& x = training.x;
    check_rows(name(), x, true);
    statistics_.clear();
    kept_.clear();
    for (size_t column = 0; column < x.columns; ++column) {
      std::vector<double> values;
      for (size_t i = 0; i < x.rows; ++i) {
        if (!std::isnan(x(i, column))) values.push_back(x(i, column));
      }
      // as in scikit-learn, a column without any number goes, unless a number is given for it
      const bool kept = !values.empty() || option().strategy == "constant";
      if (kept) kept_.push_back(static_cast<double>(column));
      statistics_.push_back(kept ? statistic(values) : 0);
    }
    if (kept_.empty()) throw ArgumentError("SimpleImputer: no column holds a number");
  }

  bool fitted() const override { return !statistics_.empty(); }

  Matrix transform_rows(const Matrix& x) const override {
    check_columns(name(), x, statistics_.size(), true);
    Matrix out(x.rows, kept_.size());
    for (size_t i = 0; i < x.rows; ++i) {
      for (size_t k = 0; k < kept_.size(); ++k) {
        const auto column = static_cast<size_t>(kept_[k]);
        out(i, k) = std::isnan(x(i, column)) ? statistics_[column] : x(i, column);
      }
    }
    return out;
  }

  std::vector<std::string> columns_out(const std::vector<std::string>& columns) const override {
    std::vector<std::string> out;
    for (const double column : kept_) out.push_back(columns.at(static_cast<size_t>(column)));
    return out;
  }

  /// "statistics": what stands for missing numbers of each column; "kept": the columns that come out, counted from 0.
  State state() const override { return {{"statistics", statistics_}, {"kept", kept_}}; }

  void load_state(const State& state) override {
    statistics_ = state_numbers(name(), state, "statistics");
    kept_ = state_numbers(name(), state, "kept");
    for (const double column : kept_) state_whole(name(), column, 0, static_cast<double>(statistics_.size()) - 1);
    if (kept_.empty()) refuse_state(name());
  }

 private:
  double statistic(std::vector<double>& values) const {
    if (option().strategy == "constant") return option().fill_value;
    if (option().strategy == "median") return median(values);
    if (option().strategy == "most_frequent") return most_frequent(values);
    double mean = 0;
    for (const double value : values) mean += value / static_cast<double>(values.size());
    return mean;
  }

  std::vector<double> statistics_, kept_;
};

LUMIR_ESTIMATOR(SimpleImputer, {
                                   .summary = "Puts a column's mean, or another number, where one is missing (NaN).",
                                   .returns = "a transformer; columns without any number go",
                                   .example = "learn.SimpleImputer { strategy = 'median' }",
                                   .source = "agrees with scikit-learn's SimpleImputer",
                               });

}  // namespace
}  // namespace lumir::learn
