// Rows less a centre, each column times its stretch, and behind them a column of one number, as they are asked for: who
// goes over many rows by blocks needs no second matrix of all.

#pragma once

#include <span>
#include <utility>
#include <vector>

#include "core/matrix.h"

namespace lumir::learn {

class StretchedRows {
 public:
  /// The rows as they are.
  StretchedRows(const Matrix& x) : x_(x) {}
  /// `last` is the number of a column behind theirs; that one is there where `stretch` has a number for it.
  StretchedRows(const Matrix& x, std::vector<double> centre, std::vector<double> stretch, double last)
      : x_(x), centre_(std::move(centre)), stretch_(std::move(stretch)), last_(last) {}

  size_t rows() const { return x_.rows; }
  size_t columns() const { return stretch_.empty() ? x_.columns : stretch_.size(); }
  /// How many numbers a block of so many rows takes.
  size_t room(size_t n) const { return stretch_.empty() ? 0 : n * columns(); }

  /// Rows from `begin` on, one after the other: where they lie, else in `room`.
  const double* block(size_t begin, size_t n, double* room) const {
    if (stretch_.empty()) return x_.row(begin).data();
    for (size_t i = 0; i < n; ++i) write(begin + i, room + i * columns());
    return room;
  }

  /// The rows that `which` names (0-based), in that order.
  Matrix take(std::span<const int> which) const {
    if (stretch_.empty()) return x_.take(which);
    Matrix out(which.size(), columns());
    for (size_t i = 0; i < which.size(); ++i) write(static_cast<size_t>(which[i]), out.row(i).data());
    return out;
  }

 private:
  void write(size_t row, double* to) const;

  const Matrix& x_;
  std::vector<double> centre_, stretch_;  // none: the rows as they are
  double last_ = 0;
};

}  // namespace lumir::learn
