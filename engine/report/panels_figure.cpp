// Drawing several figures: titles small, everything else as each figure draws itself.

#include "report/panels_figure.h"

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "report/colours.h"

namespace lumir::report {

std::vector<Box> cells_of(const Box& box, size_t n, const Look& look) {
  constexpr double kForm = 1.5;  // of a panel, width to height
  const double count = static_cast<double>(n);
  const double across = std::clamp(std::round(std::sqrt(count * box.width / box.height / kForm)), 1.0, count);
  const double down = std::ceil(count / across), gap = look.text * 0.9;
  const double width = (box.width - gap * (across - 1)) / across, height = (box.height - gap * (down - 1)) / down;
  std::vector<Box> cells;
  for (size_t i = 0; i < n; ++i) {
    const double column = std::fmod(static_cast<double>(i), across), row = std::floor(static_cast<double>(i) / across);
    cells.push_back({box.x + column * (width + gap), box.y + row * (height + gap), width, height});
  }
  return cells;
}

Look in_panel(const Look& look) {
  return {look.text * 0.75, look.small * 0.75, look.text * 0.85, look.line * 0.8, look.marker * 0.7};
}

PanelsFigure::PanelsFigure(std::vector<FigurePtr> figures) : figures_(std::move(figures)) {
  if (figures_.empty()) throw ArgumentError("panels: there is nothing to draw");
}

void PanelsFigure::draw(Canvas& canvas, const Box& box, const Look& look) const {
  const auto cells = cells_of(box, figures_.size(), look);
  const Look small = in_panel(look);
  for (size_t i = 0; i < figures_.size(); ++i) {
    Box cell = cells[i];
    if (!figures_[i]->title.empty()) {
      const TextStyle style{small.title, Weight::bold, kInk};
      canvas.text({cell.x, cell.y}, shorten(figures_[i]->title, style, cell.width), style, Across::left, Down::top);
      const double used = line_height(style) * 1.1;
      cell.y += used;
      cell.height -= used;
    }
    figures_[i]->draw(canvas, cell, small);
  }
}

}  // namespace lumir::report
