// A matrix as a picture: spectrograms, chroma, features over time, similarity.

#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/matrix.h"
#include "report/axis.h"
#include "report/colours.h"
#include "report/figure.h"

namespace lumir::report {

struct MatrixOptions {
  std::string x_label = "column";
  std::string y_label = "row";
  std::string unit;                    // of the values: "dB"
  double frame_rate = 0;               // columns for each second: the x axis is then time in s, frames at their centres
  std::vector<double> hertz;           // middle of each row in Hz: the y axis is then frequency, wherever the rows lie
  std::vector<std::string> row_names;  // names in place of numbers: C, C#, D ...
  std::vector<std::string> column_names;
  bool numbers = false;             // the value on each cell that has room for it
  std::optional<double> low, high;  // limits of the colours; of the values where not given
  Colour (*map)(double) = viridis;
  // what is shown: across in s or columns, upwards in Hz or rows, both counted from 1; all of it where not given
  std::optional<std::pair<double, double>> x_limits = {}, y_limits = {};
  Matrix heat;  // laid over the values, which are grey then, and the unit is its; no rows: nothing
};

class MatrixFigure final : public Figure {
 public:
  /// `values` is [rows, columns]; the first row stands at the bottom, as frequencies do.
  MatrixFigure(Matrix values, MatrixOptions options);
  void draw(Canvas& canvas, const Box& box, const Look& look) const override;

 private:
  std::pair<double, double> columns_shown() const;
  std::pair<double, double> rows_shown() const;
  /// Where all cells lie, also those beyond the limits.
  Box cells_in(const Frame& frame) const;
  /// The values of the first colour and of the last, and those of the bar, which is of what has the colours.
  struct Range {
    double low, high, least, most;
    Colour (*map)(double);
  };
  Range range() const;
  Axis across(double width, bool turned, const Look& look) const;
  Axis upwards(double height, const Look& look) const;
  void draw_cells(Canvas& canvas, const Frame& frame, const Range& range, const Look& look) const;
  void draw_numbers(Canvas& canvas, const Frame& frame, const Range& range, const Look& look) const;
  Raster glowing(const Range& range) const;

  Matrix values_;
  MatrixOptions options_;
};

/// A cell is a pixel, or a mean of cells where there are more than a slide has pixels; `map` from 0 at `low` to 1 at `high`.
Raster raster_of(const Matrix& values, double low, double high, Colour (*map)(double), bool first_on_top = false);

/// Middle frequencies of `n` mel bands between two limits (Slaney's scale, as librosa's default).
std::vector<double> mel_frequencies(int n, double fmin, double fmax);

}  // namespace lumir::report
