// Simulated colour vision, and distances in CIELAB.

#include "report/colour_vision.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lumir::report {
namespace {

using Triple = std::array<double, 3>;
using Square = std::array<Triple, 3>;

constexpr Square kProtan = {
    {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}};
constexpr Square kDeutan = {
    {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}}};
constexpr Square kTritan = {
    {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}}};
/// Linear sRGB to XYZ.
constexpr Square kXyz = {
    {{0.4124564, 0.3575761, 0.1804375}, {0.2126729, 0.7151522, 0.0721750}, {0.0193339, 0.1191920, 0.9503041}}};
constexpr Triple kDaylight = {0.95047, 1.0, 1.08883};

double linear(double part) { return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4); }
double curved(double part) {
  const double light = std::clamp(part, 0.0, 1.0);
  return light <= 0.0031308 ? 12.92 * light : 1.055 * std::pow(light, 1 / 2.4) - 0.055;
}

Triple times(const Square& square, const Triple& triple) {
  Triple out{};
  for (size_t i = 0; i < 3; ++i) {
    for (size_t k = 0; k < 3; ++k) out[i] += square[i][k] * triple[k];
  }
  return out;
}

Triple light_of(const Colour& colour) { return {linear(colour.red), linear(colour.green), linear(colour.blue)}; }

Triple lab_of(const Colour& colour) {
  const Triple xyz = times(kXyz, light_of(colour));
  Triple f{};
  for (size_t i = 0; i < 3; ++i) {
    constexpr double kStep = 6.0 / 29;
    const double share = xyz[i] / kDaylight[i];
    f[i] = share > kStep * kStep * kStep ? std::cbrt(share) : share / (3 * kStep * kStep) + 4.0 / 29;
  }
  return {116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])};
}

}  // namespace

Colour seen_by(Vision vision, const Colour& colour) {
  if (vision == Vision::usual) return colour;
  const Square& square = vision == Vision::protan ? kProtan : vision == Vision::deutan ? kDeutan : kTritan;
  const Triple light = times(square, light_of(colour));
  return {curved(light[0]), curved(light[1]), curved(light[2]), colour.alpha};
}

double difference(const Colour& a, const Colour& b) {
  const Triple p = lab_of(a), q = lab_of(b);
  return std::hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

}  // namespace lumir::report
