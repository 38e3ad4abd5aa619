// Windows of scipy.signal, periodic.

#include "signal/window.h"

#include <cmath>
#include <numbers>

namespace lumir::signal {
namespace {

/// Sums of cosines: the family that most windows belong to.
double cosine_sum(std::initializer_list<double> weights, double phase) {
  double value = 0, sign = 1;
  int order = 0;
  for (double weight : weights) {
    value += sign * weight * std::cos(order++ * phase);
    sign = -sign;
  }
  return value;
}

double window_at(const std::string& name, int i, int length) {
  if (length == 1) return 1;
  const double phase = 2 * std::numbers::pi * i / length;
  if (name == "hann") return cosine_sum({0.5, 0.5}, phase);
  if (name == "hamming") return cosine_sum({0.54, 0.46}, phase);
  if (name == "blackman") return cosine_sum({0.42, 0.5, 0.08}, phase);
  if (name == "blackmanharris") return cosine_sum({0.35875, 0.48829, 0.14128, 0.01168}, phase);
  if (name == "nuttall") return cosine_sum({0.3635819, 0.4891775, 0.1365995, 0.0106411}, phase);
  if (name == "bartlett") return 1 - std::fabs(2.0 * i / length - 1);
  if (name == "cosine") return std::sin(std::numbers::pi * (i + 0.5) / (length + 1));
  return 1;
}

}  // namespace

std::vector<double> make_window(const std::string& name, int length, int size) {
  std::vector<double> window(static_cast<size_t>(size), 0.0);
  const int before = (size - length) / 2;
  for (int i = 0; i < length; ++i) window[static_cast<size_t>(before + i)] = window_at(name, i, length);
  return window;
}

}  // namespace lumir::signal
