// Drawing lines: ten hues, then dashes; the legend stands outside.

#include "report/curve_figure.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

#include "core/error.h"
#include "report/axis.h"

namespace lumir::report {
namespace {

std::vector<double> dashes_of(size_t index, double width) {
  static constexpr std::array<std::array<double, 2>, 3> kDashes = {{{4, 2}, {1.2, 1.6}, {8, 3}}};
  if (index < 10) return {};
  const auto& dash = kDashes[(index / 10 - 1) % kDashes.size()];
  return {dash[0] * width, dash[1] * width};
}

bool is_whole(double number) { return !std::isfinite(number) || number == std::floor(number); }

/// Epochs have no halves.
std::vector<Tick> whole_ticks(double low, double high) {
  std::vector<Tick> ticks;
  for (const Tick& tick : round_ticks(low, high, 12)) {
    if (is_whole(tick.value)) ticks.push_back({tick.value, std::to_string(std::lround(tick.value))});
  }
  return ticks;
}

/// The stretches of a line between its gaps, as indices.
std::vector<std::vector<size_t>> stretches_of(const std::vector<double>& y) {
  std::vector<std::vector<size_t>> all(1);
  for (size_t i = 0; i < y.size(); ++i) {
    if (std::isfinite(y[i])) {
      all.back().push_back(i);
    } else if (!all.back().empty()) {
      all.emplace_back();
    }
  }
  return all;
}

void draw_band(Canvas& canvas, const Frame& frame, const Series& series, const Colour& colour) {
  for (const auto& stretch : stretches_of(series.low)) {
    std::vector<Point> edge;
    for (const size_t i : stretch) edge.push_back({frame.x(series.x[i]), frame.y(series.low[i])});
    for (auto i = stretch.rbegin(); i != stretch.rend(); ++i) {
      edge.push_back({frame.x(series.x[*i]), frame.y(series.high[*i])});
    }
    if (stretch.size() > 1) canvas.polygon(edge, colour.with_alpha(0.2));
  }
}

/// A line of more points than its width can show, which looks the same: of those that lie above each other within half
/// a stroke the first, the two outermost and the last. Strokes of dense lines cost the square of their points.
std::vector<Point> thinned(const std::vector<Point>& points, double width) {
  std::vector<Point> out;
  for (size_t first = 0; first < points.size();) {
    size_t last = first, low = first, high = first;
    for (size_t i = first; i < points.size() && std::fabs(points[i].x - points[first].x) < width / 2; last = i++) {
      if (points[i].y < points[low].y) low = i;
      if (points[i].y > points[high].y) high = i;
    }
    std::array<size_t, 4> kept = {first, std::min(low, high), std::max(low, high), last};
    const auto end = std::unique(kept.begin(), kept.end());
    for (auto i = kept.begin(); i != end; ++i) out.push_back(points[*i]);
    first = last + 1;
  }
  return out;
}

void draw_line(Canvas& canvas, const Frame& frame, const Series& series, const Stroke& stroke) {
  for (const auto& stretch : stretches_of(series.y)) {
    std::vector<Point> points;
    for (const size_t i : stretch) points.push_back({frame.x(series.x[i]), frame.y(series.y[i])});
    points = thinned(points, stroke.width);
    if (points.size() > 1) canvas.polyline(points, stroke);
    if (points.size() == 1) canvas.disc(points[0], stroke.width * 2.5, stroke.colour);  // no line leads to it
  }
}

void draw_points(Canvas& canvas, const Frame& frame, const Series& series, Colour colour, double radius) {
  for (size_t i = 0; i < series.x.size(); ++i) {
    if (std::isnan(series.y[i])) continue;
    canvas.disc({frame.x(series.x[i]), frame.y(series.y[i])}, radius, colour);
  }
}

/// Hues, then dashes, where a legend tells the lines apart.
Stroke stroke_of(const Series& series, size_t index, bool legend, const Look& look) {
  if (series.guide) return {kQuiet, look.line * 0.7, {3 * look.line, 2 * look.line}};
  return {class_look(index).colour, look.line, legend ? dashes_of(index, look.line) : std::vector<double>()};
}

/// With its name at the right, above the line.
void draw_chance(Canvas& canvas, const Frame& frame, double chance, const Look& look) {
  if (chance < frame.y.low || chance > frame.y.high) return;
  const double y = frame.y(chance);
  canvas.line({frame.plot.x, y}, {frame.plot.right(), y}, {kWarning, look.line * 0.7, {3 * look.line, 2 * look.line}});
  canvas.text({frame.plot.right() - look.small * 0.4, y - look.small * 0.2}, "chance",
              {look.small, Weight::normal, kWarning}, Across::right, Down::bottom);
}

}  // namespace

CurveFigure::CurveFigure(std::vector<Series> series, std::string x_label, std::string y_label)
    : series_(std::move(series)), x_label_(std::move(x_label)), y_label_(std::move(y_label)) {
  for (const Series& one : series_) {
    if (one.x.size() != one.y.size()) {
      throw ArgumentError("curve: '" + one.name + "' has " + std::to_string(one.x.size()) + " x but " +
                          std::to_string(one.y.size()) + " y");
    }
    if (one.low.size() != one.high.size() || (!one.low.empty() && one.low.size() != one.x.size())) {
      throw ArgumentError("curve: the band of '" + one.name + "' has " + std::to_string(one.low.size()) + " low and " +
                          std::to_string(one.high.size()) + " high for " + std::to_string(one.x.size()) + " x");
    }
  }
}

void CurveFigure::draw(Canvas& canvas, const Box& box, const Look& look) const {
  std::vector<LegendEntry> entries;
  std::vector<double> all_x, all_y;
  for (size_t i = 0; i < series_.size(); ++i) {
    all_x.insert(all_x.end(), series_[i].x.begin(), series_[i].x.end());
    for (const auto* values : {&series_[i].y, &series_[i].low, &series_[i].high}) {
      all_y.insert(all_y.end(), values->begin(), values->end());
    }
    const Stroke stroke = stroke_of(series_[i], i, true, look);
    entries.push_back({series_[i].name, stroke.colour, Marker::circle, stroke.dashes, true});
  }
  if (chance) all_y.push_back(*chance);
  const Box left = legend && series_.size() > 1 ? draw_legend(canvas, box, "", entries, look) : box;
  Axis x{x_label_, 0, 1}, y{y_label_, 0, 1};
  x.whole = std::all_of(all_x.begin(), all_x.end(), [](double value) { return value == std::floor(value); });
  std::tie(x.low, x.high) = limits_of(all_x, points ? 0.02 : 0);
  std::tie(y.low, y.high) = limits_of(all_y, 0.06);
  if (x_limits) std::tie(x.low, x.high) = *x_limits;
  if (y_limits) std::tie(y.low, y.high) = *y_limits;
  if (std::all_of(all_x.begin(), all_x.end(), is_whole)) x.ticks = whole_ticks(x.low, x.high);
  if (!x_ticks.empty()) {
    x.ticks = x_ticks;
    std::tie(x.low, x.high) = std::pair(x.low - 0.2, x.high + 0.2);
  }
  const Frame frame = draw_axes(canvas, left, x, y, look);
  if (chance) draw_chance(canvas, frame, *chance, look);
  canvas.clipped(frame.plot, [&](Canvas& inside) {
    for (size_t i = 0; i < series_.size(); ++i) {
      draw_band(inside, frame, series_[i], series_[i].guide ? kQuiet : class_look(i).colour);
    }
    for (size_t i = 0; i < series_.size(); ++i) {
      const Stroke stroke = stroke_of(series_[i], i, legend, look);
      draw_line(inside, frame, series_[i], stroke);
      if (points && !series_[i].guide) draw_points(inside, frame, series_[i], stroke.colour, look.line * 2);
    }
  });
}

}  // namespace lumir::report
