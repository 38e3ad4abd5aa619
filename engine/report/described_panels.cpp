// From axes to panels.

#include "report/described_panels.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.h"
#include "report/place_ticks.h"
#include "report/result_figures.h"
#include "signal/mel_scale.h"

namespace lumir::report {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// f0, whether there is voice, how probable that is: what pyin gives.
bool is_pitch(const Axes& axes) { return axes.rows == "pitch" && axes.names.size() == 3 && axes.unit == "Hz"; }

std::vector<double> seconds_of(const Matrix& values, const Axes& axes) {
  std::vector<double> seconds;
  for (size_t t = 0; t < values.columns; ++t) seconds.push_back(axes.start + axes.step() * static_cast<double>(t));
  return seconds;
}

std::vector<double> row_of(const Matrix& values, size_t row) {
  const auto numbers = values.row(row);
  return {numbers.begin(), numbers.end()};
}

/// The only row. A frequency of 0 Hz is none (silence, no voice), a difference of 0 Hz is a number like any other.
std::vector<double> single_row(const Matrix& values, const Axes& axes) {
  std::vector<double> row = row_of(values, 0);
  const bool difference = axes.values.find("difference") != std::string::npos;  // as the axes that travel say it
  for (double& value : row) {
    if (axes.unit == "Hz" && !difference && value == 0) value = kNone;
  }
  return row;
}

std::vector<double> voiced_pitch(const Matrix& values) {
  std::vector<double> pitch = row_of(values, 0);
  for (size_t t = 0; t < pitch.size(); ++t) {
    if (!(values(1, t) > 0) || !(pitch[t] > 0)) pitch[t] = kNone;
  }
  return pitch;
}

/// Decibels below the greatest number, by the rule of what the numbers are.
void to_decibels(Matrix& values, Axes& axes, double top_db) {
  const double factor = axes.measure == Measure::power ? 10 : 20;
  double greatest = 0;
  for (const double value : values.values) {
    if (std::isfinite(value)) greatest = std::max(greatest, value);
  }
  if (greatest == 0) greatest = 1;
  for (double& value : values.values) {
    if (!std::isnan(value)) value = std::max(-top_db, factor * std::log10(std::max(value, 1e-30) / greatest));
  }
  const size_t at = axes.values.find(" at ");  // of one row, one moment
  axes.values = "level" + (at == std::string::npos ? "" : axes.values.substr(at));
  axes.unit = "dB";
  axes.measure = Measure::decibels;
}

/// Rows at other places: each takes the numbers of the row that is nearest to it.
Matrix at_places(const Matrix& values, const std::vector<double>& from, const std::vector<double>& to) {
  Matrix out(to.size(), values.columns);
  size_t nearest = 0;
  for (size_t row = 0; row < to.size(); ++row) {
    while (nearest + 1 < from.size() && std::fabs(from[nearest + 1] - to[row]) <= std::fabs(from[nearest] - to[row])) {
      ++nearest;
    }
    const auto numbers = values.row(nearest);
    std::copy(numbers.begin(), numbers.end(), out.row(row).begin());
  }
  return out;
}

/// As many rows as before or more, evenly spaced on that scale between the lowest and the highest frequency above 0.
void rescale(Matrix& values, Axes& axes, const std::string& scale) {
  const bool tempi = axes.rows_unit == "BPM";
  if (axes.places.size() < 2 || !(axes.rows_unit == "Hz" || (tempi && scale != "mel"))) {
    throw ArgumentError("show: 'scale' = '" + scale + "' needs rows at frequencies");
  }
  const auto& from = axes.places;
  const double low = scale == "log" ? std::max(from[0], from[1] > 0 && from[0] <= 0 ? from[1] : from[0]) : from.front();
  const double high = from.back();
  const size_t n = std::max<size_t>(from.size(), 512);
  std::vector<double> to;
  for (size_t i = 0; i < n; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(n - 1);
    if (scale == "log") {
      to.push_back(low * std::pow(high / low, share));
    } else if (scale == "mel") {
      const double mel = signal::hz_to_mel(low) + share * (signal::hz_to_mel(high) - signal::hz_to_mel(low));
      to.push_back(signal::mel_to_hz(mel));
    } else {
      to.push_back(low + share * (high - low));
    }
  }
  values = at_places(values, from, to);
  axes.places = std::move(to);
}

/// Lags as the tempi that they stand for, the slowest first; a lag of 0 stands for none.
void lags_to_tempi(Matrix& values, Axes& axes) {
  const size_t none = axes.places[0] > 0 ? 0 : 1;
  Matrix turned(values.rows - none, values.columns);
  std::vector<double> tempi;
  for (size_t row = values.rows; row-- > none;) {
    const auto numbers = values.row(row);
    std::copy(numbers.begin(), numbers.end(), turned.row(tempi.size()).begin());
    tempi.push_back(60 / axes.places[row]);
  }
  values = std::move(turned);
  axes.places = std::move(tempi);
  axes.rows = "tempo";
  axes.rows_unit = "BPM";
}

/// The tempi that music has, where the rows reach so far: librosa's limits of a tempogram.
std::optional<std::pair<double, double>> limits_of_tempi(const std::vector<double>& places) {
  const double low = std::max(16.0, places.front()), high = std::min(480.0, places.back());
  if (low < high) return std::pair(low, high);
  return std::nullopt;
}

/// Limits are in BPM where lags became tempi: who gave them in s is told how to have lags.
void check_tempi(const std::vector<double>& tempi, const std::pair<double, double>& limits) {
  try {
    rows_between(tempi, tempi.size(), limits, "BPM");
  } catch (const ArgumentError& problem) {
    throw ArgumentError(std::string(problem.what()) + "; scale = 'linear' draws lags in s");
  }
}

/// Lags and tempi, as a tempogram has them, upwards by octaves, unless the look says how they are to lie.
void lay_tempi(Matrix& values, Axes& axes, DescribedLook& look) {
  const bool lags = axes.rows == "lag" && values.rows > 2 && axes.places.size() == values.rows;
  if (!look.label.empty() || !(lags || axes.rows_unit == "BPM") || look.scale == "linear") return;
  if (lags) lags_to_tempi(values, axes);
  if (lags && look.limits) check_tempi(axes.places, *look.limits);
  if (axes.places.size() < 3 || !look.scale.empty()) return;
  if (!look.limits) look.limits = limits_of_tempi(axes.places);
  look.scale = "log";
}

/// A curve under its own name, or under the words of the look.
std::shared_ptr<CurvePanel> curve_panel(Series series, const std::string& unit, const DescribedLook& look) {
  const std::string name = look.label.empty() ? series.name : look.label;
  const std::string own = look.label.empty() ? unit : "";
  auto panel =
      std::make_shared<CurvePanel>(std::vector<Series>{std::move(series)}, name, look.unit.empty() ? own : look.unit);
  panel->limits = look.limits;
  return panel;
}

std::vector<TimePanelPtr> pitch_panels(const Matrix& values, const Axes& axes, const DescribedLook& look) {
  const auto seconds = seconds_of(values, axes);
  auto pitch = curve_panel({"f0", seconds, voiced_pitch(values)}, "Hz", look);
  auto voice = std::make_shared<CurvePanel>(std::vector<Series>{{"voiced", seconds, row_of(values, 2)}}, "voiced", "");
  voice->limits = {0, 1.04};
  for (size_t t = 0; t < values.columns; ++t) {
    if (!(values(1, t) > 0)) continue;
    const double from = seconds[t] - axes.step() / 2, to = from + axes.step();
    auto& shaded = pitch->shaded;
    if (!shaded.empty() && std::fabs(shaded.back().second - from) < axes.step() / 100) {
      shaded.back().second = to;
    } else {
      shaded.emplace_back(from, to);
    }
  }
  voice->shaded = pitch->shaded;
  return {pitch, voice};
}

}  // namespace

