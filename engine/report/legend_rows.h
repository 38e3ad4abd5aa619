// A legend in rows: above or below what it explains, where a column beside it would take too much of the width.

#pragma once

#include "report/axis.h"

namespace lumir::report {

/// Entries in as many rows as they need at the top of the box; returns what is left for the data. Nothing for none.
Box draw_legend_rows(Canvas& canvas, const Box& box, const std::vector<LegendEntry>& entries, const Look& look);

}  // namespace lumir::report
