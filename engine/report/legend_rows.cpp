// Drawing a legend in rows.

#include "report/legend_rows.h"

#include <algorithm>

namespace lumir::report {

Box draw_legend_rows(Canvas& canvas, const Box& box, const std::vector<LegendEntry>& entries, const Look& look) {
  if (entries.empty()) return box;
  const TextStyle style{look.small, Weight::normal, kInk};
  const double row = line_height(style) * 1.15, gap = look.small * 1.4;
  double x = box.x, y = box.y;
  for (const LegendEntry& entry : entries) {
    const double sign = style.size * (entry.line ? 2.2 : 1.3);
    const std::string name = shorten(entry.name, style, box.width - sign);
    const double width = sign + measure(name, style).width;
    if (x > box.x && x + width > box.right()) {
      x = box.x;
      y += row;
    }
    const double middle = y + row / 2;
    if (entry.line) {
      canvas.line({x, middle}, {x + style.size * 1.7, middle}, {entry.colour, look.line * 1.3, entry.dashes});
    } else {
      canvas.marker({x + style.size * 0.4, middle}, entry.marker, std::min(look.marker, style.size), entry.colour);
    }
    canvas.text({x + sign, middle}, name, style, Across::left, Down::middle);
    x += width + gap;
  }
  const double used = y + row + look.small * 0.3 - box.y;
  return {box.x, box.y + used, box.width, box.height - used};
}

}  // namespace lumir::report
