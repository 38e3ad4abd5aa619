// Words with some of them bold or in a fixed width: what a recipe's Markdown asks for inside a line.

#pragma once

#include <string>
#include <vector>

#include "report/canvas.h"

namespace lumir::report {

/// A stretch of a line in one look.
struct Run {
  std::string text;
  bool bold = false;
  bool code = false;
};
using RichLine = std::vector<Run>;

/// **bold**, `code` and $formulas$, which stay text, as runs; a mark without its other half stands as it is.
RichLine runs_of(const std::string& text);
/// As one text again, with its marks where it is rich.
std::string source_of(const RichLine& line, bool rich);
/// Without any mark.
std::string unmarked(const std::string& text);
/// Lines of a text that may hold marks, broken as wrap() breaks.
std::vector<RichLine> rich_wrap(const std::string& text, const TextStyle& style, double width);
/// From the left end of the baseline on.
void draw_line(Canvas& canvas, const Point& at, const RichLine& line, const TextStyle& style);

}  // namespace lumir::report
