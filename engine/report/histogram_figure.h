// How the numbers of columns are spread: a histogram for each column, the classes one upon the other.

#pragma once

#include <string>
#include <vector>

#include "core/matrix.h"
#include "report/figure.h"

namespace lumir::report {

class HistogramFigure final : public Figure {
 public:
  /// `x` is [rows, columns], its NaN are left out; `which` has each row's class from 0, or is empty.
  HistogramFigure(Matrix x, std::vector<std::string> columns, int bins, std::vector<int> which = {},
                  std::vector<std::string> classes = {}, std::string label = "");
  void draw(Canvas& canvas, const Box& box, const Look& look) const override;

 private:
  void draw_column(Canvas& canvas, const Box& box, size_t column, const Look& look) const;

  Matrix x_;
  std::vector<std::string> columns_;
  int bins_;
  std::vector<int> which_;
  std::vector<std::string> classes_;
  std::string label_;
};

}  // namespace lumir::report
