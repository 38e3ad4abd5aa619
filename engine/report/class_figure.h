// Precision, recall and F1 of every class, as numbers and bars in one table.

#pragma once

#include <string>
#include <vector>

#include "evaluate/results.h"
#include "report/figure.h"

namespace lumir::report {

class ClassFigure final : public Figure {
 public:
  ClassFigure(std::vector<evaluate::ClassScores> classes, std::string label);
  void draw(Canvas& canvas, const Box& box, const Look& look) const override;
  Size size(Medium medium) const override;

 private:
  std::vector<evaluate::ClassScores> classes_;
  std::string label_;
};

}  // namespace lumir::report
