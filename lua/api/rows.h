// Rows of tables as arguments.

#pragma once

#include "bind/bind.h"
#include "data/table.h"

namespace lumir::lua {

/// Whether a table of Lua has a word for a key: options or fields, not a list.
bool has_words(Call& call, int i);

/// Whether argument i is rows of numbers, with labels behind them: a Tensor, or a list of rows.
bool are_rows(Call& call, int i);

/// The argument as a table: what the data module made, one written by hand, or rows with labels behind them. So many
/// arguments as `more` may follow.
data::Table table_at(Call& call, int i, int more = 0);

/// Argument i as a described table: a Table, a Dataset, which is described now, or one written by hand.
data::Table described_at(Call& call, int i, const char* name);

}  // namespace lumir::lua
