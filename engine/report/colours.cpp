// Palettes.

#include "report/colours.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lumir::report {
namespace {

constexpr std::array<unsigned, 10> kHues = {0x3f90da, 0xffa90e, 0xbd1f01, 0x94a4a2, 0x832db6,
                                            0xa96b59, 0xe76300, 0xb9ac70, 0x717581, 0x92dadd};

/// Seventeen stations of viridis, evenly spaced.
constexpr std::array<unsigned, 17> kViridis = {0x440154, 0x48186a, 0x472d7b, 0x424086, 0x3b528b, 0x33638d,
                                               0x2c728e, 0x26828e, 0x21918c, 0x1fa088, 0x28ae80, 0x3fbc73,
                                               0x5ec962, 0x84d44b, 0xaddc30, 0xd8e219, 0xfde725};
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

Colour viridis(double share) { return std::isnan(share) ? Colour::hex(0xb0b0b0) : along(kViridis, share); }

Colour diverging(double share) { return std::isnan(share) ? Colour::hex(0xb0b0b0) : along(kDiverging, share); }

Colour glow(double heat, double base) {
  constexpr double kStrongest = 0.8;  // what lies under it stays to be seen
  const double light = std::isnan(base) ? 0.5 : 0.08 + 0.84 * std::clamp(base, 0.0, 1.0);
  const double strength = std::isnan(heat) ? 0 : kStrongest * std::clamp(heat, 0.0, 1.0);
  return Colour{light, light, light}.toward(Colour::hex(0xff7a00), strength);
}

Colour blues(double share) { return std::isnan(share) ? kShade : along(kBlues, share); }

Colour ink_on(const Colour& background) {
  const double light = luminance(background);
  const double with_white = 1.05 / (light + 0.05);
  const double with_ink = (light + 0.05) / (luminance(kInk) + 0.05);
  return with_white > with_ink ? kPaper : kInk;
}

}  // namespace lumir::report
