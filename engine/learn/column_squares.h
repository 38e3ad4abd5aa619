// The squares of columns and rows, which are no numbers where those of columns are too large.

#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/matrix.h"

namespace lumir::learn {

/// Throws ArgumentError, begun by `who`, that names the first column whose sum of squares is not finite.
void check_squares(const std::string& who, std::span<const double> squares);
/// The sum over rows of what each column is off its `centre`, squared and times the row's weight (1 where `weights` is
/// empty). Throws as check_squares does.
[[nodiscard]] std::vector<double> column_squares(const std::string& who, const Matrix& x,
                                                 std::span<const double> centre, std::span<const double> weights = {});
/// The same of the numbers themselves.
[[nodiscard]] std::vector<double> column_squares(const std::string& who, const Matrix& x);
/// Throws as column_squares does, for who needs no sums.
void check_column_squares(const std::string& who, const Matrix& x, std::span<const double> centre,
                          std::span<const double> weights = {});
void check_column_squares(const std::string& who, const Matrix& x);
/// Throws ArgumentError, begun by `who`, that names the first row whose squared length is not finite.
void check_row_squares(const std::string& who, std::span<const double> squares);

}  // namespace lumir::learn
