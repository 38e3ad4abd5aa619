// Pixels of a picture, for terminals that take no files.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lumir::report {

struct Pixels {
  int width = 0;
  int height = 0;
  std::vector<uint32_t> colours;  // 0xRRGGBB, row by row

  uint32_t at(int column, int row) const { return colours[static_cast<size_t>(row) * width + column]; }
};

/// A PNG's pixels on white; a picture beyond `most_width` or `most_height` is made smaller, with its proportions. Throws
/// Error where the bytes are no PNG.
Pixels pixels_of_png(const std::string& png, int most_width, int most_height);

}  // namespace lumir::report
