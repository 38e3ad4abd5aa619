// Reading and checking options by their schema.

#include "core/schema.h"

#include <algorithm>
#include <cmath>

namespace lumir {
namespace {

double resolve(const Bound& bound, const void* options, const Schema& schema) {
  if (bound.option.empty()) return bound.number;
  for (const auto& parameter : schema) {
    if (parameter.name != bound.option) continue;
    const Value value = parameter.get(options);
    return value.number() ? *value.number() : std::numeric_limits<double>::quiet_NaN();
  }
  throw std::logic_error("schema: no option '" + bound.option + "' to bound by");
}

std::string bound_text(const Bound& bound, double number) {
  if (!bound.option.empty()) return bound.option + " = " + show_number(number);
  return show_number(number);
}

std::string range_text(const Range& range, double low, double high) {
  if (low == std::numeric_limits<double>::denorm_min()) {
    return std::isinf(high) ? "must be above 0" : "must be above 0, at most " + bound_text(range.high, high);
  }
  if (std::isinf(low)) return "at most " + bound_text(range.high, high);
  if (std::isinf(high)) return "at least " + bound_text(range.low, low);
  return bound_text(range.low, low) + " to " + bound_text(range.high, high);
}

void check_range(const void* options, const Schema& schema, const Parameter& parameter, const Value& value,
                 const std::string& who) {
  if (const auto* list = value.list()) {
    for (const auto& element : *list) check_range(options, schema, parameter, element, who);
  }
  const double* number = value.number();
  if (!number) return;
  const double low = resolve(parameter.range.low, options, schema);
  const double high = resolve(parameter.range.high, options, schema);
  const bool outside = *number < low || *number > high || (std::isnan(*number) && parameter.has_range());
  if (!outside) return;
  throw ArgumentError(who + ": '" + parameter.name + "' = " + show_number(*number) + " is out of range (" +
                      range_text(parameter.range, low, high) + ")");
}

}  // namespace

bool Parameter::has_range() const {
  return !range.low.option.empty() || !range.high.option.empty() || !std::isinf(range.low.number) ||
         !std::isinf(range.high.number);
}

namespace detail {

void wrong_type(const std::string& who, const Parameter& parameter, const Value& value) {
  const char* article = std::string("aeiou").find(parameter.type[0]) == std::string::npos ? "a " : "an ";
  std::string text = who + ": '" + parameter.name + "' must be " + article + parameter.type;
  throw ArgumentError(text + ", got " + (value.is_nil() ? "nil" : show(value)));
}

void check_choice(const std::string& who, const Parameter& parameter, const std::string& word) {
  const auto& words = parameter.choices;
  if (words.empty() || std::find(words.begin(), words.end(), word) != words.end()) return;
  std::string known;
  for (const auto& choice : words) known += (known.empty() ? "'" : ", '") + choice + "'";
  throw ArgumentError(who + ": '" + parameter.name + "' = '" + word + "' is none of " + known +
                      did_you_mean(word, words));
}

int whole(const std::string& who, const Parameter& parameter, double number) {
  if (number != std::floor(number) || std::fabs(number) > 2147483647.0) {
    throw ArgumentError(who + ": '" + parameter.name + "' must be an integer, got " + show_number(number));
  }
  return static_cast<int>(number);
}

}  // namespace detail

void read_options(void* options, const Schema& schema, const Map& given, const std::string& who) {
  for (const auto& [name, value] : given) {
    const auto found = std::find_if(schema.begin(), schema.end(), [&](const auto& p) { return p.name == name; });
    if (found == schema.end()) {
      std::vector<std::string> names;
      for (const auto& parameter : schema) names.push_back(parameter.name);
      throw ArgumentError(who + ": unknown option '" + name + "'" + did_you_mean(name, names));
    }
    found->set(options, value, who);
  }
  for (const auto& parameter : schema) check_range(options, schema, parameter, parameter.get(options), who);
}

Map write_options(const void* options, const Schema& schema) {
  Map out;
  for (const auto& parameter : schema) out[parameter.name] = parameter.get(options);
  return out;
}

Schema with_defaults(Schema schema, const void* defaults) {
  for (auto& parameter : schema) parameter.default_value = parameter.get(defaults);
  return schema;
}

}  // namespace lumir
