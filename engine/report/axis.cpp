// Ticks, frames, range bars and legends.

#include "report/axis.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace lumir::report {
namespace {

/// 1, 2 or 5 times a power of ten, not below `least`.
double round_step(double least) {
  const double power = std::pow(10, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0, 10.0}) {
    if (factor * power >= least * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

TextStyle tick_style(const Look& look) { return {look.small, Weight::normal, kQuiet}; }
TextStyle label_style(const Look& look) { return {look.text, Weight::normal, kInk}; }

/// The ticks of an axis that lie within its limits.
std::vector<Tick> ticks_of(const Axis& axis, int most) {
  if (axis.ticks.empty()) return round_ticks(axis.low, axis.high, most, axis.whole ? 1 : 0);
  std::vector<Tick> inside;
  for (const Tick& tick : axis.ticks) {
    if (tick.value >= axis.low && tick.value <= axis.high) inside.push_back(tick);
  }
  return inside;
}

double widest(const std::vector<Tick>& ticks, const TextStyle& style) {
  double width = 0;
  for (const Tick& tick : ticks) width = std::max(width, measure(tick.label, style).width);
  return width;
}

/// The most ticks that a plot of that height has room for.
int ticks_upwards(double height, const Look& look) { return std::max(3, static_cast<int>(height / (look.small * 3))); }

/// Leaves out every tick whose label would touch the one before it.
std::vector<Tick> with_room(const std::vector<Tick>& ticks, const Scale& scale, const TextStyle& style, bool across) {
  std::vector<Tick> kept;
  double last_place = 0, last_half = 0;
  for (const Tick& tick : ticks) {
    const double place = scale(tick.value);
    const double half = (across ? measure(tick.label, style).width : style.size) / 2;
    const double gap = across ? style.size * 0.6 : style.size * 0.25;
    if (!kept.empty() && std::fabs(place - last_place) < half + last_half + gap) continue;
    kept.push_back(tick);
    last_place = place;
    last_half = half;
  }
  return kept;
}

}  // namespace

std::string tick_text(double value, double step) {
  const int digits = std::max(0, static_cast<int>(std::ceil(-std::log10(step) - 1e-9)));
  if (std::fabs(value) < step * 1e-6) value = 0;
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

std::vector<Tick> round_ticks(double low, double high, int most, double least) {
  const double step = round_step(std::max(least, (high - low) / std::max(1, most - 1)));
  std::vector<Tick> ticks;
  for (double n = std::ceil(low / step - 1e-9); n * step <= high + step * 1e-9; ++n) {
    ticks.push_back({n * step, tick_text(n * step, step)});
  }
  return ticks;
}

std::vector<Tick> counted_ticks(size_t n, int most) {
  std::vector<Tick> ticks;
  for (const Tick& tick : round_ticks(1, static_cast<double>(n), most, 1)) {
    if (tick.value == std::round(tick.value)) ticks.push_back({tick.value - 0.5, tick.label});
  }
  if (ticks.empty() || ticks.front().value > 0.5) ticks.insert(ticks.begin(), {0.5, "1"});
  return ticks;
}

std::pair<double, double> limits_of(const std::vector<double>& values, double room) {
  double low = INFINITY, high = -INFINITY;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  if (low > high) return {0, 1};
  if (low == high) return {low - 0.5, high + 0.5};
  const double extra = (high - low) * room;
  return {low - extra, high + extra};
}

double above_plot(const Look& look) { return look.small * 0.6; }

double below_plot(const Axis& x, const Look& look) {
  const double numbers = x.labels ? line_height(tick_style(look)) + look.small * 0.5 : look.small * 0.4;
  return numbers + (x.label.empty() ? 0 : line_height(label_style(look)));
}

double left_of_plot(const Axis& y, double height, const Look& look) {
  const auto ticks = ticks_of(y, ticks_upwards(height, look));
  return widest(ticks, tick_style(look)) + look.small * 0.6 +
         (y.label.empty() ? 0 : line_height(label_style(look)) * 1.15);
}

Frame draw_axes(Canvas& canvas, const Box& box, const Axis& x, const Axis& y, const Look& look, double least_left) {
  const TextStyle small = tick_style(look), text = label_style(look);
  const double height = box.height - below_plot(x, look) - above_plot(look);
  std::vector<Tick> y_ticks = ticks_of(y, ticks_upwards(height, look));
  const double left = std::max(least_left, left_of_plot(y, height, look));
  // the last label on the x axis stands half beyond the frame
  const double right = look.small * 1.6;
  Frame frame;
  frame.plot = {box.x + left, box.y + above_plot(look), box.width - left - right, height};
  frame.x = {x.low, x.high, frame.plot.x, frame.plot.right()};
  frame.y = {y.low, y.high, frame.plot.bottom(), frame.plot.y};

  y_ticks = with_room(y_ticks, frame.y, small, false);
  const auto x_ticks =
      with_room(ticks_of(x, std::max(2, static_cast<int>(frame.plot.width / (look.small * 4)))), frame.x, small, true);
  for (const Tick& tick : y_ticks) {
    const double place = frame.y(tick.value);
    if (y.grid) canvas.line({frame.plot.x, place}, {frame.plot.right(), place}, {kRule, 0.6});
    canvas.line({frame.plot.x - look.small * 0.25, place}, {frame.plot.x, place}, {kQuiet, 0.8});
    canvas.text({frame.plot.x - look.small * 0.45, place}, tick.label, small, Across::right, Down::middle);
  }
  for (const Tick& tick : x_ticks) {
    const double place = frame.x(tick.value);
    if (x.grid) canvas.line({place, frame.plot.y}, {place, frame.plot.bottom()}, {kRule, 0.6});
    canvas.line({place, frame.plot.bottom()}, {place, frame.plot.bottom() + look.small * 0.25}, {kQuiet, 0.8});
    if (!x.labels) continue;
    canvas.text({place, frame.plot.bottom() + look.small * 0.4}, tick.label, small, Across::middle, Down::top);
  }
  if (!x.label.empty()) {
    canvas.text({frame.plot.middle().x, box.bottom()}, x.label, text, Across::middle, Down::bottom);
  }
  if (!y.label.empty()) {
    canvas.text({box.x, frame.plot.middle().y}, shorten(y.label, text, std::max(box.height, 1.0)), text, Across::middle,
                Down::top, true);
  }
  canvas.outline(frame.plot, {kQuiet, 0.8});
  return frame;
}

double draw_range_bar(Canvas* canvas, const Box& box, double low, double high, const std::string& label,
                      Colour (*map)(double), const Look& look) {
  const TextStyle small = tick_style(look), text = label_style(look);
  int most = std::max(3, static_cast<int>(box.height / (look.small * 3.5)));
  auto ticks = round_ticks(low, high, most);
  while (ticks.size() < 2 && most < 12) ticks = round_ticks(low, high, ++most);  // one number says nothing of a range
  const double bar = look.small * 1.1;
  const double width = bar + look.small * 0.6 + widest(ticks, small) + (label.empty() ? 0 : line_height(text) * 1.15);
  if (!canvas) return width;
  Raster raster{1, 256, {}};
  for (int i = 0; i < raster.rows; ++i) raster.cells.push_back(map(1 - (i + 0.5) / raster.rows));
  const Box strip{box.x, box.y, bar, box.height};
  canvas->raster(strip, raster);
  canvas->outline(strip, {kQuiet, 0.8});
  const Scale scale{low, high, strip.bottom(), strip.y};
  for (const Tick& tick : with_room(ticks, scale, small, false)) {
    const double place = scale(tick.value);
    canvas->line({strip.right(), place}, {strip.right() + look.small * 0.25, place}, {kQuiet, 0.8});
    canvas->text({strip.right() + look.small * 0.45, place}, tick.label, small, Across::left, Down::middle);
  }
  if (!label.empty()) {
    canvas->text({box.x + width, box.middle().y}, label, text, Across::middle, Down::bottom, true);
  }
  return width;
}

Box draw_legend(Canvas& canvas, const Box& box, const std::string& title, const std::vector<LegendEntry>& entries,
                const Look& look) {
  if (entries.empty()) return box;
  TextStyle style = label_style(look);
  const double head = title.empty() ? 0 : line_height(style) * 1.2;
  // one column where the names have room at a readable size, more columns for more classes
  size_t per_column = 1;
  size_t n_columns = 1;
  for (;; ++n_columns) {
    per_column = (entries.size() + n_columns - 1) / n_columns;
    const double room = (box.height - head) / static_cast<double>(per_column);
    style.size = std::min(look.text, room / 1.25);
    if (style.size >= look.small * 0.85 || n_columns == 3) break;
  }
  const double sign = style.size * (entries.front().line ? 2.2 : 1.4);
  std::vector<double> widths(n_columns, 0);
  for (size_t i = 0; i < entries.size(); ++i) {
    double& width = widths[i / per_column];
    width = std::max(width, sign + measure(entries[i].name, style).width + style.size * 0.8);
  }
  double whole = look.text * 0.8;
  for (const double width : widths) whole += width;
  if (!title.empty()) whole = std::max(whole, look.text * 0.8 + measure(title, label_style(look)).width);

  const Box left{box.x, box.y, box.width - whole, box.height};
  double x = left.right() + look.text * 0.8;
  if (!title.empty()) canvas.text({x, box.y}, title, {look.text, Weight::bold, kInk}, Across::left, Down::top);
  for (size_t column = 0; column < n_columns; ++column) {
    double y = box.y + head + style.size * 0.65;
    for (size_t i = column * per_column; i < std::min(entries.size(), (column + 1) * per_column); ++i) {
      const LegendEntry& entry = entries[i];
      if (entry.line) {
        canvas.line({x, y}, {x + style.size * 1.7, y}, {entry.colour, look.line * 1.3, entry.dashes});
      } else {
        canvas.marker({x + style.size * 0.4, y}, entry.marker, std::min(look.marker * 1.1, style.size), entry.colour);
      }
      canvas.text({x + sign, y}, entry.name, style, Across::left, Down::middle);
      y += style.size * 1.25;
    }
    x += widths[column];
  }
  return left;
}

}  // namespace lumir::report
