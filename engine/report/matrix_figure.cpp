// Drawing a matrix with viridis and a bar that says its range.

#include "report/matrix_figure.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "core/error.h"
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

/// Where a frequency lies among rows (row i is at i + 0.5), between the middles of its neighbours.
std::optional<double> row_at(const std::vector<double>& hertz, double frequency) {
  if (hertz.size() < 2) return std::nullopt;
  const auto place = [&](size_t i) {
    return static_cast<double>(i) + 0.5 + (frequency - hertz[i]) / (hertz[i + 1] - hertz[i]);
  };
  size_t i = 0;
  while (i + 2 < hertz.size() && hertz[i + 1] <= frequency) ++i;
  const double row = place(i);
  if (row < 0 || row > static_cast<double>(hertz.size())) return std::nullopt;
  return row;
}

/// Round frequencies, those that tell most first; those for which there is no room are left out by place.
std::vector<Tick> frequency_ticks(const std::vector<double>& hertz, double height, double text) {
  std::vector<double> wanted;
  const double span = std::fabs(hertz.back() - hertz.front());
  for (double power = 1; power <= 1e5; power *= 10) {
    for (const double factor : {1.0, 2.0, 5.0}) wanted.push_back(factor * power);
  }
  for (const Tick& tick : round_ticks(0, span + std::min(hertz.front(), hertz.back()), 8)) wanted.push_back(tick.value);
  // decades first, then halves, then the rest: what comes later gives way
  std::stable_sort(wanted.begin(), wanted.end(), [](double a, double b) {
    const auto rank = [](double f) {
      const double lead = f > 0 ? f / std::pow(10, std::floor(std::log10(f) + 1e-9)) : 1;
      return f == 0                       ? 0
             : std::fabs(lead - 1) < 1e-6 ? 1
             : std::fabs(lead - 5) < 1e-6 ? 2
             : std::fabs(lead - 2) < 1e-6 ? 3
                                          : 4;
    };
    return rank(a) != rank(b) ? rank(a) < rank(b) : a > b;
  });
  std::vector<Tick> kept;
  const double least = text * 1.5 / height * static_cast<double>(hertz.size());
  for (const double frequency : wanted) {
    const auto row = row_at(hertz, frequency);
    if (!row) continue;
    const bool free =
        std::all_of(kept.begin(), kept.end(), [&](const Tick& tick) { return std::fabs(tick.value - *row) >= least; });
    if (free) kept.push_back({*row, tick_text(frequency, frequency < 10 && frequency > 0 ? 0.5 : 1)});
  }
  std::sort(kept.begin(), kept.end(), [](const Tick& a, const Tick& b) { return a.value < b.value; });
  return kept;
}

/// A name in the middle of each row or column.
std::vector<Tick> named_ticks(const std::vector<std::string>& names, size_t n) {
  std::vector<Tick> ticks;
  for (size_t i = 0; i < std::min(names.size(), n); ++i) ticks.push_back({static_cast<double>(i) + 0.5, names[i]});
  return ticks;
}

}  // namespace

Raster raster_of(const Matrix& values, double low, double high, Colour (*map)(double), bool first_on_top) {
  return raster_of_blocks(values.rows, values.columns, first_on_top,
                          [&](auto... block) { return map((block_mean(values, block...) - low) / (high - low)); });
}

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
}

Raster MatrixFigure::glowing(double low, double high, double least, double most) const {
  return raster_of_blocks(values_.rows, values_.columns, false, [&](auto... block) {
    const double base = (block_mean(values_, block...) - low) / (high - low);
    return glow((block_mean(options_.heat, block...) - least) / (most - least), base);
  });
}

std::vector<Tick> MatrixFigure::column_ticks(double width, const Look& look) const {
  if (!options_.column_names.empty()) return named_ticks(options_.column_names, values_.columns);
  return counted_ticks(values_.columns, static_cast<int>(width / (look.small * 6)));
}

void MatrixFigure::write_numbers(Canvas& canvas, const Box& plot, double low, double high, const Look& look) const {
  const double width = plot.width / static_cast<double>(values_.columns);
  const double height = plot.height / static_cast<double>(values_.rows);
  TextStyle style{look.text};
  style.size *= std::min({1.0, width * 0.9 / measure("0.000", style).width, height * 0.8 / line_height(style)});
  if (style.size < look.small / 2) return;
  for (size_t row = 0; row < values_.rows; ++row) {
    for (size_t column = 0; column < values_.columns; ++column) {
      const double value = values_(row, column);
      if (std::isnan(value)) continue;
      style.colour = ink_on(viridis((value - low) / (high - low)));
      const Point middle{plot.x + (static_cast<double>(column) + 0.5) * width,
                         plot.bottom() - (static_cast<double>(row) + 0.5) * height};
      canvas.text(middle, tick_text(value, 0.001), style, Across::middle, Down::middle);
    }
  }
}

void MatrixFigure::draw(Canvas& canvas, const Box& box, const Look& look) const {
  auto [low, high] = limits_of(values_.values, 0);
  low = options_.low.value_or(low);
  high = options_.high.value_or(high);
  if (!(low < high)) std::tie(low, high) = std::pair(low - 0.5, low + 0.5);

  // the bar is of what has the colours
  const bool hot = options_.heat.rows > 0;
  Colour (*const map)(double) = hot ? [](double share) { return glow(share, 0.5); } : viridis;
  const auto [least, most] = hot ? limits_of(options_.heat.values, 0) : std::pair(low, high);
  const double range = draw_range_bar(nullptr, box, least, most, options_.unit, map, look);
  const Box left{box.x, box.y, box.width - range - look.text * 0.5, box.height};
  const double plot_height = left.height - look.small * 2.5 - look.text * 1.3;

  Axis x{options_.x_label, 0, static_cast<double>(values_.columns), {}, false};
  Axis y{options_.y_label, 0, static_cast<double>(values_.rows), {}, false};
  if (options_.frame_rate > 0) {
    // frame i is centred at i / rate, so its cell begins half a frame before
    x = {"time (s)",
         -0.5 / options_.frame_rate,
         (static_cast<double>(values_.columns) - 0.5) / options_.frame_rate,
         {},
         false};
  } else {
    x.ticks = column_ticks(left.width, look);
  }
  if (!options_.hertz.empty()) {
    y.label = "frequency (Hz)";
    y.ticks = frequency_ticks(options_.hertz, plot_height, look.small);
  } else if (!options_.row_names.empty()) {
    y.ticks = named_ticks(options_.row_names, values_.rows);
  } else {
    y.ticks = counted_ticks(values_.rows, static_cast<int>(plot_height / (look.small * 3)));
  }
  const Frame frame = draw_axes(canvas, left, x, y, look);
  canvas.raster(frame.plot, hot ? glowing(low, high, least, most) : raster_of(values_, low, high, viridis));
  if (options_.numbers) write_numbers(canvas, frame.plot, low, high, look);
  canvas.outline(frame.plot, {kQuiet, 0.8});
  draw_range_bar(&canvas, {box.right() - range, frame.plot.y, range, frame.plot.height}, least, most, options_.unit,
                 map, look);
}

std::vector<double> mel_frequencies(int n, double fmin, double fmax) {
  std::vector<double> middles;
  const double low = signal::hz_to_mel(fmin), high = signal::hz_to_mel(fmax);
  for (int i = 1; i <= n; ++i) middles.push_back(signal::mel_to_hz(low + (high - low) * i / (n + 1)));
  return middles;
}

}  // namespace lumir::report
