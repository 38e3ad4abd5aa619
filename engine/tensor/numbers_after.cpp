// What numbers are after an operator on each of them: a square of magnitudes is power, a logarithm has no unit.

#include <algorithm>
#include <array>
#include <string>

#include "tensor/handed.h"

namespace lumir::tensor {
namespace {

template <size_t n>
bool is_among(const std::array<std::string_view, n>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Numbers stay where they are, or those beyond a limit come nearer.
bool keeps(std::string_view name) {
  static constexpr std::array<std::string_view, 5> kKeeps = {"clamp", "clamp_min", "clamp_max", "clip", "nan_to_num"};
  return is_among(kKeeps, name);
}

bool is_logarithm(std::string_view name) {
  static constexpr std::array<std::string_view, 4> kLogarithms = {"log", "log2", "log10", "log1p"};
  return is_among(kLogarithms, name);
}

/// The exponent to which an operation raises each number; 1 for others.
double exponent_of(const Operation& operation) {
  if (operation.name == "square" || (operation.name == "mul" && operation.itself)) return 2;
  if (operation.name == "sqrt") return 0.5;
  if (operation.name == "pow" && operation.first) return operation.number.value_or(0);
  return 1;
}

AxesPtr raised(const AxesPtr& axes, double exponent) {
  if (axes->measure == Measure::magnitude && exponent == 2) return with_values(axes, "power", "", Measure::power);
  if (axes->measure == Measure::power && exponent == 0.5) {
    return with_values(axes, "magnitude", "", Measure::magnitude);
  }
  return with_values(axes, "");
}

/// Another number more or less: decibels and Hz stay what they are, a spectrum as long as nothing is taken away.
bool keeps_sum(const Axes& axes, const Operation& operation) {
  const bool difference = operation.name == "sub";
  if (!operation.single || (difference && !operation.first) || axes.measure == Measure::complex) return false;
  if (!axes.is_spectrum()) return true;
  return !difference && operation.number.value_or(-1) >= 0;
}

/// Hz from which something was taken away are still Hz, but no longer the frequencies that they were.
AxesPtr shifted(const AxesPtr& axes, const Operation& operation) {
  const bool more = operation.name == "add" && operation.number.value_or(-1) >= 0;
  if (axes->unit != "Hz" || more) return axes;
  if (axes->rows == "pitch") return with_values(axes, "");  // with rows that are no pitch
  const std::string word = "difference";
  if (axes->values.find(word) != std::string::npos) return axes;
  return with_values(axes, word + (axes->values.empty() ? "" : " of ") + axes->values, axes->unit, axes->measure);
}

constexpr std::string_view kLog10 = "log10 ";

/// The logarithm of a spectrum; which one, its words say.
AxesPtr logarithm(const AxesPtr& axes, std::string_view name) {
  return with_values(axes, std::string(name == "log10" ? kLog10 : "log ") + axes->values);
}

/// 10 log10 of power, 20 log10 of magnitude.
bool makes_decibels(const Axes& axes, const Operation& operation) {
  if (operation.name != "mul" || !axes.values.starts_with(kLog10)) return false;
  const bool power = axes.values.find("power") != std::string::npos;
  return operation.number == (power ? 10 : 20);
}

/// "log10 power at 440 Hz" is "level at 440 Hz" in decibels, "log10 mean power" "level of mean power".
AxesPtr decibels(const AxesPtr& axes) {
  std::string words = axes->values.substr(kLog10.size());
  for (const std::string_view spectrum : {"power", "magnitude"}) {
    if (words.starts_with(spectrum))
      return with_values(axes, words.replace(0, spectrum.size(), "level"), "dB", Measure::decibels);
  }
  return with_values(axes, "level of " + words, "dB", Measure::decibels);
}

/// A spectrum that is louder or softer as a whole.
bool keeps_product(const Axes& axes, const Operation& operation) {
  const bool scaled = operation.name == "mul" || (operation.name == "div" && operation.first);
  return scaled && axes.is_spectrum() && operation.number.value_or(0) > 0;
}

}  // namespace

AxesPtr numbers_after(const AxesPtr& axes, const Operation& operation) {
  const std::string_view name = operation.name;
  if (name == "abs" && axes->measure == Measure::complex) {
    return with_values(axes, "magnitude", axes->unit, Measure::magnitude);
  }
  if (name == "abs" && axes->is_spectrum()) return axes;
  if (const double exponent = exponent_of(operation); exponent != 1) return raised(axes, exponent);
  if (is_logarithm(name) && axes->is_spectrum()) return logarithm(axes, name);
  if (makes_decibels(*axes, operation)) return decibels(axes);
  if ((name == "add" || name == "sub") && keeps_sum(*axes, operation)) return shifted(axes, operation);
  if (keeps_product(*axes, operation)) return axes;
  if (keeps(name) && operation.first) return axes;
  return with_values(axes, "");
}

}  // namespace lumir::tensor
