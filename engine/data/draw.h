// Drawing among the rows of a dataset or a table: fewer of them, or their labels anew.

#pragma once

#include <optional>
#include <string>

#include "core/schema.h"
#include "data/dataset.h"
#include "data/table.h"

namespace lumir::data {

struct DrawOptions {
  int n = 1;
  std::string per = "";                    // so many of each genre, say; empty: of all
  std::optional<int> seed = std::nullopt;  // none: the seed of lumir.seed
  static Schema schema();
};

/// At most so many rows at random of each value of a column (or of all), in their order.
Dataset draw(const Dataset& songs, const DrawOptions& options);
Table draw(const Table& table, const DrawOptions& options);

struct ShuffleOptions {
  std::optional<int> seed = std::nullopt;  // none: the seed of lumir.seed
  static Schema schema();
};

/// The same rows with their labels dealt out by chance among them.
Dataset shuffle_labels(const Dataset& songs, const ShuffleOptions& options);

}  // namespace lumir::data
