// A table of weights times a block: few rows out of many, for cosine transforms and chroma.

#pragma once

#include <vector>

#include "signal/blocks.h"

namespace lumir::signal {

/// [rows, columns], kept column after column so that a column's weights lie side by side.
class Weights {
 public:
  Weights(int rows, int columns) : rows_(rows), columns_(columns) {
    values_.assign(static_cast<size_t>(rows) * static_cast<size_t>(columns), 0.0f);
  }
  int rows() const { return rows_; }
  int columns() const { return columns_; }
  float& operator()(int row, int column) {
    return values_[static_cast<size_t>(column) * static_cast<size_t>(rows_) + static_cast<size_t>(row)];
  }
  const float* column(int i) const { return values_.data() + static_cast<size_t>(i) * static_cast<size_t>(rows_); }

 private:
  int rows_;
  int columns_;
  std::vector<float> values_;
};

namespace detail {

/// `Count` rows from `first` on, their sums in registers.
template <int Count>
void multiply_rows(const Weights& weights, const FrameBlock& block, int first, Rows out) {
  Lanes sums[Count] = {};
  for (int column = 0; column < weights.columns(); ++column) {
    const Lanes value = block[column];
    const float* weight = weights.column(column) + first;
    for (int i = 0; i < Count; ++i) sums[i] += weight[i] * value;
  }
  for (int i = 0; i < Count; ++i) out[first + i] = sums[i];
}

}  // namespace detail

/// out = weights x block.
inline void multiply(const Weights& weights, const FrameBlock& block, Rows out) {
  int row = 0;
  for (; row + 12 <= weights.rows(); row += 12) detail::multiply_rows<12>(weights, block, row, out);
  for (; row + 4 <= weights.rows(); row += 4) detail::multiply_rows<4>(weights, block, row, out);
  for (; row < weights.rows(); ++row) detail::multiply_rows<1>(weights, block, row, out);
}

}  // namespace lumir::signal
