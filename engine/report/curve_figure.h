// Lines over one axis: training curves, a score over a setting, a feature over time.

#pragma once

#include <string>
#include <vector>

#include "report/figure.h"

namespace lumir::report {

struct Series {
  std::string name;
  std::vector<double> x;
  std::vector<double> y;                    // NaN leaves a gap
  std::vector<double> low = {}, high = {};  // a band about the line, shaded; empty for none
};

class CurveFigure final : public Figure {
 public:
  CurveFigure(std::vector<Series> series, std::string x_label, std::string y_label);
  void draw(Canvas& canvas, const Box& box, const Look& look) const override;

 private:
  std::vector<Series> series_;
  std::string x_label_;
  std::string y_label_;
};

}  // namespace lumir::report
