// SelectKBest: the columns that say most of the classes.

#include "learn/column_scores.h"
#include "learn/selector.h"

namespace lumir::learn {
namespace {

struct SelectKBestOptions : ColumnScoreOptions {
  std::variant<int, std::string> k = 10;
  static Schema schema() {
    return column_score_schema<SelectKBestOptions>(
        {Option{"k", &SelectKBestOptions::k, "columns to keep", Choices{"all"}, Range{1}}});
  }
};

class SelectKBest final : public Described<Selector, SelectKBestOptions> {
 public:
  using Described::Described;

  void fit_rows(const Training& training) override {
    const size_t columns = training.x.columns;
    std::vector<double> scores = column_scores(name(), training, option());
    const int* k = std::get_if<int>(&option().k);
    if (k && static_cast<size_t>(*k) > columns) {
      throw ArgumentError("SelectKBest: 'k' = " + std::to_string(*k) + " is more than the " + std::to_string(columns) +
                          " columns");
    }
    std::vector<int> chosen = highest_columns(scores, k ? static_cast<size_t>(*k) : columns);
    keep(std::move(scores), std::move(chosen));
  }

 protected:
  /// F values had a name of their own when there was nothing else.
  std::string score_name() const override { return option().score_func == "f_classif" ? "f_values" : "scores"; }
};

LUMIR_ESTIMATOR(
    SelectKBest,
    {
        .summary = "Keeps the k columns that say most of the classes (F of an analysis of variance, chi-square "
                   "or mutual information).",
        .returns = "a transformer; [rows, k] come out",
        .example = "learn.SelectKBest { k = 100 }",
        .source = "agrees with scikit-learn's SelectKBest",
    });

}  // namespace
}  // namespace lumir::learn
