// Pictures of what a table or a model tells in rows.

#pragma once

#include "core/value.h"
#include "report/figure.h"

namespace lumir::lua {

/// Of rows { column, importance }, as :importances() gives them; null for other rows.
report::FigurePtr importances_figure(const Value& rows);

}  // namespace lumir::lua
