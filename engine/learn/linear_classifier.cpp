// Straight borders.

#include "learn/linear_classifier.h"

#include "tensor/linear_algebra.h"

namespace lumir::learn {

Matrix LinearBorders::decisions(const Matrix& x) const {
  Matrix out = tensor::multiply_transposed(x, coef);
  for (size_t i = 0; i < out.rows; ++i) {
    for (size_t c = 0; c < out.columns; ++c) out(i, c) += intercept[c];
  }
  return out;
}

Matrix both_sides(const Matrix& decisions) {
  if (decisions.columns != 1) return decisions;
  Matrix out(decisions.rows, 2);
  for (size_t i = 0; i < out.rows; ++i) {
    out(i, 0) = -decisions(i, 0);
    out(i, 1) = decisions(i, 0);
  }
  return out;
}

Matrix LinearClassifier::score_present(const Matrix& x) const { return both_sides(borders_.decisions(x)); }

State LinearClassifier::state_present() const {
  return {{"coef", to_array(borders_.coef)}, {"intercept", borders_.intercept}};
}

size_t LinearClassifier::load_present(const State& state) {
  borders_.coef = state_matrix(name(), state, "coef");
  borders_.intercept = state_numbers(name(), state, "intercept");
  const size_t lines = classes().count() == 2 ? 1 : classes().count();
  if (borders_.coef.rows != lines || borders_.intercept.size() != lines) refuse_state(name());
  return borders_.coef.columns;
}

}  // namespace lumir::learn
