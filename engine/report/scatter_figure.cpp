// Drawing classes of points: a distance across is the same distance down; the legend stands outside.

#include "report/scatter_figure.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>
#include <tuple>

#include "core/error.h"
#include "report/axis.h"

namespace lumir::report {
namespace {

constexpr size_t kMostInLegend = 24;  // names beside the picture; more stand at their points

/// Wider limits about the same middle.
void widen(Axis& axis, double span) {
  const double middle = (axis.low + axis.high) / 2;
  axis.low = middle - span / 2;
  axis.high = middle + span / 2;
}

/// The middle of each class's points, by the median in either direction; NaN where there are none.
std::vector<Point> middles_of(const Matrix& points, const std::vector<int>& which, size_t classes) {
  std::vector<std::array<std::vector<double>, 2>> places(classes);
  for (size_t row = 0; row < points.rows; ++row) {
    if (!std::isfinite(points(row, 0)) || !std::isfinite(points(row, 1))) continue;
    for (size_t axis = 0; axis < 2; ++axis) places[static_cast<size_t>(which[row])][axis].push_back(points(row, axis));
  }
  std::vector<Point> middles;
  for (auto& [x, y] : places) {
    const auto median = [](std::vector<double>& values) {
      if (values.empty()) return std::nan("");
      std::nth_element(values.begin(), values.begin() + static_cast<long>(values.size() / 2), values.end());
      return values[values.size() / 2];
    };
    middles.push_back({median(x), median(y)});
  }
  return middles;
}

bool meet(const Box& a, const Box& b) {
  return a.x < b.right() && b.x < a.right() && a.y < b.bottom() && b.y < a.bottom();
}

/// Where a label of that size finds room: about its place, further away where others stand; nothing where they stand
/// everywhere.
std::optional<Box> room_for(const Size& label, const Point& at, const Box& plot, const std::vector<Box>& taken) {
  for (const double away : {0.0, 1.0, 2.0, 3.0, 4.5}) {
    for (int turn = 0; turn < (away > 0 ? 8 : 1); ++turn) {
      const double angle = turn * std::numbers::pi / 4 - std::numbers::pi / 2;
      const Box box{at.x - label.width / 2 + away * label.height * 1.6 * std::cos(angle),
                    at.y - label.height / 2 + away * label.height * std::sin(angle), label.width, label.height};
      const bool inside =
          box.x >= plot.x && box.right() <= plot.right() && box.y >= plot.y && box.bottom() <= plot.bottom();
      const auto is_free = [&](const Box& other) { return !meet(box, other); };
      if (inside && std::all_of(taken.begin(), taken.end(), is_free)) return box;
    }
  }
  return std::nullopt;
}

/// Of classes too many for a legend: each name at its points, as far as there is room.
void draw_names(Canvas& canvas, const Frame& frame, const std::vector<Point>& middles,
                const std::vector<std::string>& classes, const Look& look) {
  const TextStyle style{look.small, Weight::bold, kInk};
  std::vector<Box> taken;
  for (size_t i = 0; i < classes.size(); ++i) {
    if (!std::isfinite(middles[i].x)) continue;
    const std::string name = shorten(classes[i], style, frame.plot.width * 0.3);
    Size size = measure(name, style);
    size.width += look.small * 0.8;
    const Point at{frame.x(middles[i].x), frame.y(middles[i].y)};
    const auto box = room_for(size, at, frame.plot, taken);
    if (!box) continue;
    taken.push_back(*box);
    canvas.line(at, box->middle(), {kQuiet, 0.6});
    canvas.fill(*box, kPaper.with_alpha(0.8));
    canvas.fill({box->x, box->y, look.small * 0.25, box->height}, class_look(i).colour);
    canvas.text({box->x + look.small * 0.5, box->middle().y}, name, style, Across::left, Down::middle);
  }
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
  auto entries = legend_of(which_, classes_);
  const bool names_inside = entries.size() > kMostInLegend;
  if (names_inside) entries.clear();
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
  if (names_inside) draw_names(canvas, frame, middles_of(points_, which_, classes_.size()), classes_, look);
}

}  // namespace lumir::report