std::vector<TimePanelPtr> panels_of(const audio::Clip& clip, const std::optional<std::pair<double, double>>& limits) {
  if (clip.length() == 0 || clip.rate <= 0) throw ArgumentError("show: a clip without samples has no picture");
  double peak = 0;
  for (const float sample : clip.samples) {
    if (std::isfinite(sample)) peak = std::max(peak, std::fabs(static_cast<double>(sample)));
  }
  std::vector<TimePanelPtr> panels;
  for (int channel = 0; channel < clip.channels; ++channel) {
    auto panel = std::make_shared<WavePanel>(clip, channel, peak);
    panel->limits = limits;
    panels.push_back(std::move(panel));
  }
  return panels;
}

std::vector<TimePanelPtr> panels_of(const Matrix& values, const Axes& axes, const DescribedLook& look) {
  if (is_pitch(axes) && values.rows == 3) return pitch_panels(values, axes, look);
  Matrix shown = values;
  Axes of_shown = axes;
  if (look.db && axes.is_spectrum()) to_decibels(shown, of_shown, look.top_db);
  if (values.rows == 1) {
    const std::string name = of_shown.values.empty() ? "value" : of_shown.values;
    return {curve_panel({name, seconds_of(values, axes), single_row(shown, axes)}, of_shown.unit, look)};
  }
  DescribedLook how = look;
  lay_tempi(shown, of_shown, how);
  if (!how.unit.empty()) of_shown.unit = how.unit;
  const bool lies_so = of_shown.rows == "lag" && how.scale == "linear";
  if (!how.scale.empty() && !lies_so) rescale(shown, of_shown, how.scale);
  return {std::make_shared<ImagePanel>(std::move(shown), std::move(of_shown), how)};
}

