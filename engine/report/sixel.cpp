// Six rows at a time, colour by colour: a letter tells in which of six pixels of a column the colour is.
//
// vt100.net/docs/vt3xx-gp/chapter14.html

#include "report/sixel.h"

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

namespace lumir::report {
namespace {

constexpr size_t kMostColours = 256;
constexpr int kBand = 6;

int channel(uint32_t colour, int shift) { return static_cast<int>(colour >> shift & 0xFF); }

int distance(uint32_t a, uint32_t b) {
  int sum = 0;
  for (const int shift : {16, 8, 0}) {
    const int apart = channel(a, shift) - channel(b, shift);
    sum += apart * apart;
  }
  return sum;
}

/// Of 15 bits: the middle of the eight values that become one in each channel.
uint32_t coarse(uint32_t colour) { return (colour & 0xF8F8F8) | 0x040404; }

std::unordered_map<uint32_t, size_t> counts_of(const std::vector<uint32_t>& pixels) {
  std::unordered_map<uint32_t, size_t> counts;
  for (const uint32_t pixel : pixels) ++counts[pixel];
  return counts;
}

/// The colours of a picture and which of them each pixel has.
struct Palette {
  std::vector<uint32_t> colours;
  std::vector<uint8_t> of_pixel;
};

Palette palette_of(const Pixels& picture) {
  std::vector<uint32_t> pixels = picture.colours;
  auto counts = counts_of(pixels);
  if (counts.size() > kMostColours) {
    for (uint32_t& pixel : pixels) pixel = coarse(pixel);
    counts = counts_of(pixels);
  }
  std::vector<std::pair<uint32_t, size_t>> ranked(counts.begin(), counts.end());
  std::sort(ranked.begin(), ranked.end(),
            [](const auto& a, const auto& b) { return std::pair(b.second, a.first) < std::pair(a.second, b.first); });
  Palette palette;
  for (size_t i = 0; i < std::min(ranked.size(), kMostColours); ++i) palette.colours.push_back(ranked[i].first);
  std::unordered_map<uint32_t, uint8_t> nearest;
  for (const auto& [colour, count] : ranked) {
    const auto closer = [colour = colour](uint32_t a, uint32_t b) { return distance(a, colour) < distance(b, colour); };
    const auto found = std::min_element(palette.colours.begin(), palette.colours.end(), closer);
    nearest[colour] = static_cast<uint8_t>(found - palette.colours.begin());
  }
  for (const uint32_t pixel : pixels) palette.of_pixel.push_back(nearest.at(pixel));
  return palette;
}

/// A letter several times, "!12~" from four on.
void add_run(std::string& out, char letter, int count) {
  constexpr int kShort = 3;
  out += count > kShort ? "!" + std::to_string(count) + letter : std::string(static_cast<size_t>(count), letter);
}

/// The columns of one colour in a band; empty ones at the end are left out.
std::string line_of(const std::vector<uint8_t>& bits) {
  constexpr char kFirst = '?';
  std::string out;
  const auto end = std::find_if(bits.rbegin(), bits.rend(), [](uint8_t b) { return b != 0; }).base();
  for (auto from = bits.begin(); from != end;) {
    const auto to = std::find_if(from, end, [&](uint8_t b) { return b != *from; });
    add_run(out, static_cast<char>(kFirst + *from), static_cast<int>(to - from));
    from = to;
  }
  return out;
}

std::string band_of(const Pixels& picture, const Palette& palette, int first) {
  std::map<uint8_t, std::vector<uint8_t>> by_colour;
  for (int row = first; row < std::min(first + kBand, picture.height); ++row) {
    for (int column = 0; column < picture.width; ++column) {
      auto& bits = by_colour[palette.of_pixel[static_cast<size_t>(row) * picture.width + column]];
      bits.resize(static_cast<size_t>(picture.width));
      bits[static_cast<size_t>(column)] |= static_cast<uint8_t>(1 << (row - first));
    }
  }
  std::string out;
  for (const auto& [colour, bits] : by_colour) {
    out += (out.empty() ? "#" : "$#") + std::to_string(colour) + line_of(bits);
  }
  return out;
}

}  // namespace

std::string sixel(const Pixels& picture) {
  constexpr int kShare = 100, kFull = 255;  // colours are told in hundredths
  const Palette palette = palette_of(picture);
  std::string out = "\033P0;1q\"1;1;" + std::to_string(picture.width) + ";" + std::to_string(picture.height);
  for (size_t i = 0; i < palette.colours.size(); ++i) {
    out += "#" + std::to_string(i) + ";2";
    for (const int shift : {16, 8, 0}) {
      out += ";" + std::to_string((channel(palette.colours[i], shift) * kShare + kFull / 2) / kFull);
    }
  }
  for (int row = 0; row < picture.height; row += kBand) out += band_of(picture, palette, row) + "-";
  return out + "\033\\";
}

}  // namespace lumir::report
