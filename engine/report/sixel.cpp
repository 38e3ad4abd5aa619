// Six rows at a time, colour by colour: a letter tells in which of six pixels of a column the colour is.
//
// vt100.net/docs/vt3xx-gp/chapter14.html

#include "report/sixel.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

namespace lumir::report {
namespace {

constexpr size_t kMostColours = 256;
constexpr int kBand = 6;

int channel(uint32_t colour, int shift) { return static_cast<int>(colour >> shift & 0xFF); }

/// A colour and how many pixels have it.
using Count = std::pair<uint32_t, size_t>;

/// Neighbouring colours that become one: what lies between two places of the list of all.
struct Group {
  std::vector<Count>::iterator begin, end;
  int shift = 0;          // the channel in which they differ most
  int low = 0, high = 0;  // there
  int range() const { return high - low; }
};

Group group_of(std::vector<Count>::iterator begin, std::vector<Count>::iterator end) {
  Group widest{begin, end};
  for (const int shift : {16, 8, 0}) {
    const auto less = [shift](const Count& a, const Count& b) {
      return channel(a.first, shift) < channel(b.first, shift);
    };
    const auto [low, high] = std::minmax_element(begin, end, less);
    Group group{begin, end, shift, channel(low->first, shift), channel(high->first, shift)};
    if (group.range() > widest.range()) widest = group;
  }
  return widest;
}

/// At most 256 groups: the one with the widest range is parted in the middle of it, again and again.
std::vector<Group> groups_of(std::vector<Count>& counts) {
  std::vector<Group> groups{group_of(counts.begin(), counts.end())};
  while (groups.size() < kMostColours) {
    const auto widest = std::max_element(groups.begin(), groups.end(),
                                         [](const Group& a, const Group& b) { return a.range() < b.range(); });
    if (widest->range() == 0) break;
    const int middle = (widest->low + widest->high) / 2;
    const auto below = [&](const Count& count) { return channel(count.first, widest->shift) <= middle; };
    const auto border = std::partition(widest->begin, widest->end, below);
    const Group upper = group_of(border, widest->end);
    *widest = group_of(widest->begin, border);
    groups.push_back(upper);
  }
  return groups;
}

uint32_t mean_colour(const Group& group) {
  uint32_t mean = 0;
  for (const int shift : {16, 8, 0}) {
    size_t sum = 0, pixels = 0;
    for (auto count = group.begin; count != group.end; ++count) {
      sum += static_cast<size_t>(channel(count->first, shift)) * count->second;
      pixels += count->second;
    }
    mean |= static_cast<uint32_t>((sum + pixels / 2) / pixels) << shift;
  }
  return mean;
}

/// The colours of a picture and which of them each pixel has.
struct Palette {
  std::vector<uint32_t> colours;
  std::vector<uint8_t> of_pixel;
};

Palette palette_of(const Pixels& picture) {
  std::map<uint32_t, size_t> numbers;
  for (const uint32_t pixel : picture.colours) ++numbers[pixel];
  std::vector<Count> counts(numbers.begin(), numbers.end());
  Palette palette;
  std::unordered_map<uint32_t, uint8_t> place;
  for (const Group& group : groups_of(counts)) {
    for (auto count = group.begin; count != group.end; ++count) {
      place[count->first] = static_cast<uint8_t>(palette.colours.size());
    }
    palette.colours.push_back(mean_colour(group));
  }
  for (const uint32_t pixel : picture.colours) palette.of_pixel.push_back(place.at(pixel));
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
