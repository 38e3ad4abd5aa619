// A table of numbers in row-major order: what learners and metrics work on.

#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "core/numbers.h"

namespace lumir {

/// [rows, columns] of double.
struct Matrix {
  size_t rows = 0;
  size_t columns = 0;
  Numbers values;

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

/// A matrix that is written no more: copies share its numbers.
class SharedMatrix {
 public:
  /// Numbers of `owner`, row by row, who neither changes them nor lets them go: nothing is copied.
  static SharedMatrix on(const double* numbers, size_t rows, size_t columns, std::shared_ptr<const void> owner) {
    const auto matrix = std::make_shared<Matrix>();
    matrix->rows = rows;
    matrix->columns = columns;
    matrix->values = Numbers(numbers, rows * columns, std::move(owner));
    return std::shared_ptr<const Matrix>(matrix);
  }
  SharedMatrix() : SharedMatrix(Matrix()) {}
  SharedMatrix(Matrix matrix) : matrix_(std::make_shared<const Matrix>(std::move(matrix))) {}
  /// Not null.
  SharedMatrix(std::shared_ptr<const Matrix> matrix) : matrix_(std::move(matrix)) {}
  operator const Matrix&() const { return *matrix_; }
  const Matrix& operator*() const { return *matrix_; }
  const Matrix* operator->() const { return matrix_.get(); }
  double operator()(size_t row, size_t column) const { return (*matrix_)(row, column); }

 private:
  std::shared_ptr<const Matrix> matrix_;
};

/// The elements that `which` names (0-based), in that order; none of none.
template <class T>
std::vector<T> taken(std::span<const T> from, std::span<const int> which) {
  std::vector<T> out;
  if (from.empty()) return out;
  out.reserve(which.size());
  for (const int i : which) out.push_back(from[static_cast<size_t>(i)]);
  return out;
}
template <class T>
std::vector<T> taken(const std::vector<T>& from, std::span<const int> which) {
  return taken(std::span<const T>(from), which);
}

/// The mean of each column over the rows that `which` names (0-based).
inline std::vector<double> mean_of(const Matrix& matrix, std::span<const int> which) {
  std::vector<double> mean(matrix.columns);
  for (const int row : which) {
    for (size_t j = 0; j < mean.size(); ++j) mean[j] += matrix(static_cast<size_t>(row), j);
  }
  for (double& number : mean) number /= static_cast<double>(which.size());
  return mean;
}

/// The place of the largest number; of equal ones the first.
inline int first_largest(std::span<const double> numbers) {
  return static_cast<int>(std::max_element(numbers.begin(), numbers.end()) - numbers.begin());
}

}  // namespace lumir
