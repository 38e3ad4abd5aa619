// Drawing boxes and violins: lying ones, so that long names have room.

#include "report/spread_figure.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <tuple>

#include "core/error.h"
#include "report/axis.h"
#include "report/place_ticks.h"

namespace lumir::report {
namespace {

double quantile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto left = static_cast<size_t>(place);
  const size_t right = std::min(left + 1, sorted.size() - 1);
  return sorted[left] + (sorted[right] - sorted[left]) * (place - static_cast<double>(left));
}

void draw_box(Canvas& canvas, const Frame& frame, const Group& group, double middle, const Colour& colour,
              const Look& look) {
  const Quartiles of = quartiles_of(group.values);
  const double up = frame.y(middle + 0.3), down = frame.y(middle - 0.3), y = frame.y(middle);
  const Stroke stroke{kInk, look.line * 0.7};
  canvas.line({frame.x(of.low), y}, {frame.x(of.first), y}, stroke);
  canvas.line({frame.x(of.third), y}, {frame.x(of.high), y}, stroke);
  for (const double end : {of.low, of.high}) {
    canvas.line({frame.x(end), frame.y(middle + 0.14)}, {frame.x(end), frame.y(middle - 0.14)}, stroke);
  }
  const Box box{frame.x(of.first), up, frame.x(of.third) - frame.x(of.first), down - up};
  canvas.fill(box, colour.toward(kPaper, 0.35));
  canvas.outline(box, stroke);
  canvas.line({frame.x(of.median), up}, {frame.x(of.median), down}, {kInk, look.line * 1.3});
  for (const double value : of.beyond) canvas.disc({frame.x(value), y}, look.marker * 0.32, kQuiet);
}

void draw_violin(Canvas& canvas, const Frame& frame, const Group& group, double middle, const Colour& colour,
                 const Look& look) {
  constexpr int kSteps = 160;
  const auto [least, most] = std::minmax_element(group.values.begin(), group.values.end());
  std::vector<double> places;
  for (int i = 0; i <= kSteps; ++i) places.push_back(*least + (*most - *least) * i / kSteps);
  const auto density = density_of(group.values, places);
  const double peak = *std::max_element(density.begin(), density.end());
  std::vector<Point> edge;
  const auto at = [&](size_t i, double side) {
    const double half = peak > 0 ? 0.42 * density[i] / peak : 0.02;
    edge.push_back({frame.x(places[i]), frame.y(middle + side * half)});
  };
  for (size_t i = 0; i < places.size(); ++i) at(i, 1);
  for (size_t i = places.size(); i-- > 0;) at(i, -1);
  canvas.polygon(edge, colour.toward(kPaper, 0.35));
  edge.push_back(edge.front());
  canvas.polyline(edge, {kInk, look.line * 0.6});
  const Quartiles of = quartiles_of(group.values);
  const double y = frame.y(middle);
  canvas.line({frame.x(of.low), y}, {frame.x(of.high), y}, {kInk, look.line * 0.7});
  canvas.line({frame.x(of.first), y}, {frame.x(of.third), y}, {kInk, look.line * 3});
  canvas.disc({frame.x(of.median), y}, look.line * 1.6, kPaper);
}

}  // namespace

Quartiles quartiles_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  Quartiles of;
  of.first = quantile(values, 0.25);
  of.median = quantile(values, 0.5);
  of.third = quantile(values, 0.75);
  const double reach = 1.5 * (of.third - of.first);
  of.low = of.first;
  of.high = of.third;
  for (const double value : values) {
    if (value < of.first - reach || value > of.third + reach) {
      of.beyond.push_back(value);
    } else {
      of.low = std::min(of.low, value);
      of.high = std::max(of.high, value);
    }
  }
  return of;
}

std::vector<double> density_of(const std::vector<double>& values, const std::vector<double>& places) {
  const double n = static_cast<double>(values.size());
  double mean = 0, square = 0;
  for (const double value : values) mean += value / n;
  for (const double value : values) square += (value - mean) * (value - mean);
  std::vector<double> density(places.size(), 0);
  if (values.size() < 2 || square == 0) return density;
  const double width = std::sqrt(square / (n - 1)) * std::pow(n, -0.2);
  for (size_t i = 0; i < places.size(); ++i) {
    for (const double value : values) {
      const double away = (places[i] - value) / width;
      density[i] += std::exp(-0.5 * away * away);
    }
    density[i] /= n * width * std::sqrt(2 * std::numbers::pi);
  }
  return density;
}

SpreadFigure::SpreadFigure(std::vector<Group> groups, std::string x_label, Form form)
    : groups_(std::move(groups)), x_label_(std::move(x_label)), form_(form) {
  for (auto& group : groups_) std::erase_if(group.values, [](double value) { return !std::isfinite(value); });
  std::erase_if(groups_, [](const Group& group) { return group.values.empty(); });
  if (groups_.empty()) throw ArgumentError("there are no numbers to draw");
}

Size SpreadFigure::size(Medium medium) const {
  const double rows = static_cast<double>(groups_.size());
  if (medium == Medium::slide) return {960, std::clamp(120 + rows * 42, 220.0, 540.0)};
  return {245, std::clamp(34 + rows * 16, 80.0, 330.0)};
}

void SpreadFigure::draw(Canvas& canvas, const Box& box, const Look& look) const {
  const double rows = static_cast<double>(groups_.size());
  std::vector<double> all;
  std::vector<std::string> names;
  const TextStyle style{look.small, Weight::normal, kInk};
  for (auto group = groups_.rbegin(); group != groups_.rend(); ++group) {  // the first one on top
    all.insert(all.end(), group->values.begin(), group->values.end());
    names.push_back(shorten(group->name, style, box.width * 0.4));
  }
  Axis x{x_label_, 0, 1}, y{"", 0, rows, name_ticks(names), false};
  std::tie(x.low, x.high) = limits_of(all, 0.04);
  const Frame frame = draw_axes(canvas, box, x, y, look);
  for (size_t i = 0; i < groups_.size(); ++i) {
    const double middle = rows - static_cast<double>(i) - 0.5;
    const Colour colour = class_look(i).colour;
    if (form_ == Form::box) draw_box(canvas, frame, groups_[i], middle, colour, look);
    if (form_ == Form::violin) draw_violin(canvas, frame, groups_[i], middle, colour, look);
  }
}

}  // namespace lumir::report
