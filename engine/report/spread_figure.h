// How the numbers of several groups are spread: a box or a violin for each, on one axis.

#pragma once

#include <string>
#include <vector>

#include "report/figure.h"

namespace lumir::report {

struct Group {
  std::string name;
  std::vector<double> values;  // NaN are left out
};

/// What a box shows; quantiles between two numbers lie on the line between them, as numpy's.
struct Quartiles {
  double low = 0;  // the furthest numbers within 1.5 times the distance of the quartiles
  double first = 0;
  double median = 0;
  double third = 0;
  double high = 0;
  std::vector<double> beyond;  // all others
};
/// Of one number or more, all finite.
Quartiles quartiles_of(std::vector<double> values);
/// The density of the values at `places`, a sum of Gaussians by Scott's rule (scipy's gaussian_kde). Values that are all
/// the same have none: all 0.
std::vector<double> density_of(const std::vector<double>& values, const std::vector<double>& places);

class SpreadFigure final : public Figure {
 public:
  enum class Form { box, violin };
  /// Throws ArgumentError where no group has a number.
  SpreadFigure(std::vector<Group> groups, std::string x_label, Form form);
  void draw(Canvas& canvas, const Box& box, const Look& look) const override;
  Size size(Medium medium) const override;

 private:
  std::vector<Group> groups_;  // their finite numbers
  std::string x_label_;
  Form form_;
};

}  // namespace lumir::report
