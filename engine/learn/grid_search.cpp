// GridSearch: all candidates in all rounds.

#include "learn/grid_search.h"

#include "learn/settings.h"

namespace lumir::learn {

Schema GridSearchOptions::schema() { return search_schema<GridSearchOptions>(grid_option<GridSearchOptions>()); }

GridSearch::GridSearch(const Entry& entry, const Map& options) : SearchLearner(entry, options) {
  begin();
  for (const Map& setting : settings_of_grid(name(), option().grid)) add_candidate(setting);
}

namespace {
LUMIR_ESTIMATOR(
    GridSearch,
    {
        .summary = "Tries every setting of one or several grids by cross-validation and fits the best on all rows.",
        .returns = "a classifier or a regressor: the best setting, refitted",
        .example = "learn.GridSearch(learn.SVC(), { C = { 1, 10 } }, { folds = 5 })",
        .source = "scikit-learn's GridSearchCV",
    });
}  // namespace

}  // namespace lumir::learn
