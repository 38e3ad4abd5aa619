// Figures as they were drawn, for a report that is laid out anew without what its figures were made of.
//
// While a report is drawn, a Recorder stands for each of its figures and writes down every call that the figure makes,
// in each size in which it is drawn. From that, a RecordedFigure draws it again: in a box of one of those sizes as it
// was, in another one scaled.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/value.h"
#include "report/figure.h"

namespace lumir::report {

/// What was drawn into a box of that size.
struct Recording {
  Size size;
  List calls;
};

class Recorder final : public Figure {
 public:
  explicit Recorder(FigurePtr figure);
  void draw(Canvas& canvas, const Box& box, const Look& look) const override;
  Size size(Medium medium) const override { return figure_->size(medium); }
  /// Name, title, caption, sizes and all that was recorded.
  Value to_value() const;

 private:
  FigurePtr figure_;
  mutable std::vector<Recording> recordings_;
};

class RecordedFigure final : public Figure {
 public:
  /// Throws Error for what no Recorder has written.
  explicit RecordedFigure(const Value& value);
  void draw(Canvas& canvas, const Box& box, const Look& look) const override;
  Size size(Medium medium) const override;

 private:
  std::vector<Recording> recordings_;
  Size slide_, column_;
};

}  // namespace lumir::report
