// Columns moved and stretched.

#include "learn/scaler.h"

#include "core/parallel.h"

namespace lumir::learn {

void Scaler::fit(const Training& training) {
  const Matrix& x = training.x;
  if (x.rows == 0 || x.columns == 0) throw ArgumentError(name() + ": needs at least one row and one column");
  check_finite(name(), x);
  std::vector<double> center(x.columns), scale(x.columns);
  parallel_for(x.columns, [&](size_t column) {
    std::vector<double> values(x.rows);
    for (size_t i = 0; i < x.rows; ++i) values[i] = x(i, column);
    const Measures measures = measure(values);
    center[column] = measures.center;
    scale[column] = measures.scale;
  });
  center_ = std::move(center);
  scale_ = std::move(scale);
}

Matrix Scaler::transform(const Matrix& x) const {
  check_columns(name(), x, scale_.size());
  Matrix out(x.rows, x.columns);
  for (size_t i = 0; i < x.rows; ++i) {
    const auto from = x.row(i);
    const auto to = out.row(i);
    for (size_t j = 0; j < x.columns; ++j) to[j] = (from[j] - center_[j]) / scale_[j];
  }
  return out;
}

State Scaler::state() const { return {{"center", to_array(center_)}, {"scale", to_array(scale_)}}; }

void Scaler::load(const State& state) {
  center_ = state_array(name(), state, "center", 1).values;
  scale_ = state_array(name(), state, "scale", 1).values;
  if (center_.size() != scale_.size()) throw Error(name() + ": 'center' and 'scale' of the model differ in length");
}

}  // namespace lumir::learn
