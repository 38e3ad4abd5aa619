// Grid search: every setting of one or several grids (learn/settings.h), in their order.

#pragma once

#include "learn/search.h"

namespace lumir::learn {

struct GridSearchOptions : SearchOptions {
  Value grid;
  static Schema schema();
};

class GridSearch final : public SearchLearner<GridSearchOptions> {
 public:
  GridSearch(const Entry& entry, const Map& options);
};

/// The option `grid` of S.
template <class S>
Option grid_option() {
  return Option{"grid", &S::grid, "options to try: lists are alternatives; one table or a list of them", Kind{"grid"},
                kArgument};
}

}  // namespace lumir::learn
