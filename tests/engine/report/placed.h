// What a drawing's texts say of it: whether all of them lie inside and apart.

#pragma once

#include <string>

#include "report/canvas.h"

namespace lumir::tests {

using report::Box;
using report::Drawing;
using report::PlacedText;
using report::Size;
using report::texts_of;

inline bool inside(const PlacedText& text, const Size& size) {
  return text.box.x >= -0.01 && text.box.y >= -0.01 && text.box.right() <= size.width + 0.01 &&
         text.box.bottom() <= size.height + 0.01;
}

/// Lines have air above and below their letters: what must not meet is the letters.
inline bool overlap(const PlacedText& a, const PlacedText& b) {
  const auto letters = [](const PlacedText& text) {
    const double air = text.size * 0.2;
    return text.box.width > text.box.height ? text.box.inset(0.5, air) : text.box.inset(air, 0.5);
  };
  const Box p = letters(a), q = letters(b);
  return p.x < q.right() && q.x < p.right() && p.y < q.bottom() && q.y < p.bottom();
}

/// The first trouble in words; empty where all texts lie inside and apart.
inline std::string trouble(const Drawing& drawing, Size size) {
  const auto texts = texts_of(drawing);
  for (size_t i = 0; i < texts.size(); ++i) {
    if (!inside(texts[i], size)) return "cut: " + texts[i].line;
    for (size_t j = 0; j < i; ++j) {
      if (overlap(texts[i], texts[j])) return "overlap: " + texts[i].line + " and " + texts[j].line;
    }
  }
  return "";
}

inline std::string all_text(const Drawing& drawing) {
  std::string text;
  for (const auto& one : texts_of(drawing)) text += one.line + "\n";
  return text;
}

}  // namespace lumir::tests
