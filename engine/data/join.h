// Two tables about the same things, side by side.

#pragma once

#include <string>

#include "core/schema.h"
#include "data/table.h"

namespace lumir::data {

struct JoinOptions {
  std::string how = "inner";
  std::string prefix = "";
  static Schema schema();
};

/// The rows of `left`, in their order, with the columns of the row of `right` that has the same id behind them. What has
/// no partner is left out ("inner", told) or has NaN there ("left"). Throws ArgumentError where a table has no ids, an id
/// stands twice in `right`, a column has the same name in both, or no row has a partner.
Table join(const Table& left, const Table& right, const JoinOptions& options);

}  // namespace lumir::data
