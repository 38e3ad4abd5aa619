// Several figures in one picture, in rows: a clip of each genre, a histogram of each column.

#pragma once

#include <vector>

#include "report/figure.h"

namespace lumir::report {

/// So many boxes side by side and in rows, as near to the form of a slide as may be.
std::vector<Box> cells_of(const Box& box, size_t n, const Look& look);
/// Sizes for one of several pictures.
Look in_panel(const Look& look);

class PanelsFigure final : public Figure {
 public:
  explicit PanelsFigure(std::vector<FigurePtr> figures);
  /// Each under its own title.
  void draw(Canvas& canvas, const Box& box, const Look& look) const override;

 private:
  std::vector<FigurePtr> figures_;
};

}  // namespace lumir::report
