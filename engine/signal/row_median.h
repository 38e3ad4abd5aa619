// Medians over rows that lie anywhere: of frames that repeat each other, for REPET.

#pragma once

namespace lumir::signal {

/// out[c] = numpy's median of rows[0][c] ... rows[count - 1][c] for c < columns: of an even count the mean of the two
/// in the middle. All numbers are finite and at least 0; there is at least one row.
void row_medians(const float* const* rows, long count, long columns, float* out);

}  // namespace lumir::signal
