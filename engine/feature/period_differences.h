// The difference function of YIN for kLanes frames at once.

#pragma once

#include <memory>

#include "feature/plan/terms.h"
#include "signal/blocks.h"

namespace lumir::feature {

/// What one setting needs; made by the level that uses it.
struct PeriodTables;
std::shared_ptr<const PeriodTables> make_period_tables(int frame_length, int shortest, int longest);
/// Doubles of scratch.
size_t period_scratch(const PeriodTables& tables);

/// Row i of out: the normalised difference at a period of shortest + i samples, of kLanes
/// frames; a null one is silence.
void period_differences(const PeriodTables& tables, const float* const* frames, double* scratch, Rows out);

}  // namespace lumir::feature
