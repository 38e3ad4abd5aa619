// SelectPercentile: a share of the columns, those that say most of the classes.

#include <algorithm>
#include <cmath>
#include <limits>

#include "learn/column_scores.h"
#include "learn/quantiles.h"
#include "learn/selector.h"

namespace lumir::learn {
namespace {

struct SelectPercentileOptions : ColumnScoreOptions {
  double percentile = 10;
  static Schema schema() {
    return column_score_schema<SelectPercentileOptions>(
        {Option{"percentile", &SelectPercentileOptions::percentile, "share of the columns to keep", Unit{"percent"},
                Range{above(0), 100}}});
  }
};

class SelectPercentile final : public Described<Selector, SelectPercentileOptions> {
 public:
  using Described::Described;

  /// As scikit-learn: all above the percentile, and of those equal to it as many, from the first, as the share has
  /// room for.
  void fit_rows(const Training& training) override {
    std::vector<double> scores = column_scores(name(), training, option());
    std::vector<double> ranks = scores;
    for (double& score : ranks) score = std::isnan(score) ? std::numeric_limits<double>::lowest() : score;
    std::vector<double> reordered = ranks;
    const double border = percentile(reordered, 100 - option().percentile);
    const bool all = option().percentile == 100;
    const auto room = static_cast<size_t>(static_cast<double>(ranks.size()) * option().percentile / 100);
    std::vector<int> chosen;
    for (size_t j = 0; j < ranks.size(); ++j) {
      if (all || ranks[j] > border) chosen.push_back(static_cast<int>(j));
    }
    for (size_t j = 0; j < ranks.size() && chosen.size() < room; ++j) {
      if (ranks[j] == border) chosen.push_back(static_cast<int>(j));
    }
    if (chosen.empty()) chosen = highest_columns(scores, 1);
    keep(std::move(scores), std::move(chosen));
  }
};

LUMIR_ESTIMATOR(SelectPercentile, {
                                      .summary = "Keeps a share of the columns, those that say most of the classes.",
                                      .returns = "a transformer; the kept columns come out, at least one",
                                      .example = "learn.SelectPercentile { percentile = 50 }",
                                      .source = "agrees with scikit-learn's SelectPercentile",
                                  });

}  // namespace
}  // namespace lumir::learn