std::shared_ptr<CurveFigure> rows_figure(const std::vector<double>& values, const Axes& axes,
                                         const DescribedLook& look) {
  Matrix shown(1, values.size());
  std::copy(values.begin(), values.end(), shown.values.begin());
  Axes of_shown = axes;
  if (look.db && axes.is_spectrum()) to_decibels(shown, of_shown, look.top_db);
  Series series{of_shown.values.empty() ? "value" : of_shown.values, axes.places, row_of(shown, 0)};
  for (size_t i = series.x.size(); i < values.size(); ++i) series.x.push_back(static_cast<double>(i + 1));
  const std::string unit = look.unit.empty() ? of_shown.unit : look.unit;
  const std::string across = axes.rows.empty() ? "row" : axes.rows;
  auto figure = std::make_shared<CurveFigure>(std::vector{series},
                                              look.label.empty() ? labelled(across, axes.rows_unit) : look.label,
                                              labelled(series.name, unit));
  for (size_t i = 0; i < axes.names.size(); ++i) figure->x_ticks.push_back({series.x[i], axes.names[i]});
  figure->y_limits = look.limits;
  return figure;
}

std::optional<TimeLine> line_of(const Matrix& values, const Axes& axes) {
  if (is_pitch(axes) && values.rows == 3)
    return TimeLine{axes.of, "Hz", seconds_of(values, axes), voiced_pitch(values)};
  if (values.rows != 1) return std::nullopt;
  return TimeLine{axes.of, axes.unit, seconds_of(values, axes), single_row(values, axes)};
}

namespace {

/// "a_name" in words.
std::string spoken(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

}  // namespace

FigurePtr example_figure(const audio::Clip& clip, std::span<const float> values, const Axes& axes,
                         const std::string& name, bool synthetic) {
  constexpr double kShown = 10;  // s
  const size_t rows = axes.places.size();
  Matrix bands(rows, values.size() / rows);
  std::copy(values.begin(), values.end(), bands.values.begin());
  auto panels = panels_of(clip);
  for (auto& panel : panels_of(bands, axes, {})) panels.push_back(std::move(panel));
  auto figure = std::make_shared<TimeFigure>(std::move(panels));
  figure->limits = std::pair(0.0, std::min(kShown, clip.seconds()));
  figure->name = "example";
  figure->title = marked("One recording as it is heard", synthetic);
  figure->caption = "The wave and the " + spoken(axes.of) + " of " + name + ", as the chain hears them.";
  return figure;
}

}  // namespace lumir::report
