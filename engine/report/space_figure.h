// Points of a space by class, turned so that the classes lie apart: t-SNE, principal components in three dimensions.

#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "core/matrix.h"
#include "report/figure.h"

namespace lumir::report {

/// Where a space is looked at from, in degrees: turned about its third axis, then tilted towards the viewer.
struct View {
  double azimuth = 0;
  double elevation = 30;
};
/// The view, never along an axis nor from the top, in whose plane the classes lie farthest apart in units of
/// their own spread; with fewer than two classes the one in which the points spread most. `points` is [rows, 3].
View good_view(const Matrix& points, const std::vector<int>& which);

class SpaceFigure final : public Figure {
 public:
  /// `points` is [rows, 3]; `which` has each row's class from 0 in the run's list of classes, which fixes its colour.
  SpaceFigure(Matrix points, std::vector<int> which, std::vector<std::string> classes, std::string label);
  /// All scales are equal.
  std::array<std::string, 3> labels{"dimension 1", "dimension 2", "dimension 3"};
  void draw(Canvas& canvas, const Box& box, const Look& look) const override;

 private:
  Matrix points_;
  std::vector<int> which_;
  std::vector<std::string> classes_;
  std::string label_;
};

/// A ScatterFigure of [rows, 2], a SpaceFigure of [rows, 3]; `labels` are those of the axes. Throws ArgumentError for
/// other points.
std::shared_ptr<Figure> cloud_figure(const Matrix& points, const std::vector<int>& which,
                                     const std::vector<std::string>& classes, const std::string& label,
                                     const std::array<std::string, 3>& labels);

}  // namespace lumir::report
