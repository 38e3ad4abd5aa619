// What panels over time show: a waveform, rows of numbers as a picture, curves.

#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "audio/clip.h"
#include "core/axes.h"
#include "core/matrix.h"
#include "report/curve_figure.h"
#include "report/time_figure.h"

namespace lumir::report {

/// One channel of a clip. Where a pixel holds many samples, it shows their least and greatest.
class WavePanel final : public TimePanel {
 public:
  /// `peak` is the greatest size of a sample that is shown; the channel's own where it is 0.
  WavePanel(audio::Clip clip, int channel, double peak = 0);
  std::optional<std::pair<double, double>> limits;  // upwards; of the samples where not given
  std::pair<double, double> seconds() const override { return {0, clip_.seconds()}; }
  Axis upwards(double height, const Look& look) const override;
  void draw(Canvas& canvas, const Frame& frame, const Look& look) const override;
  std::optional<double> place_of(double, const std::string&) const override { return std::nullopt; }
  double weight() const override { return 0.6; }

 private:
  audio::Clip clip_;
  int channel_;
  double peak_;
};

/// How a picture of rows looks.
struct ImageLook {
  std::optional<double> low, high;                  // limits of the colours
  Colour (*map)(double) = nullptr;                  // null: viridis
  std::optional<std::pair<double, double>> limits;  // of what is shown upwards, in the rows' unit; else rows from 1
  std::string label = {};                           // of the rows, in place of what the axes call them
};

/// Rows of numbers over time: a spectrogram, chroma.
class ImagePanel final : public TimePanel {
 public:
  /// `values` is [rows, columns], a column every `axes.step()` seconds from `axes.start` on.
  ImagePanel(Matrix values, Axes axes, ImageLook look);
  std::pair<double, double> seconds() const override;
  Axis upwards(double height, const Look& look) const override;
  void draw(Canvas& canvas, const Frame& frame, const Look& look) const override;
  double bar(Canvas* canvas, const Box& box, const Look& look) const override;
  std::optional<double> place_of(double value, const std::string& unit) const override;

 private:
  Matrix values_;
  Axes axes_;
  ImageLook look_;
};

/// Curves over seconds, and stretches of time that are shaded.
class CurvePanel final : public TimePanel {
 public:
  CurvePanel(std::vector<Series> series, std::string label, std::string unit);
  std::vector<std::pair<double, double>> shaded = {};  // from, to
  std::optional<std::pair<double, double>> limits;     // upwards; of the values where not given
  std::pair<double, double> seconds() const override;
  Axis upwards(double height, const Look& look) const override;
  void draw(Canvas& canvas, const Frame& frame, const Look& look) const override;
  std::optional<double> place_of(double value, const std::string& unit) const override;
  double weight() const override { return 0.8; }

 private:
  std::vector<Series> series_;
  std::string label_;
  std::string unit_;
};

}  // namespace lumir::report
