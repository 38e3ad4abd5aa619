// Drawing what panels over time show.

#include "report/time_panels.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "core/error.h"
#include "report/matrix_figure.h"
#include "report/place_ticks.h"

namespace lumir::report {
namespace {

/// Bands across a plot; more would be finer than a slide's pixels.
constexpr size_t kBands = 1200;

double peak_of(std::span<const float> samples) {
  double peak = 0;
  for (const float sample : samples) {
    if (std::isfinite(sample)) peak = std::max(peak, std::fabs(static_cast<double>(sample)));
  }
  return peak == 0 ? 1 : peak;
}

/// The indices of what lies between two limits of an axis, one more at each side; `at` from index to place.
std::pair<size_t, size_t> seen_of(size_t n, double first, double step, double low, double high) {
  const double last = static_cast<double>(n);
  const double from = std::clamp(std::floor((low - first) / step), 0.0, last);
  const double to = std::clamp(std::ceil((high - first) / step) + 1, from, last);
  return {static_cast<size_t>(from), static_cast<size_t>(to)};
}

/// The outline of the band between least and greatest sample: along the greatest, back along the least.
std::vector<Point> band_of(std::span<const float> samples, double start, const Frame& frame, double rate) {
  const size_t bands = std::min(kBands, samples.size());
  std::vector<Point> upper, lower;
  for (size_t i = 0; i < bands; ++i) {
    const size_t first = i * samples.size() / bands, last = (i + 1) * samples.size() / bands;
    float low = std::numeric_limits<float>::infinity(), high = -low;
    for (size_t k = first; k < last; ++k) {
      if (!std::isfinite(samples[k])) continue;
      low = std::min(low, samples[k]);
      high = std::max(high, samples[k]);
    }
    if (low > high) continue;
    const double second = start + static_cast<double>(first + last - 1) / 2 / rate;
    const double x = frame.x(std::clamp(second, frame.x.low, frame.x.high));
    upper.push_back({x, frame.y(high) - 0.3});
    lower.push_back({x, frame.y(low) + 0.3});
  }
  upper.insert(upper.end(), lower.rbegin(), lower.rend());
  return upper;
}

/// Coefficients of a cepstrum: the first is loudness, far from all others, and says nothing of their colours.
std::pair<double, double> robust_limits(const Matrix& values) {
  std::vector<double> rest;
  for (size_t i = values.rows > 1 ? values.columns : 0; i < values.values.size(); ++i) {
    if (std::isfinite(values.values[i])) rest.push_back(values.values[i]);
  }
  if (rest.empty()) return limits_of(values.values, 0);
  std::sort(rest.begin(), rest.end());
  const auto at = [&](double share) { return rest[static_cast<size_t>(share * static_cast<double>(rest.size() - 1))]; };
  const double far = 2 * (at(0.75) - at(0.25));  // the second coefficient lies beyond that, as the first does
  return {std::max(rest.front(), at(0.25) - far), std::min(rest.back(), at(0.75) + far)};
}

/// "frequency (Hz)"; in a low panel, which has its title, the unit alone.
std::string fitting(const std::string& word, const std::string& unit, double height, const Look& look) {
  const std::string label = labelled(word, unit);
  return unit.empty() || measure(label, {look.text}).width <= height ? label : unit;
}

/// The line from the last point before the limits to the first one behind them, cut at the limits.
std::vector<std::vector<Point>> pieces_of(const Series& series, const Frame& frame) {
  std::vector<std::vector<Point>> pieces(1);
  for (size_t i = 0; i < series.x.size(); ++i) {
    const bool seen = std::isfinite(series.y[i]) && series.x[i] >= frame.x.low && series.x[i] <= frame.x.high;
    if (seen) {
      pieces.back().push_back({frame.x(series.x[i]), frame.y(std::clamp(series.y[i], frame.y.low, frame.y.high))});
    } else if (!pieces.back().empty()) {
      pieces.emplace_back();
    }
  }
  return pieces;
}

}  // namespace

WavePanel::WavePanel(audio::Clip clip, int channel, double peak)
    : clip_(std::move(clip)), channel_(channel), peak_(peak > 0 ? peak : peak_of(clip_.channel(channel))) {
  if (clip_.length() == 0 || clip_.rate <= 0) throw ArgumentError("show: a clip without samples has no picture");
}

Axis WavePanel::upwards(double height, const Look& look) const {
  std::string name = clip_.channels > 1 ? "channel " + std::to_string(channel_ + 1) : "amplitude";
  if (measure(name, {look.text}).width > height) name = clip_.channels > 1 ? std::to_string(channel_ + 1) : "wave";
  if (limits) return {name, limits->first, limits->second};
  return {name, -peak_ * 1.05, peak_ * 1.05};
}

void WavePanel::draw(Canvas& canvas, const Frame& frame, const Look&) const {
  const auto samples = clip_.channel(channel_);
  const auto [from, to] = seen_of(samples.size(), 0, 1.0 / clip_.rate, frame.x.low, frame.x.high);
  if (from == to) return;
  const auto band =
      band_of(samples.subspan(from, to - from), static_cast<double>(from) / clip_.rate, frame, clip_.rate);
  if (limits) {
    canvas.clipped(frame.plot, [&](Canvas& inside) { inside.polygon(band, kBar); });
  } else {
    canvas.polygon(band, kBar);
  }
}

ImagePanel::ImagePanel(Matrix values, Axes axes, ImageLook look)
    : values_(std::move(values)), axes_(std::move(axes)), look_(std::move(look)) {
  if (values_.rows == 0 || values_.columns == 0) throw ArgumentError("show: an empty matrix has no picture");
  // refused here, not when it is drawn
  if (look_.limits) rows_between(axes_.places, values_.rows, *look_.limits, axes_.rows_unit);
  if (!look_.map) look_.map = viridis;
  auto [low, high] = axes_.measure == Measure::cepstrum ? robust_limits(values_) : limits_of(values_.values, 0);
  if (!look_.low) look_.low = low;
  if (!look_.high) look_.high = high;
  if (*look_.low < *look_.high) return;
  look_.low = *look_.low - 0.5;
  look_.high = *look_.low + 1;
}

std::pair<double, double> ImagePanel::seconds() const {
  // a column is centred at its time, so its cell begins half a step before; nothing is heard before 0
  const double step = axes_.step(), first = axes_.start - step / 2;
  return {axes_.start == 0 ? 0 : first, first + step * static_cast<double>(values_.columns)};
}

Axis ImagePanel::upwards(double height, const Look& look) const {
  const std::string label = !look_.label.empty()
                                ? look_.label
                                : fitting(axes_.rows.empty() ? "row" : axes_.rows, axes_.rows_unit, height, look);
  Axis y{label, 0, static_cast<double>(values_.rows), {}, false};
  if (look_.limits) std::tie(y.low, y.high) = rows_between(axes_.places, values_.rows, *look_.limits);
  const double all = height * static_cast<double>(values_.rows) / (y.high - y.low);
  if (!axes_.places.empty()) {
    y.ticks = place_ticks(axes_.places, all, look);
  } else if (!axes_.names.empty()) {
    y.ticks = name_ticks(axes_.names);
  } else {
    y.ticks = counted_ticks(values_.rows, static_cast<int>(height / (look.small * 3)));
  }
  return y;
}

void ImagePanel::draw(Canvas& canvas, const Frame& frame, const Look&) const {
  const double step = axes_.step(), first = axes_.start - step / 2;
  const auto [from, to] = seen_of(values_.columns, first, step, frame.x.low, frame.x.high);
  const auto low = static_cast<size_t>(std::floor(frame.y.low)), high = static_cast<size_t>(std::ceil(frame.y.high));
  if (from >= to) return;
  // whole cells, cut at the frame: the canvas draws nothing outside of it
  Matrix seen(high - low, to - from);
  for (size_t row = low; row < high; ++row) {
    for (size_t column = from; column < to; ++column) seen(row - low, column - from) = values_(row, column);
  }
  const double left = frame.x(first + step * static_cast<double>(from));
  const double right = frame.x(first + step * static_cast<double>(to));
  const Box cells{left, frame.y(static_cast<double>(high)), right - left,
                  frame.y(static_cast<double>(low)) - frame.y(static_cast<double>(high))};
  canvas.clipped(frame.plot,
                 [&](Canvas& inside) { inside.raster(cells, raster_of(seen, *look_.low, *look_.high, look_.map)); });
}

double ImagePanel::bar(Canvas* canvas, const Box& box, const Look& look) const {
  return draw_range_bar(canvas, box, *look_.low, *look_.high, fitting(axes_.values, axes_.unit, box.height, look),
                        look_.map, look);
}

std::optional<double> ImagePanel::place_of(double value, const std::string& unit) const {
  if (unit != axes_.rows_unit) return std::nullopt;
  if (!axes_.places.empty()) return row_at(axes_.places, value);
  if (!axes_.names.empty()) return std::nullopt;
  return value - 0.5;  // rows are counted from 1
}

CurvePanel::CurvePanel(std::vector<Series> series, std::string label, std::string unit)
    : series_(std::move(series)), label_(std::move(label)), unit_(std::move(unit)) {}

std::pair<double, double> CurvePanel::seconds() const {
  std::vector<double> all;
  for (const auto& one : series_) all.insert(all.end(), one.x.begin(), one.x.end());
  return limits_of(all, 0);
}

Axis CurvePanel::upwards(double height, const Look& look) const {
  std::vector<double> all;
  for (const auto& one : series_) all.insert(all.end(), one.y.begin(), one.y.end());
  const auto [low, high] = limits ? *limits : limits_of(all, 0.06);
  return {fitting(label_, unit_, height, look), low, high};
}

void CurvePanel::draw(Canvas& canvas, const Frame& frame, const Look& look) const {
  for (const auto& [from, to] : shaded) {
    const double left = frame.x(std::max(from, frame.x.low)), right = frame.x(std::min(to, frame.x.high));
    if (left < right) canvas.fill({left, frame.plot.y, right - left, frame.plot.height}, kAccent.with_alpha(0.1));
  }
  for (size_t i = 0; i < series_.size(); ++i) {
    const Colour colour = class_look(i).colour;
    for (const auto& piece : pieces_of(series_[i], frame)) {
      if (piece.size() > 1) canvas.polyline(piece, {colour, look.line});
      if (piece.size() == 1) canvas.disc(piece[0], look.line, colour);
    }
  }
}

std::optional<double> CurvePanel::place_of(double value, const std::string& unit) const {
  if (unit.empty() || unit != unit_) return std::nullopt;
  return value;
}

}  // namespace lumir::report
