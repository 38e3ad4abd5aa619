// SelectFromModel: the columns that a classifier leans on.

#include <algorithm>
#include <cmath>
#include <numeric>

#include "learn/importances.h"
#include "learn/members.h"
#include "learn/quantiles.h"
#include "learn/selector.h"

namespace lumir::learn {
namespace {

struct SelectFromModelOptions {
  Value estimator;
  std::variant<double, std::string> threshold = "auto";
  std::optional<int> max_features;
  static Schema schema() {
    using S = SelectFromModelOptions;
    return {
        Option{"estimator", &S::estimator, "a classifier with importances or coefficients; ExtraTrees unless given",
               Kind{"estimator"}, kPlace},
        Option{"threshold", &S::threshold,
               "importance from which a column is kept: a number, 'mean', 'median', or 'none' to go by 'max_features' "
               "alone; 'auto': the mean, for weights that an l1 penalty makes 0 just above that",
               Choices{"auto", "mean", "median", "none"}, kNonNegative},
        Option{"max_features", &S::max_features, "columns to keep at most", Range{1}}};
  }
};

class SelectFromModel final : public Described<Selector, SelectFromModelOptions> {
 public:
  SelectFromModel(const Entry& entry, const Map& options)
      : Described(entry, options), one_(classifier_from("SelectFromModel", option().estimator, "ExtraTrees")) {}

  std::vector<Child> children() const override { return child_of_option(option().estimator, one_); }

  void fit_rows(const Training& training) override {
    const EstimatorPtr fitted = fresh(*one_);
    fitted->fit(training);
    std::vector<double> importances = importances_of(*fitted, name());
    const double least = least_of(importances);
    const size_t most = option().max_features ? static_cast<size_t>(*option().max_features) : importances.size();
    std::vector<int> order(importances.size()), chosen;
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
      return importances[static_cast<size_t>(a)] > importances[static_cast<size_t>(b)];
    });
    for (const int column : order) {
      if (chosen.size() < most && importances[static_cast<size_t>(column)] >= least) chosen.push_back(column);
    }
    if (chosen.empty()) throw ArgumentError("SelectFromModel: no column is as important as " + show_number(least));
    keep(std::move(importances), std::move(chosen));
  }

 protected:
  std::string score_name() const override { return "importances"; }

 private:
  double least_of(std::vector<double> importances) const {
    if (const double* given = std::get_if<double>(&option().threshold)) return *given;
    const std::string word = std::get<std::string>(option().threshold);
    if (word == "none") return -INFINITY;
    if (word == "median") return median(importances);
    const auto penalty = one_->options().find("penalty");
    if (word == "auto" && penalty != one_->options().end() && penalty->second == Value("l1")) return 1e-5;
    return std::accumulate(importances.begin(), importances.end(), 0.0) / static_cast<double>(importances.size());
  }

  EstimatorPtr one_;
};

LUMIR_ESTIMATOR(SelectFromModel, {
                                     .summary = "Keeps the columns that a classifier leans on.",
                                     .returns = "a transformer; the kept columns come out",
                                     .example = "learn.SelectFromModel(learn.LinearSVC { penalty = 'l1' })",
                                     .source = "agrees with scikit-learn's SelectFromModel",
                                 });

}  // namespace
}  // namespace lumir::learn
