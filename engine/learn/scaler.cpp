// Columns moved and stretched.

#include "learn/scaler.h"

#include "core/parallel.h"

namespace lumir::learn {

void Scaler::fit_rows(const Training& training) {
  const Matrix& x = training.x;
  check_rows(name(), x);
  check_weights(name(), training);
  std::vector<double> center(x.columns), scale(x.columns);
  parallel_for(x.columns, [&](size_t column) {
    std::vector<double> values(x.rows);
    for (size_t i = 0; i < x.rows; ++i) values[i] = x(i, column);
    const Measures measures = measure(values, training.weights);
    center[column] = measures.center;
    scale[column] = measures.scale;
  });
  center_ = std::move(center);
  scale_ = std::move(scale);
}

Matrix Scaler::transform_rows(const Matrix& x) const {
  check_columns(name(), x, scale_.size());
  Matrix out(x.rows, x.columns);
  for (size_t i = 0; i < x.rows; ++i) {
    const auto from = x.row(i);
    const auto to = out.row(i);
    for (size_t j = 0; j < x.columns; ++j) to[j] = (from[j] - center_[j]) / scale_[j];
  }
  return out;
}

State Scaler::state() const { return {{"center", center_}, {"scale", scale_}}; }

void Scaler::load_state(const State& state) {
  center_ = state_numbers(name(), state, "center");
  scale_ = state_numbers(name(), state, "scale");
  if (center_.size() != scale_.size()) throw Error(name() + ": 'center' and 'scale' of the model differ in length");
}

}  // namespace lumir::learn
