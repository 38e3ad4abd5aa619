// The confusion matrix of one model: who was taken for whom.

#pragma once

#include <string>
#include <vector>

#include "core/matrix.h"
#include "report/figure.h"

namespace lumir::report {

struct ConfusionOptions {
  bool percent = false;        // of the row, in place of counts
  bool by_similarity = false;  // classes that are confused stand beside each other; else as given
};

class ConfusionFigure final : public Figure {
 public:
  /// `counts` is [true class, predicted class].
  ConfusionFigure(Matrix counts, std::vector<std::string> classes, std::string label, ConfusionOptions options);
  void draw(Canvas& canvas, const Box& box, const Look& look) const override;
  Size size(Medium medium) const override;

 private:
  Matrix counts_;
  std::vector<std::string> classes_;
  std::string label_;
  ConfusionOptions options_;
};

/// Counts as percent of their rows; 0 in a row without any.
Matrix shares_of_rows(const Matrix& counts);
/// An order of classes in which those that are confused with each other are neighbours: average linkage on the shares
/// of confusion, with the branches turned so that near ends meet.
std::vector<int> order_by_similarity(const Matrix& counts);

}  // namespace lumir::report
