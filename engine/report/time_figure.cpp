// Drawing panels over one axis of time.

#include "report/time_figure.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.h"
#include "report/legend_rows.h"

namespace lumir::report {
namespace {

std::vector<double> mark_dashes(size_t index, const Look& look) {
  if (index == 0) return {};
  const double step = look.line * (index % 2 == 1 ? 2.5 : 1.2);
  return {step, step};
}

/// What lies beyond the plot is left out, so that nothing is drawn outside.
bool within(const Frame& frame, double x) { return x >= frame.x.low && x <= frame.x.high; }

/// A light edge keeps a line apart from any colour behind it, and leaves the gaps of its dashes open.
void draw_edged(Canvas& canvas, const std::vector<Point>& points, const Stroke& stroke) {
  canvas.polyline(points, {kPaper.with_alpha(0.7), stroke.width * 1.8, stroke.dashes});
  canvas.polyline(points, stroke);
}

}  // namespace

double TimePanel::bar(Canvas*, const Box&, const Look&) const { return 0; }

TimeFigure::TimeFigure(std::vector<TimePanelPtr> panels, std::vector<TimeMarks> marks, std::vector<TimeLine> lines)
    : panels_(std::move(panels)), marks_(std::move(marks)), lines_(std::move(lines)) {
  if (panels_.empty()) throw ArgumentError("show: there is nothing to draw over time");
}

double TimeFigure::weights() const {
  double all = 0;
  for (const auto& panel : panels_) all += panel->weight();
  return all;
}

Size TimeFigure::size(Medium medium) const {
  const double weight = weights();
  if (medium == Medium::slide) return {960, std::min(540.0, 150 + 230 * weight)};
  return {245, 45 + 85 * weight};
}

std::vector<LegendEntry> TimeFigure::legend() const {
  std::vector<LegendEntry> entries;
  for (size_t i = 0; i < marks_.size(); ++i) {
    entries.push_back({marks_[i].name, over_colour(i), Marker::circle, mark_dashes(i, {}), true});
  }
  for (size_t i = 0; i < lines_.size(); ++i) {
    entries.push_back({lines_[i].name, over_colour(marks_.size() + i), Marker::circle, {}, true});
  }
  return entries;
}

std::pair<double, double> TimeFigure::seconds() const {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const auto& panel : panels_) {
    const auto [from, to] = panel->seconds();
    low = std::min(low, from);
    high = std::max(high, to);
  }
  return {low, high};
}

std::pair<double, double> TimeFigure::margins(double plots, const Look& look) const {
  double left = 0, right = 0;
  for (const auto& panel : panels_) {
    const double height = plots * panel->weight() / weights();
    left = std::max(left, left_of_plot(panel->upwards(height, look), height, look));
    right = std::max(right, panel->bar(nullptr, {0, 0, 0, height}, look));
  }
  return {left, right};
}

void TimeFigure::draw(Canvas& canvas, const Box& box, const Look& look) const {
  const auto entries = legend();
  const Box rest = draw_legend_rows(canvas, box, entries, look);
  const auto [low, high] = limits.value_or(seconds());
  const TextStyle head{look.text, Weight::bold, kInk};
  double titles = 0;
  const Axis bottom{across, low, high, {}, false};
  for (const auto& panel : panels_) titles += panel->title.empty() ? 0 : line_height(head);
  const double gap = look.small * 0.8;
  const double feet = below_plot(bottom, look) + gap * static_cast<double>(panels_.size() - 1);
  const double heads = above_plot(look) * static_cast<double>(panels_.size());
  const double plots = std::max(1.0, rest.height - feet - heads - titles);
  const auto [left, right] = margins(plots, look);
  const double beside = right > 0 ? look.text * 0.5 : 0;
  double y = rest.y;
  for (size_t i = 0; i < panels_.size(); ++i) {
    const TimePanel& panel = *panels_[i];
    const double height = plots * panel.weight() / weights();
    if (!panel.title.empty()) {
      canvas.text({rest.x + left, y}, shorten(panel.title, head, rest.width - left), head, Across::left, Down::top);
      y += line_height(head);
    }
    const Axis x = i + 1 < panels_.size() ? Axis{"", low, high, {}, false, false, false} : bottom;
    const double foot = below_plot(x, look);
    const Box place{rest.x, y, rest.width - right - beside, above_plot(look) + height + foot};
    const Frame frame = draw_axes(canvas, place, x, panel.upwards(height, look), look, left);
    panel.draw(canvas, frame, look);
    draw_over(canvas, frame, panel, look);
    canvas.outline(frame.plot, {kQuiet, 0.8});
    panel.bar(&canvas, {rest.right() - right, frame.plot.y, right, frame.plot.height}, look);
    y = frame.plot.bottom() + gap;
  }
}

void TimeFigure::draw_over(Canvas& canvas, const Frame& frame, const TimePanel& panel, const Look& look) const {
  for (size_t i = 0; i < marks_.size(); ++i) {
    for (const double second : marks_[i].seconds) {
      if (!within(frame, second)) continue;
      const double x = frame.x(second);
      draw_edged(canvas, {{x, frame.plot.y}, {x, frame.plot.bottom()}},
                 {over_colour(i), look.line * 0.8, mark_dashes(i, look)});
    }
  }
  for (size_t i = 0; i < lines_.size(); ++i) {
    const TimeLine& line = lines_[i];
    std::vector<Point> stretch;
    const auto end = [&] {
      if (stretch.size() > 1) draw_edged(canvas, stretch, {over_colour(marks_.size() + i), look.line});
      stretch.clear();
    };
    for (size_t t = 0; t < line.seconds.size(); ++t) {
      const auto place = panel.place_of(line.values[t], line.unit);
      const bool seen = std::isfinite(line.values[t]) && within(frame, line.seconds[t]) && place &&
                        *place >= frame.y.low && *place <= frame.y.high;
      if (seen) stretch.push_back({frame.x(line.seconds[t]), frame.y(*place)});
      if (!seen) end();
    }
    end();
  }
}

}  // namespace lumir::report
