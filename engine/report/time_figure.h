// Figures over time: a waveform, spectrograms and curves below each other on one axis of seconds, with beats, onsets and
// pitches drawn over them.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "report/axis.h"
#include "report/figure.h"

namespace lumir::report {

/// Something over time; each kind has a class of its own in time_panels.h.
class TimePanel {
 public:
  virtual ~TimePanel() = default;
  std::string title;  // above it, where there are several

  /// The seconds that it covers.
  virtual std::pair<double, double> seconds() const = 0;
  /// What goes upwards in a plot of that height.
  virtual Axis upwards(double height, const Look& look) const = 0;
  /// Between the axes, in seconds and in numbers of upwards().
  virtual void draw(Canvas& canvas, const Frame& frame, const Look& look) const = 0;
  /// A bar of colours beside the plot: how wide it is, and itself; nothing where canvas is null.
  virtual double bar(Canvas* canvas, const Box& box, const Look& look) const;
  /// Where a value of that unit lies upwards; nothing where the panel knows no such unit.
  virtual std::optional<double> place_of(double value, const std::string& unit) const = 0;
  /// Its share of the height of all panels.
  virtual double weight() const { return 1; }
};
using TimePanelPtr = std::shared_ptr<const TimePanel>;

/// Moments of the recording: beats, onsets.
struct TimeMarks {
  std::string name;
  std::vector<double> seconds;
};
/// A line over every panel that knows its unit: a pitch over a spectrogram.
struct TimeLine {
  std::string name;
  std::string unit;
  std::vector<double> seconds;
  std::vector<double> values;  // NaN leaves a gap
};

class TimeFigure final : public Figure {
 public:
  /// Throws ArgumentError where there is nothing to draw.
  TimeFigure(std::vector<TimePanelPtr> panels, std::vector<TimeMarks> marks = {}, std::vector<TimeLine> lines = {});
  /// What is shown of the time in s; all of it where not given.
  std::optional<std::pair<double, double>> limits;
  std::string across = "time (s)";  // below the last panel
  /// The seconds that any panel covers.
  std::pair<double, double> seconds() const;
  void draw(Canvas& canvas, const Box& box, const Look& look) const override;
  Size size(Medium medium) const override;

 private:
  std::vector<LegendEntry> legend() const;
  /// How wide, of all panels with plots of these heights, are the labels at the left and the bars at the right.
  std::pair<double, double> margins(double plots, const Look& look) const;
  double weights() const;
  void draw_over(Canvas& canvas, const Frame& frame, const TimePanel& panel, const Look& look) const;

  std::vector<TimePanelPtr> panels_;
  std::vector<TimeMarks> marks_;
  std::vector<TimeLine> lines_;
};

}  // namespace lumir::report
