// Points of a plane by class: t-SNE, principal components.

#pragma once

#include <string>
#include <vector>

#include "core/matrix.h"
#include "report/axis.h"
#include "report/figure.h"

namespace lumir::report {

// what clouds of points share, in a plane or in a space

/// Throws ArgumentError where points have not that many columns, or not each one has a class.
void check_points(const Matrix& points, size_t columns, const std::vector<int>& which);
std::vector<double> column_of(const Matrix& points, size_t column);
/// The classes that have points.
std::vector<LegendEntry> legend_of(const std::vector<int>& which, const std::vector<std::string>& classes);
/// Smaller where there are many.
double marker_size(size_t points, const Look& look);

class ScatterFigure final : public Figure {
 public:
  /// `points` is [rows, 2]; `which` has each row's class from 0 in the run's list of classes, which fixes its colour.
  ScatterFigure(Matrix points, std::vector<int> which, std::vector<std::string> classes, std::string label);
  /// "t-SNE 1 (no unit)"; both scales are equal.
  std::string x_label = "dimension 1 (no unit)";
  std::string y_label = "dimension 2 (no unit)";
  void draw(Canvas& canvas, const Box& box, const Look& look) const override;
  Size size(Medium medium) const override;

 private:
  Matrix points_;
  std::vector<int> which_;
  std::vector<std::string> classes_;
  std::string label_;
};

}  // namespace lumir::report
