// Many rows times few borders and back, in one pass: rows are read from memory once, and a block of them stays in the
// cache between its decisions and the sum of its slopes.

#pragma once

#include <functional>
#include <span>

#include "core/matrix.h"
#include "learn/stretched_rows.h"

namespace lumir::learn {

/// Of a row's decisions, one for each border: its loss; puts the slopes in their place.
using RowLoss = std::function<double(size_t row, std::span<double> decisions)>;

/// The sum of loss(row, x · bordersᵀ of that row) over all rows; `slopes`, [borders, columns], becomes the sum of
/// each row times what the loss left in place of its decisions. Threads do not change the result.
double sum_losses(const StretchedRows& x, const Matrix& borders, const RowLoss& loss, Matrix& slopes);

/// x · bordersᵀ: [rows, borders].
Matrix decisions_of(const StretchedRows& x, const Matrix& borders);

}  // namespace lumir::learn
