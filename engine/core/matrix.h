// A table of numbers in row-major order: what learners and metrics work on.

#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace lumir {

/// [rows, columns] of double.
struct Matrix {
  size_t rows = 0;
  size_t columns = 0;
  std::vector<double> values;

  Matrix() = default;
  Matrix(size_t n_rows, size_t n_columns, double fill = 0)
      : rows(n_rows), columns(n_columns), values(n_rows * n_columns, fill) {}

  double& operator()(size_t row, size_t column) { return values[row * columns + column]; }
  double operator()(size_t row, size_t column) const { return values[row * columns + column]; }
  std::span<double> row(size_t i) { return {values.data() + i * columns, columns}; }
  std::span<const double> row(size_t i) const { return {values.data() + i * columns, columns}; }

  /// The rows that `which` names (0-based), in that order.
  Matrix take(std::span<const int> which) const {
    Matrix out(which.size(), columns);
    for (size_t i = 0; i < which.size(); ++i) {
      const auto from = row(static_cast<size_t>(which[i]));
      std::copy(from.begin(), from.end(), out.row(i).begin());
    }
    return out;
  }
};

/// The place of the largest number; of equal ones the first.
inline int first_largest(std::span<const double> numbers) {
  return static_cast<int>(std::max_element(numbers.begin(), numbers.end()) - numbers.begin());
}

}  // namespace lumir
