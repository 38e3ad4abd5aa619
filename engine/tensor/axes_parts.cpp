// What is left of axes where a tensor is cut.

#include <algorithm>
#include <cmath>
#include <functional>

#include "core/value.h"
#include "tensor/described.h"

namespace lumir::tensor {
namespace {

/// Every step-th of `count` elements from `first` on.
template <class T>
std::vector<T> stretch_of(const std::vector<T>& all, size_t first, size_t step, size_t count) {
  std::vector<T> part;
  for (size_t i = 0; i < count && first + i * step < all.size(); ++i) part.push_back(all[first + i * step]);
  return part;
}

/// "440", "0.697": as exactly as a label needs.
std::string rounded(double number) {
  if (number == 0) return "0";
  const double unit = std::pow(10, std::floor(std::log10(std::fabs(number))) - 2);
  return show_number(unit >= 1 ? std::round(number / unit) * unit : std::round(number / unit) / std::round(1 / unit));
}

/// Places are in their order; rows in another one are named by them.
void name_unless_ascending(Axes& axes) {
  if (std::adjacent_find(axes.places.begin(), axes.places.end(), std::greater_equal<>()) == axes.places.end()) return;
  for (const double place : axes.places) axes.names.push_back(rounded(place));
  axes.places.clear();
}

void forget_rows(Axes& axes) {
  axes.rows.clear();
  axes.rows_unit.clear();
  axes.places.clear();
  axes.names.clear();
}

/// A pitch in Hz, and how sure it is in the rows below: numbers that are of several of them have no unit.
void forget_unit_of_pitch(Axes& axes) {
  if (axes.rows == "pitch" && axes.names.size() > 1) axes.unit.clear();
}

void forget_time(Axes& axes) { axes.rate = axes.hop_length = axes.start = 0; }

void add_words(std::string& text, const std::string& words) { text += (text.empty() ? "" : " ") + words; }

}  // namespace

void narrow(Axes& axes, Along along, size_t first, size_t step, size_t count) {
  if (along == Along::time) {
    axes.start += static_cast<double>(first) * axes.step();
    axes.hop_length *= static_cast<double>(step);
  }
  const bool counted = axes.places.empty() && axes.names.empty();
  if (along != Along::rows || axes.rows.empty() || (counted && first == 0 && step == 1)) return;
  if (axes.measure == Measure::cepstrum && first > 0) axes.measure = Measure::plain;  // without the loudness
  if (first > 0 || (count > 1 && count < axes.names.size())) forget_unit_of_pitch(axes);
  axes.places = stretch_of(axes.places, first, step, count);
  axes.names = stretch_of(axes.names, first, step, count);
  for (size_t i = 0; counted && i < count; ++i) axes.places.push_back(static_cast<double>(first + i * step + 1));
}

bool choose(Axes& axes, Along along, const std::vector<size_t>& places) {
  const size_t step = places.size() > 1 && places[1] > places[0] ? places[1] - places[0] : 1;
  size_t even = 1;
  while (even < places.size() && places[even] == places[even - 1] + step) ++even;
  if (even >= places.size()) {
    narrow(axes, along, places.empty() ? 0 : places[0], step, places.size());
    return true;
  }
  if (along == Along::time) {
    forget_time(axes);
    return false;
  }
  if (along != Along::rows || axes.rows.empty()) return true;
  Axes all = axes;
  axes.places.clear();
  axes.names.clear();
  for (const size_t place : places) {
    if (!all.names.empty()) axes.names.push_back(all.names[place]);
    if (all.names.empty())
      axes.places.push_back(all.places.empty() ? static_cast<double>(place + 1) : all.places[place]);
  }
  if (axes.measure == Measure::cepstrum) axes.measure = Measure::plain;
  forget_unit_of_pitch(axes);
  name_unless_ascending(axes);
  return true;
}

void append_rows(Axes& axes, size_t rows, const Axes& other, size_t other_rows) {
  const bool alike = axes.rows == other.rows && axes.rows_unit == other.rows_unit && axes.of == other.of &&
                     axes.names.empty() == other.names.empty() && axes.places.empty() == other.places.empty();
  if (!alike || axes.rows.empty()) return forget_rows(axes);
  if (axes.names.empty() && axes.places.empty()) {  // counted, each for itself
    for (size_t i = 0; i < rows; ++i) axes.places.push_back(static_cast<double>(i + 1));
    for (size_t i = 0; i < other_rows; ++i) axes.places.push_back(static_cast<double>(i + 1));
  }
  axes.names.insert(axes.names.end(), other.names.begin(), other.names.end());
  axes.places.insert(axes.places.end(), other.places.begin(), other.places.end());
  if (axes.measure == Measure::cepstrum) axes.measure = Measure::plain;
  forget_unit_of_pitch(axes);
  name_unless_ascending(axes);
}

void pick(Axes& axes, Along along, size_t place) {
  if (along == Along::time) {
    add_words(axes.values, "at " + rounded(axes.start + static_cast<double>(place) * axes.step()) + " s");
    forget_time(axes);
  }
  if (along != Along::rows || axes.rows.empty()) return;
  if (axes.rows == "pitch" && place < axes.names.size()) {  // a pitch in its unit, then how sure it is
    axes.values = axes.names[place];
    if (place > 0) axes.unit.clear();
  } else if (place < axes.names.size()) {
    add_words(axes.values,
              (axes.values.empty() ? "" : "of ") + axes.rows + " " + labelled(axes.names[place], axes.rows_unit));
  } else {
    const double at = place < axes.places.size() ? axes.places[place] : static_cast<double>(place + 1);
    const std::string where = rounded(at) + (axes.rows_unit.empty() ? "" : " " + axes.rows_unit);
    add_words(axes.values, (axes.values.empty() ? axes.rows : "at") + " " + where);
  }
  if (axes.measure == Measure::cepstrum) axes.measure = Measure::plain;
  forget_rows(axes);
}

void sum_up(Axes& axes, Along along, const std::string& word) {
  if (along != Along::other && !word.empty()) axes.values = word + (axes.values.empty() ? "" : " ") + axes.values;
  if (along == Along::other) return;
  forget_unit_of_pitch(axes);
  if (word == "summed" && axes.measure == Measure::decibels) {  // levels add up to no level
    axes.values.clear();
    axes.unit.clear();
    axes.measure = Measure::plain;
  }
  if (along == Along::time) forget_time(axes);
  if (along == Along::rows) forget_rows(axes);
}

}  // namespace lumir::tensor
