// Classifiers that draw straight borders: what they have learnt is one weight for each class and column.

#pragma once

#include <vector>

#include "learn/present_classes.h"

namespace lumir::learn {

/// scikit-learn's coef_ and intercept_: one line for each class, or a single one where there are two.
struct LinearBorders {
  Matrix coef;                    // [classes or 1, columns]
  std::vector<double> intercept;  // [classes or 1]

  /// [rows, classes or 1].
  Matrix decisions(const Matrix& x) const;
};

/// Of two classes' one line: [rows, 2], the one the other's negative.
Matrix both_sides(const Matrix& decisions);

class LinearClassifier : public PresentClassifier {
 public:
  ScoreKind score_kind() const override { return ScoreKind::decisions; }

 protected:
  using PresentClassifier::PresentClassifier;
  Matrix score_present(const Matrix& x) const override;
  /// "coef" and "intercept".
  State state_present() const override;
  size_t load_present(const State& state) override;

  LinearBorders borders_;
};

}  // namespace lumir::learn
