// See column_squares.h.

#include "learn/column_squares.h"

#include <cmath>

#include "core/error.h"
#include "learn/row_sums.h"

namespace lumir::learn {
namespace {

Matrix sums_of_squares(const Matrix& x, std::span<const double> centre, std::span<const double> weights) {
  return sums_over_rows(x.rows, 1, x.columns, [&](size_t i, Matrix& sum) {
    const double weight = weights.empty() ? 1 : weights[i];
    const double* row = x.row(i).data();
    for (size_t j = 0; j < x.columns; ++j) sum.values[j] += weight * ((row[j] - centre[j]) * (row[j] - centre[j]));
  });
}

}  // namespace

void check_squares(const std::string& who, std::span<const double> squares) {
  for (size_t column = 0; column < squares.size(); ++column) {
    if (std::isfinite(squares[column])) continue;
    throw ArgumentError(who + ": the squares of column " + std::to_string(column + 1) +
                        " are not finite; the column's numbers are too large for it");
  }
}

std::vector<double> column_squares(const std::string& who, const Matrix& x, std::span<const double> centre,
                                   std::span<const double> weights) {
  const Matrix sums = sums_of_squares(x, centre, weights);
  check_squares(who, sums.values);
  return std::vector<double>(sums.values.begin(), sums.values.end());
}

std::vector<double> column_squares(const std::string& who, const Matrix& x) {
  return column_squares(who, x, std::vector<double>(x.columns));
}

void check_column_squares(const std::string& who, const Matrix& x, std::span<const double> centre,
                          std::span<const double> weights) {
  check_squares(who, sums_of_squares(x, centre, weights).values);
}

void check_column_squares(const std::string& who, const Matrix& x) {
  check_column_squares(who, x, std::vector<double>(x.columns));
}

void check_row_squares(const std::string& who, std::span<const double> squares) {
  for (size_t row = 0; row < squares.size(); ++row) {
    if (std::isfinite(squares[row])) continue;
    throw ArgumentError(who + ": the squares of row " + std::to_string(row + 1) +
                        " are not finite; the columns' numbers are too large for it");
  }
}

}  // namespace lumir::learn
