// A matrix as a picture: spectrograms, chroma, features over time, similarity.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/matrix.h"
#include "report/figure.h"

namespace lumir::report {

struct MatrixOptions {
  std::string x_label = "column";
  std::string y_label = "row";
  std::string unit;                    // of the values: "dB"
  double frame_rate = 0;               // columns for each second: the x axis is then time in s, frames at their centres
  std::vector<double> hertz;           // middle of each row in Hz: the y axis is then frequency, wherever the rows lie
  std::vector<std::string> row_names;  // names in place of numbers: C, C#, D ...
  std::optional<double> low, high;     // limits of the colours; of the values where not given
};

class MatrixFigure final : public Figure {
 public:
  /// `values` is [rows, columns]; the first row stands at the bottom, as frequencies do.
  MatrixFigure(Matrix values, MatrixOptions options);
  void draw(Canvas& canvas, const Box& box, const Look& look) const override;

 private:
  Matrix values_;
  MatrixOptions options_;
};

/// Middle frequencies of `n` mel bands between two limits (Slaney's scale, as librosa's default).
std::vector<double> mel_frequencies(int n, double fmin, double fmax);

}  // namespace lumir::report
