// Axes as plain values, for files and for Lua.

#include "core/axes.h"

#include <algorithm>
#include <array>

#include "core/error.h"

namespace lumir {
namespace {

constexpr std::array<const char*, 6> kMeasures = {"plain", "magnitude", "power", "decibels", "complex", "cepstrum"};

std::string text_of(const Value& value) { return value.text() ? *value.text() : ""; }
double number_of(const Value& value) { return value.number() ? *value.number() : 0; }

}  // namespace

Map Axes::to_map() const {
  Map map{{"measure", kMeasures.at(static_cast<size_t>(measure))}};
  for (const auto& [name, text] :
       {std::pair{"of", &of}, {"rows", &rows}, {"rows_unit", &rows_unit}, {"values", &values}, {"unit", &unit}}) {
    if (!text->empty()) map[name] = *text;
  }
  for (const auto& [name, number] : {std::pair{"rate", rate}, {"hop_length", hop_length}, {"start", start}}) {
    if (number != 0) map[name] = number;
  }
  if (!places.empty()) map["places"] = List(places.begin(), places.end());
  if (!names.empty()) map["names"] = List(names.begin(), names.end());
  return map;
}

Axes Axes::from(const Value& value) {
  Axes axes;
  axes.of = text_of(value["of"]);
  axes.rows = text_of(value["rows"]);
  axes.rows_unit = text_of(value["rows_unit"]);
  axes.values = text_of(value["values"]);
  axes.unit = text_of(value["unit"]);
  axes.rate = number_of(value["rate"]);
  axes.hop_length = number_of(value["hop_length"]);
  axes.start = number_of(value["start"]);
  if (const List* places = value["places"].list()) {
    for (const Value& place : *places) axes.places.push_back(number_of(place));
  }
  if (const List* names = value["names"].list()) {
    for (const Value& name : *names) axes.names.push_back(text_of(name));
  }
  const std::string measure = text_of(value["measure"]);
  const auto found = std::find(kMeasures.begin(), kMeasures.end(), measure);
  if (found == kMeasures.end()) throw Error("axes: '" + measure + "' is no measure");
  axes.measure = static_cast<Measure>(found - kMeasures.begin());
  return axes;
}

AxesPtr with_values(const AxesPtr& axes, const std::string& values, const std::string& unit, Measure measure) {
  if (!axes) return nullptr;
  auto other = std::make_shared<Axes>(*axes);
  other->values = values;
  other->unit = unit;
  other->measure = measure;
  return other;
}

std::string labelled(const std::string& word, const std::string& unit) {
  if (word.empty() || unit.empty()) return word + unit;
  return word + " (" + unit + ")";
}

}  // namespace lumir
