// Names and a number for each as lying bars: importances of columns, rows of each class.

#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "report/bar_figure.h"
#include "report/figure.h"

namespace lumir::report {

class NamedBarsFigure final : public Figure {
 public:
  /// In this order from the top; numbers below 0 go to the left.
  explicit NamedBarsFigure(std::vector<std::pair<std::string, double>> bars, std::string x_label = "");
  std::vector<Bar> whiskers = {};   // the limits of each number; empty for none
  std::optional<double> line = {};  // dashed, upright: what all numbers are to be compared with
  void draw(Canvas& canvas, const Box& box, const Look& look) const override;
  Size size(Medium medium) const override;

 private:
  std::vector<std::pair<std::string, double>> bars_;
  std::string x_label_;
};

}  // namespace lumir::report
