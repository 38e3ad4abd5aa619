// Many small pictures of one kind on one sheet: filters, channels of a layer, heads of an attention, epochs.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/matrix.h"
#include "report/axis.h"

namespace lumir::report {

struct NamedImage {
  std::string name;  // stands above it
  Matrix values;
};

struct ImagesOptions {
  std::string x_label, y_label;    // of all of them, with units
  std::string unit;                // of the values
  std::vector<std::string> names;  // of rows and columns, where they are the same: classes
  bool first_on_top = false;  // as matrices are written; else the first row stands at the bottom, as frequencies do
  Colour (*map)(double) = viridis;
  bool around_zero = false;         // limits as far below zero as above it
  bool square = false;              // cells as wide as they are high
  std::optional<double> low, high;  // limits of the colours; of all values where not given
};

class ImagesFigure final : public Figure {
 public:
  /// Throws ArgumentError for none, and for one without cells.
  ImagesFigure(std::vector<NamedImage> images, ImagesOptions options);
  void draw(Canvas& canvas, const Box& box, const Look& look) const override;

 private:
  struct Grid;
  Grid grid_in(const Box& box, const Look& look) const;
  std::vector<Tick> row_ticks(size_t rows, double height, const Look& look) const;
  void draw_image(Canvas& canvas, const Box& box, size_t i, const Grid& grid, const Look& look) const;

  std::vector<NamedImage> images_;
  ImagesOptions options_;
  double low_ = 0, high_ = 1;
};

}  // namespace lumir::report
