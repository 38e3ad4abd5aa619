// Drawing a matrix with viridis and a bar that says its range.

#include "report/matrix_figure.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "core/error.h"
#include "core/value.h"
#include "report/axis.h"
#include "report/place_ticks.h"
#include "signal/mel_scale.h"

namespace lumir::report {
namespace {

/// More pixels than a slide has are lost on it: longer matrices are averaged down to so many.
constexpr size_t kMostColumns = 1800;
constexpr size_t kMostRows = 900;

/// The mean of the block of cells that one pixel stands for.
double block_mean(const Matrix& values, size_t row0, size_t row1, size_t column0, size_t column1) {
  double sum = 0;
  size_t n = 0;
  for (size_t row = row0; row < row1; ++row) {
    for (size_t column = column0; column < column1; ++column) {
      const double value = values(row, column);
      if (std::isnan(value)) continue;
      sum += value;
      ++n;
    }
  }
  return n > 0 ? sum / static_cast<double>(n) : NAN;
}

/// Calls with the rows and columns of the block of each pixel, from the top left one.
template <class Use>
Raster raster_of_blocks(size_t all_rows, size_t all_columns, bool first_on_top, Use use) {
  const size_t rows = std::min(all_rows, kMostRows), columns = std::min(all_columns, kMostColumns);
  Raster raster{static_cast<int>(columns), static_cast<int>(rows), {}};
  for (size_t i = 0; i < rows; ++i) {
    const size_t row = first_on_top ? i : rows - 1 - i;
    for (size_t column = 0; column < columns; ++column) {
      raster.cells.push_back(use(row * all_rows / rows, (row + 1) * all_rows / rows, column * all_columns / columns,
                                 (column + 1) * all_columns / columns));
    }
  }
  return raster;
}

}  // namespace

Raster raster_of(const Matrix& values, double low, double high, Colour (*map)(double), bool first_on_top) {
  return raster_of_blocks(values.rows, values.columns, first_on_top,
                          [&](auto... block) { return map((block_mean(values, block...) - low) / (high - low)); });
}

namespace {

/// The room below the cells where names of columns are turned, because not all of them fit beside each other; else 0.
double foot_of_turned(const std::vector<std::string>& names, const Box& box, const TextStyle& style) {
  double widest = 0;
  for (const auto& name : names) widest = std::max(widest, measure(name, style).width);
  const double cell = box.width * 0.75 / static_cast<double>(std::max<size_t>(1, names.size()));
  return widest + style.size * 0.6 <= cell ? 0 : std::min(widest, box.height * 0.35);
}

void draw_turned(Canvas& canvas, const Frame& frame, const std::vector<std::string>& names, double room,
                 const TextStyle& style) {
  for (size_t i = 0; i < names.size(); ++i) {
    const double column = static_cast<double>(i) + 0.5;
    if (column < frame.x.low || column > frame.x.high) continue;
    const Point end{frame.x(column), frame.plot.bottom() + style.size * 0.5};
    canvas.text(end, shorten(names[i], style, room), style, Across::right, Down::middle, true);
  }
}

}  // namespace

MatrixFigure::MatrixFigure(Matrix values, MatrixOptions options)
    : values_(std::move(values)), options_(std::move(options)) {
  if (values_.rows == 0 || values_.columns == 0) throw ArgumentError("show: an empty matrix has no picture");
  if (!options_.hertz.empty() && options_.hertz.size() != values_.rows) {
    throw ArgumentError("show: " + std::to_string(values_.rows) + " rows but " + std::to_string(options_.hertz.size()) +
                        " frequencies");
  }
  const Matrix& heat = options_.heat;
  if (heat.rows > 0 && (heat.rows != values_.rows || heat.columns != values_.columns)) {
    throw ArgumentError("show: 'heat' is " + std::to_string(heat.rows) + " x " + std::to_string(heat.columns) +
                        ", the matrix under it " + std::to_string(values_.rows) + " x " +
                        std::to_string(values_.columns));
  }
  columns_shown();  // limits that show nothing are refused here, not when it is drawn
  rows_shown();
}

std::pair<double, double> MatrixFigure::columns_shown() const {
  // frame i is centred at i / rate, so its cell begins half a frame before
  const double n = static_cast<double>(values_.columns), rate = options_.frame_rate;
  const auto [first, last] = rate > 0 ? std::pair(-0.5 / rate, (n - 0.5) / rate) : std::pair(0.0, n);
  if (!options_.x_limits) return {first, last};
  const auto [from, to] = *options_.x_limits;
  const double low = std::max(rate > 0 ? from : from - 1, first), high = std::min(to, last);
  if (low < high) return {low, high};
  throw ArgumentError("show: 'xlim' = { " + show_number(from) + ", " + show_number(to) +
                      " } lies beyond the columns (" + show_number(rate > 0 ? 0 : 1) + " to " +
                      show_number(rate > 0 ? (n - 1) / rate : n) + ")");
}

std::pair<double, double> MatrixFigure::rows_shown() const {
  if (!options_.y_limits) return {0, static_cast<double>(values_.rows)};
  return rows_between(options_.hertz, values_.rows, *options_.y_limits, options_.hertz.empty() ? "" : "Hz");
}

Box MatrixFigure::cells_in(const Frame& frame) const {
  if (!options_.x_limits && !options_.y_limits) return frame.plot;
  const double n = static_cast<double>(values_.columns), rate = options_.frame_rate;
  const double left = frame.x(rate > 0 ? -0.5 / rate : 0), right = frame.x(rate > 0 ? (n - 0.5) / rate : n);
  const double top = frame.y(static_cast<double>(values_.rows));
  return {left, top, right - left, frame.y(0) - top};
}

MatrixFigure::Range MatrixFigure::range() const {
  auto [low, high] = limits_of(values_.values, 0);
  low = options_.low.value_or(low);
  high = options_.high.value_or(high);
  if (!(low < high)) std::tie(low, high) = std::pair(low - 0.5, low + 0.5);
  if (options_.heat.rows == 0) return {low, high, low, high, options_.map};
  const auto [least, most] = limits_of(options_.heat.values, 0);
  return {low, high, least, most, [](double share) { return glow(share, 0.5); }};
}

Raster MatrixFigure::glowing(const Range& range) const {
  return raster_of_blocks(values_.rows, values_.columns, false, [&](auto... block) {
    const double base = (block_mean(values_, block...) - range.low) / (range.high - range.low);
    return glow((block_mean(options_.heat, block...) - range.least) / (range.most - range.least), base);
  });
}

Axis MatrixFigure::across(double width, bool turned, const Look& look) const {
  const auto [first, last] = columns_shown();
  const bool named = !options_.column_names.empty();
  const bool names_say = named && options_.x_label == MatrixOptions().x_label;  // "column" says nothing beside them
  Axis x{names_say || turned ? "" : options_.x_label, first, last, {}, false};
  x.labels = !turned;
  if (options_.frame_rate > 0) {
    x.label = "time (s)";
  } else {
    x.ticks = named ? name_ticks(options_.column_names)
                    : counted_ticks(values_.columns, static_cast<int>(width / (look.small * 6)));
  }
  return x;
}

Axis MatrixFigure::upwards(double height, const Look& look) const {
  const auto [bottom, top] = rows_shown();
  const bool named = !options_.row_names.empty();
  const bool names_say = named && options_.y_label == MatrixOptions().y_label;
  Axis y{names_say ? "" : options_.y_label, bottom, top, {}, false};
  if (!options_.hertz.empty()) {
    y.label = "frequency (Hz)";
    y.ticks = place_ticks(options_.hertz, height * static_cast<double>(values_.rows) / (top - bottom), look);
  } else {
    y.ticks = named ? name_ticks(options_.row_names)
                    : counted_ticks(values_.rows, static_cast<int>(height / (look.small * 3)));
  }
  return y;
}

void MatrixFigure::draw_cells(Canvas& canvas, const Frame& frame, const Range& range, const Look& look) const {
  const bool hot = options_.heat.rows > 0;
  canvas.raster(cells_in(frame), hot ? glowing(range) : raster_of(values_, range.low, range.high, options_.map));
  if (options_.numbers) draw_numbers(canvas, frame, range, look);
}

void MatrixFigure::draw(Canvas& canvas, const Box& box, const Look& look) const {
  const Range shown = range();
  const double bar = draw_range_bar(nullptr, box, shown.least, shown.most, options_.unit, shown.map, look);
  const TextStyle small{look.small, Weight::normal, kQuiet};
  const double foot = foot_of_turned(options_.column_names, box, small);
  const Box left{box.x, box.y, box.width - bar - look.text * 0.5, box.height - foot};
  const double plot_height = left.height - look.small * 2.5 - look.text * 1.3;
  const Frame frame = draw_axes(canvas, left, across(left.width, foot > 0, look), upwards(plot_height, look), look);
  if (options_.x_limits || options_.y_limits) {
    canvas.clipped(frame.plot, [&](Canvas& inside) { draw_cells(inside, frame, shown, look); });
  } else {
    draw_cells(canvas, frame, shown, look);
  }
  canvas.outline(frame.plot, {kQuiet, 0.8});
  if (foot > 0) draw_turned(canvas, frame, options_.column_names, foot, small);
  draw_range_bar(&canvas, {box.right() - bar, frame.plot.y, bar, frame.plot.height}, shown.least, shown.most,
                 options_.unit, shown.map, look);
}

void MatrixFigure::draw_numbers(Canvas& canvas, const Frame& frame, const Range& range, const Look& look) const {
  const Box cells = cells_in(frame);
  const double width = cells.width / static_cast<double>(values_.columns);
  const double height = cells.height / static_cast<double>(values_.rows);
  const auto is_whole = [](double value) { return !std::isfinite(value) || value == std::round(value); };
  const bool whole = std::all_of(values_.values.begin(), values_.values.end(), is_whole);
  const double last_digit = whole ? 1 : range.high - range.low < 1 ? 0.001 : 0.01;  // scores lie near each other
  for (size_t row = 0; row < values_.rows; ++row) {
    for (size_t column = 0; column < values_.columns; ++column) {
      const double value = values_(row, column);
      if (!std::isfinite(value)) continue;
      const std::string number = tick_text(value, last_digit);
      const TextStyle style{std::min(look.small, height * 0.8), Weight::normal,
                            ink_on(options_.map((value - range.low) / (range.high - range.low)))};
      if (style.size < look.small * 0.5 || measure(number, style).width > width * 0.95) continue;
      const Point middle{cells.x + (static_cast<double>(column) + 0.5) * width,
                         cells.bottom() - (static_cast<double>(row) + 0.5) * height};
      const bool seen = middle.x >= frame.plot.x && middle.x <= frame.plot.right() && middle.y >= frame.plot.y &&
                        middle.y <= frame.plot.bottom();
      if (seen) canvas.text(middle, number, style, Across::middle, Down::middle);
    }
  }
}

std::vector<double> mel_frequencies(int n, double fmin, double fmax) { return signal::mel_middles(n, fmin, fmax); }

}  // namespace lumir::report
