// Comparison of models: bars with 95 % intervals, training beside validation.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/axis.h"
#include "report/figure.h"

namespace lumir::report {

/// A score as a bar; limits are whiskers.
struct Bar {
  double value = 0;
  double low = 0;
  double high = 0;
};

/// From the lower limit to the upper one at height `y`; nothing where they are equal.
void draw_whisker(Canvas& canvas, const Scale& scale, const Bar& bar, double y, double half, const Look& look);

/// One model's bars of one measure.
struct BarRow {
  std::string name;
  Bar valid;
  std::optional<Bar> train;
};

/// One measure: a panel of its own, on a scale from 0 to 1, or wider where a measure has no such limits.
struct BarPanel {
  std::string title;             // "top-1"
  std::vector<BarRow> rows;      // the same models in every panel
  std::optional<double> chance;  // a dashed line
};

/// Lying bars, so that names of any length stand in one column and numbers in another.
class BarFigure final : public Figure {
 public:
  explicit BarFigure(std::vector<BarPanel> panels) : panels_(std::move(panels)) {}
  void draw(Canvas& canvas, const Box& box, const Look& look) const override;
  Size size(Medium medium) const override;

 private:
  std::vector<BarPanel> panels_;
};

}  // namespace lumir::report
