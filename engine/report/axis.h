// Axes: ticks at round numbers, labels that never overlap, a unit in words.

#pragma once

#include <string>
#include <vector>

#include "report/colours.h"
#include "report/figure.h"

namespace lumir::report {

struct Tick {
  double value = 0;
  std::string label;
};

/// From a number to a place on the canvas; `to` may be less than `from`.
struct Scale {
  double low = 0;
  double high = 1;
  double from = 0;
  double to = 1;
  double operator()(double value) const { return from + (value - low) / (high - low) * (to - from); }
};

struct Axis {
  std::string label;  // with its unit: "time (s)"
  double low = 0;
  double high = 1;
  std::vector<Tick> ticks = {};  // round numbers where empty; ticks that have no room are left out
  bool grid = true;
  bool whole = false;  // counts, as epochs are: no ticks between them
  bool labels = true;  // numbers at the ticks; none where another panel on the same axis has them
};

/// Round numbers (1, 2, 5 times a power of ten) in low..high, at most `most` of them, not nearer than `least`.
std::vector<Tick> round_ticks(double low, double high, int most, double least = 0);
/// Whole numbers from 1 to n, each in the middle of its row or column of cells, which are 1 wide.
std::vector<Tick> counted_ticks(size_t n, int most);
/// The limits of the values, with a little room; { 0, 1 } for none, and never of no width.
std::pair<double, double> limits_of(const std::vector<double>& values, double room = 0.04);
/// A colour bar's or axis's number: as many digits as the step needs, so 110 is 110.
std::string tick_text(double value, double step);

/// A frame with both axes inside the box.
struct Frame {
  Box plot;  // what the data may use
  Scale x;
  Scale y;
};
/// `least_left` is room for the labels of y that is kept at least: panels below each other begin at one place.
Frame draw_axes(Canvas& canvas, const Box& box, const Axis& x, const Axis& y, const Look& look, double least_left = 0);
/// What the labels of y take at the left of a plot in a box of that height.
double left_of_plot(const Axis& y, double height, const Look& look);
/// What lies below a plot, and above it.
double below_plot(const Axis& x, const Look& look);
double above_plot(const Look& look);

/// A vertical bar of colours with its limits, as wide as the returned width says; draws nothing where canvas is null.
double draw_range_bar(Canvas* canvas, const Box& box, double low, double high, const std::string& label,
                      Colour (*map)(double), const Look& look);

/// One entry of a legend.
struct LegendEntry {
  std::string name;
  Colour colour;
  Marker marker = Marker::circle;
  std::vector<double> dashes = {};
  bool line = false;
};
/// A legend at the right of the box, in as many columns as it needs; returns what is left for the data.
Box draw_legend(Canvas& canvas, const Box& box, const std::string& title, const std::vector<LegendEntry>& entries,
                const Look& look);

}  // namespace lumir::report
