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

}  // namespace

CurveFigure::CurveFigure(std::vector<Series> series, std::string x_label, std::string y_label)
    : series_(std::move(series)), x_label_(std::move(x_label)), y_label_(std::move(y_label)) {
  for (const Series& one : series_) {
    if (one.x.size() != one.y.size()) {
      throw ArgumentError("curve: '" + one.name + "' has " + std::to_string(one.x.size()) + " x but " +
                          std::to_string(one.y.size()) + " y");
    }
  }
}

void CurveFigure::draw(Canvas& canvas, const Box& box, const Look& look) const {
  std::vector<LegendEntry> entries;
  std::vector<double> all_x, all_y;
  for (size_t i = 0; i < series_.size(); ++i) {
    all_x.insert(all_x.end(), series_[i].x.begin(), series_[i].x.end());
    all_y.insert(all_y.end(), series_[i].y.begin(), series_[i].y.end());
    entries.push_back({series_[i].name, class_look(i).colour, Marker::circle, dashes_of(i, look.line), true});
  }
  const Box left = series_.size() > 1 ? draw_legend(canvas, box, "", entries, look) : box;
  Axis x{x_label_, 0, 1}, y{y_label_, 0, 1};
  x.whole = std::all_of(all_x.begin(), all_x.end(), [](double value) { return value == std::floor(value); });
  std::tie(x.low, x.high) = limits_of(all_x, 0);
  std::tie(y.low, y.high) = limits_of(all_y, 0.06);
  if (std::all_of(all_x.begin(), all_x.end(), is_whole)) x.ticks = whole_ticks(x.low, x.high);
  const Frame frame = draw_axes(canvas, left, x, y, look);
  for (size_t i = 0; i < series_.size(); ++i) {
    const Stroke stroke{class_look(i).colour, look.line, dashes_of(i, look.line)};
    std::vector<Point> points;
    const auto flush = [&] {
      if (points.size() > 1) canvas.polyline(points, stroke);
      if (points.size() == 1) canvas.disc(points[0], look.line, stroke.colour);
      points.clear();
    };
    for (size_t k = 0; k < series_[i].x.size(); ++k) {
      if (!std::isfinite(series_[i].y[k])) {
        flush();
        continue;
      }
      points.push_back({frame.x(series_[i].x[k]), frame.y(series_[i].y[k])});
    }
    flush();
  }
}

}  // namespace lumir::report
