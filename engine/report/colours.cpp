// Palettes.

#include "report/colours.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "core/error.h"

namespace lumir::report {
namespace {

constexpr std::array<unsigned, 10> kHues = {0x3f90da, 0xffa90e, 0xbd1f01, 0x94a4a2, 0x832db6,
                                            0xa96b59, 0xe76300, 0xb9ac70, 0x717581, 0x92dadd};

/// The two that would sink into a dark page (a contrast below 3), and what stands in their place there.
constexpr std::array<std::pair<unsigned, unsigned>, 2> kDarkHues = {{{0xbd1f01, 0xd80018}, {0x832db6, 0xa830f0}}};

/// The five of a grid of 216 colours of at least 2.2 to 1 on white that lie furthest apart for each colour vision.
constexpr std::array<unsigned, 5> kOver = {0xff0033, 0x0099ff, 0x660066, 0xff6699, 0x3300cc};

/// Seventeen stations of viridis, evenly spaced.
constexpr std::array<unsigned, 17> kViridis = {0x440154, 0x48186a, 0x472d7b, 0x424086, 0x3b528b, 0x33638d,
                                               0x2c728e, 0x26828e, 0x21918c, 0x1fa088, 0x28ae80, 0x3fbc73,
                                               0x5ec962, 0x84d44b, 0xaddc30, 0xd8e219, 0xfde725};
constexpr std::array<unsigned, 17> kMagma = {0x000004, 0x0a0822, 0x1d1147, 0x36106b, 0x51127c, 0x6a1c81,
                                             0x832681, 0x9c2e7f, 0xb73779, 0xd0416f, 0xe75263, 0xf56b5c,
                                             0xfc8961, 0xfea772, 0xfec488, 0xfde2a3, 0xfcfdbf};
constexpr std::array<unsigned, 17> kCividis = {0x00224e, 0x002e6a, 0x1a386f, 0x32436d, 0x434e6c, 0x535a6d,
                                               0x61656f, 0x6f7073, 0x7d7c78, 0x8c8878, 0x9b9476, 0xaba072,
                                               0xbcae6c, 0xcdbb63, 0xdec958, 0xf0d846, 0xfee838};
/// White to blue (Brewer's Blues, ended before black).
constexpr std::array<unsigned, 7> kBlues = {0xffffff, 0xdeebf7, 0xbdd7ea, 0x86bcdc, 0x4a97c9, 0x1f6fb2, 0x08478f};

/// Blue over white to red (Brewer's RdBu, turned), which all colour vision tells apart.
constexpr std::array<unsigned, 9> kDiverging = {0x2166ac, 0x4393c3, 0x92c5de, 0xd1e5f0, 0xf7f7f7,
                                                0xfddbc7, 0xf4a582, 0xd6604d, 0xb2182b};

template <size_t n>
Colour along(const std::array<unsigned, n>& stations, double share) {
  const double place = std::clamp(share, 0.0, 1.0) * (n - 1);
  const size_t left = std::min(static_cast<size_t>(place), n - 2);
  return Colour::hex(stations[left]).toward(Colour::hex(stations[left + 1]), place - static_cast<double>(left));
}

double luminance(const Colour& colour) {
  const auto linear = [](double part) {
    return part <= 0.03928 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue);
}

}  // namespace

ClassLook class_look(size_t index) {
  return {Colour::hex(kHues[index % kHues.size()]), static_cast<Marker>(index / kHues.size() % kMarkers)};
}

Colour dark_hue(const Colour& hue) {
  for (const auto& [light, dark] : kDarkHues) {
    if (Colour::hex(light).text() == hue.text()) return Colour::hex(dark);
  }
  return hue;
}

Colour over_colour(size_t index) { return Colour::hex(kOver[index % kOver.size()]); }

Colour viridis(double share) { return std::isnan(share) ? Colour::hex(0xb0b0b0) : along(kViridis, share); }

Colour magma(double share) { return std::isnan(share) ? Colour::hex(0xb0b0b0) : along(kMagma, share); }

Colour cividis(double share) { return std::isnan(share) ? Colour::hex(0xb0b0b0) : along(kCividis, share); }

Colour greys(double share) {
  return std::isnan(share) ? Colour::hex(0xb0c4de) : kPaper.toward(kInk, std::clamp(share, 0.0, 1.0));
}

Colour (*colour_map(const std::string& name))(double) {
  static const std::map<std::string, Colour (*)(double)> maps = {{"viridis", viridis}, {"magma", magma},
                                                                 {"cividis", cividis}, {"grey", greys},
                                                                 {"blues", blues},     {"diverging", diverging}};
  const auto found = maps.find(name);
  if (found != maps.end()) return found->second;
  std::vector<std::string> names;
  for (const auto& map : maps) names.push_back(map.first);
  throw ArgumentError("show: 'colours' = '" + name + "' is none of the colour maps" + did_you_mean(name, names));
}

Colour diverging(double share) { return std::isnan(share) ? Colour::hex(0xb0b0b0) : along(kDiverging, share); }

Colour glow(double heat, double base) {
  constexpr double kStrongest = 0.8;  // what lies under it stays to be seen
  const double light = std::isnan(base) ? 0.5 : 0.08 + 0.84 * std::clamp(base, 0.0, 1.0);
  const double strength = std::isnan(heat) ? 0 : kStrongest * std::clamp(heat, 0.0, 1.0);
  return Colour{light, light, light}.toward(Colour::hex(0xff7a00), strength);
}

Colour blues(double share) { return std::isnan(share) ? kShade : along(kBlues, share); }

double contrast(const Colour& a, const Colour& b) {
  const double one = luminance(a), other = luminance(b);
  return (std::max(one, other) + 0.05) / (std::min(one, other) + 0.05);
}

Colour ink_on(const Colour& background) {
  // only black and white together reach 4.5 on every colour: on the worst one both have 4.58
  const Colour black = Colour::hex(0x000000);
  return contrast(kPaper, background) > contrast(black, background) ? kPaper : black;
}

}  // namespace lumir::report
