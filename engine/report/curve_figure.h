// Lines over one axis: training curves, a score over a setting, a feature over time.

#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "report/axis.h"
#include "report/figure.h"

namespace lumir::report {

struct Series {
  std::string name;
  std::vector<double> x;
  std::vector<double> y;                    // NaN leaves a gap
  std::vector<double> low = {}, high = {};  // a band about the line, shaded; empty for none
  bool guide = false;                       // what the others are held against: grey and dashed, no points
};

class CurveFigure final : public Figure {
 public:
  CurveFigure(std::vector<Series> series, std::string x_label, std::string y_label);
  std::optional<std::pair<double, double>> x_limits = {}, y_limits = {};  // what is shown; all of it where not given
  bool legend = true;                                                     // of several lines
  bool points = false;                                                    // a disc where each number is known
  std::vector<Tick> x_ticks;                                              // in place of round numbers
  std::optional<double> chance = {};                                      // a dashed line, called so
  void draw(Canvas& canvas, const Box& box, const Look& look) const override;

 private:
  std::vector<Series> series_;
  std::string x_label_;
  std::string y_label_;
};

}  // namespace lumir::report
