// Names and a number for each as lying bars: importances of columns, rows of each class.

#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "report/bar_figure.h"
#include "report/figure.h"

namespace lumir::report {

/// On an axis from 0 to a round number, or from 0 to 1 where the numbers are shares; each number stands at the right.
class NamedBarsFigure final : public Figure {
 public:
  /// In this order from the top; numbers below 0 go to the left.
  explicit NamedBarsFigure(std::vector<std::pair<std::string, double>> bars, std::string x_label = "");
  std::vector<Bar> whiskers = {};   // the limits of each number; empty for none
  bool shares = false;              // of a whole, or scores from 0 to 1
  std::optional<double> line = {};  // dashed, upright: what all numbers are to be compared with
  void draw(Canvas& canvas, const Box& box, const Look& look) const override;
  Size size(Medium medium) const override;

 private:
  /// What the axis must hold.
  std::pair<double, double> limits() const;

  std::vector<std::pair<std::string, double>> bars_;
  std::string x_label_;
};

}  // namespace lumir::report
