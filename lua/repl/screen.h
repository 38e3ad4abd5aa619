// What is being typed, as a terminal shows it: in colours, broken at its width, the cursor in its place.

#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "repl/edit_text.h"

namespace lumir::lua {

/// What stands before the text and below it.
struct Surroundings {
  std::string prompt;              // before the first line
  std::string next_prompt;         // before the others, as wide as the first
  std::vector<std::string> below;  // plain lines, cut at the terminal's width
  bool coloured = true;
};

/// Rows of a terminal, and where its cursor stands among them, from 0.
struct Picture {
  std::vector<std::string> rows;
  size_t row = 0;
  size_t column = 0;
};

/// Lays text out for a terminal of `width` columns; where it is higher than `height`, the rows around the cursor.
Picture picture_of(const EditText& text, const Surroundings& surroundings, size_t width, size_t height);

/// Draws pictures over each other.
class Screen {
 public:
  /// The bytes that put a picture in the place of the last one.
  std::string draw(const Picture& picture);
  /// The bytes that leave the last one standing, the cursor in the line below it.
  std::string leave();
  /// Forgets the last one: what comes next is drawn where the cursor stands.
  void forget() { row_ = 0, rows_ = 0; }

 private:
  size_t row_ = 0;  // of the cursor
  size_t rows_ = 0;
};

}  // namespace lumir::lua
