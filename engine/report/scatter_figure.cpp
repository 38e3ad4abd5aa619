// Drawing classes of points: a distance across is the same distance down; the legend stands outside.

#include "report/scatter_figure.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "core/error.h"
#include "report/axis.h"

namespace lumir::report {
namespace {

/// Wider limits about the same middle.
void widen(Axis& axis, double span) {
  const double middle = (axis.low + axis.high) / 2;
  axis.low = middle - span / 2;
  axis.high = middle + span / 2;
}

}  // namespace

void check_points(const Matrix& points, size_t columns, const std::vector<int>& which) {
  if (points.columns != columns) {
    throw ArgumentError("scatter: 'points' has " + std::to_string(points.columns) + " columns, must have " +
                        std::to_string(columns));
  }
  if (which.size() != points.rows) {
    throw ArgumentError("scatter: " + std::to_string(points.rows) + " points but " + std::to_string(which.size()) +
                        " labels");
  }
}

std::vector<double> column_of(const Matrix& points, size_t column) {
  std::vector<double> values;
  for (size_t row = 0; row < points.rows; ++row) values.push_back(points(row, column));
  return values;
}

std::vector<LegendEntry> legend_of(const std::vector<int>& which, const std::vector<std::string>& classes) {
  std::vector<bool> present(classes.size(), false);
  for (const int one : which) present[static_cast<size_t>(one)] = true;
  std::vector<LegendEntry> entries;
  for (size_t i = 0; i < classes.size(); ++i) {
    const ClassLook way = class_look(i);
    if (present[i]) entries.push_back({classes[i], way.colour, way.marker, {}, false});
  }
  return entries;
}

double marker_size(size_t points, const Look& look) {
  const double crowd = std::sqrt(std::max(1.0, static_cast<double>(points) / 400));
  return std::max(look.marker * 0.45, look.marker / crowd);
}

ScatterFigure::ScatterFigure(Matrix points, std::vector<int> which, std::vector<std::string> classes, std::string label)
    : points_(std::move(points)), which_(std::move(which)), classes_(std::move(classes)), label_(std::move(label)) {
  check_points(points_, 2, which_);
}

Size ScatterFigure::size(Medium medium) const { return medium == Medium::slide ? Size{960, 540} : Size{245, 180}; }

void ScatterFigure::draw(Canvas& canvas, const Box& box, const Look& look) const {
  const auto entries = legend_of(which_, classes_);
  Axis x{x_label, 0, 1}, y{y_label, 0, 1};
  std::tie(x.low, x.high) = limits_of(column_of(points_, 0), 0.05);
  std::tie(y.low, y.high) = limits_of(column_of(points_, 1), 0.05);

  // the frame has the form of the cloud, at least nearly: frame and legend then stand in the middle of the box
  double legend = 0;
  (void)texts_of([&](Canvas& trial) { legend = box.width - draw_legend(trial, box, label_, entries, look).width; });
  const double across = look.text * 5, down = look.text * 3.5;  // what axes and their labels take
  const double form = std::clamp((x.high - x.low) / (y.high - y.low), 1.0, 1.7);
  const double width = std::min(box.width, (box.height - down) * form + across + legend);
  const Box whole{box.x + (box.width - width) / 2, box.y, width, box.height};
  const Box left = draw_legend(canvas, whole, label_, entries, look);

  // equal scales: the narrower direction gets more room
  const double aspect = std::max(0.2, (left.width - across) / (left.height - down));
  const double span = std::max((x.high - x.low) / aspect, y.high - y.low);
  widen(x, span * aspect);
  widen(y, span);
  const Frame frame = draw_axes(canvas, left, x, y, look);
  const double size = marker_size(points_.rows, look);
  for (size_t row = 0; row < points_.rows; ++row) {
    if (!std::isfinite(points_(row, 0)) || !std::isfinite(points_(row, 1))) continue;
    const ClassLook way = class_look(static_cast<size_t>(which_[row]));
    canvas.marker({frame.x(points_(row, 0)), frame.y(points_(row, 1))}, way.marker, size, way.colour);
  }
}

}  // namespace lumir::report
