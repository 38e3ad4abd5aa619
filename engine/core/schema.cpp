// Reading and checking options by their schema.

#include "core/schema.h"

#include <algorithm>
#include <cmath>

#include "core/article.h"
#include "core/names.h"

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

/// The rule that a number breaks.
std::string range_text(const Range& range, double low, double high, double number) {
  const std::string from = bound_text(range.low, low), to = bound_text(range.high, high);
  const bool endless = std::isinf(number) && (number == low || number == high);
  if (endless || (std::isinf(low) && std::isinf(high))) return "must be finite";
  if (std::isinf(low)) return (range.high.open ? "must be below " : "at most ") + to;
  if (std::isinf(high)) return (range.low.open ? "must be above " : "at least ") + from;
  if (!range.low.open && !range.high.open) return from + " to " + to;
  return (range.low.open ? "must be above " : "at least ") + from + (range.high.open ? ", below " : ", at most ") + to;
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
  const bool below = parameter.range.low.open ? *number <= low : *number < low;
  const bool above = parameter.range.high.open ? *number >= high : *number > high;
  const bool outside = below || above || std::isnan(*number);
  if (!outside || value == parameter.default_value) return;
  throw ArgumentError(who + ": '" + parameter.name + "' = " + show_number(*number) + " is out of range (" +
                      range_text(parameter.range, low, high, *number) + ")");
}

}  // namespace

bool Parameter::has_range() const {
  return !range.low.option.empty() || !range.high.option.empty() || !std::isinf(range.low.number) ||
         !std::isinf(range.high.number);
}

namespace detail {

void wrong_type(const std::string& who, const Parameter& parameter, const Value& value) {
  const std::string text = who + ": '" + parameter.name + "' must be " + with_article(parameter.type);
  constexpr size_t kShort = 60;  // longer ones (a chain of steps) are named by their kind
  const std::string got = value.is_nil() ? "nil" : show(value);
  throw ArgumentError(text + ", got " + (got.size() <= kShort ? got : with_article(kind_of(value))));
}

void check_choice(const std::string& who, const Parameter& parameter, const std::string& word) {
  auto words = parameter.choices;
  // no file, label or word has one, and what reads the text further on ends there
  if (words.empty() && word.find('\0') != std::string::npos) {
    throw ArgumentError(who + ": '" + parameter.name + "' = " + show(Value(word)) + " holds a zero byte");
  }
  if (words.empty() || std::find(words.begin(), words.end(), word) != words.end()) return;
  if (parameter.type.ends_with(" or 'none'")) words.emplace_back("none");
  std::string known;
  for (const auto& choice : words) known += (known.empty() ? "'" : ", '") + choice + "'";
  throw ArgumentError(who + ": '" + parameter.name + "' = " + show(Value(word)) + " is none of " + known +
                      did_you_mean(word, words));
}

long whole(const std::string& who, const Parameter& parameter, double number, double limit) {
  if (number != std::floor(number) || !(std::fabs(number) <= limit)) {
    throw ArgumentError(who + ": '" + parameter.name + "' must be an integer, got " + show_number(number));
  }
  return static_cast<long>(number);
}

}  // namespace detail

void read_options(void* options, const Schema& schema, const Map& given, const std::string& who) {
  for (const auto& [name, value] : given) {
    const auto found = std::find_if(schema.begin(), schema.end(), [&](const auto& p) { return p.name == name; });
    if (found == schema.end() || !found->set) {
      std::vector<std::string> names;
      for (const auto& parameter : schema) names.push_back(parameter.name);
      std::string known = known_names(name, names, "its options are", "its option is");
      if (known.empty() && !names.empty()) {
        known = "; help '" + who + "' lists its " + std::to_string(names.size()) + " options";
      }
      throw ArgumentError(who + ": unknown option " + show(Value(name)) + known);
    }
    found->set(options, value, who);
  }
  for (const auto& parameter : schema) {
    if (!parameter.get) continue;
    if (parameter.place.required && !given.contains(parameter.name)) {
      throw ArgumentError(who + ": '" + parameter.name + "' is missing (" + parameter.help + ")");
    }
    check_range(options, schema, parameter, parameter.get(options), who);
  }
}

Map write_options(const void* options, const Schema& schema) {
  Map out;
  for (const auto& parameter : schema) {
    if (parameter.get) out[parameter.name] = parameter.get(options);
  }
  return out;
}

Schema settled(Schema schema, const void* defaults, void (*throw_pointer)(const void*)) {
  for (auto& parameter : schema) {
    if (!parameter.get) continue;
    const auto* base = parameter.base ? static_cast<const char*>(parameter.base(defaults, throw_pointer)) : nullptr;
    if (parameter.base && !base) throw std::logic_error("schema: '" + parameter.name + "' is no member of the struct");
    if (const std::ptrdiff_t offset = base ? base - static_cast<const char*>(defaults) : 0) {
      parameter.set = [set = parameter.set, offset](void* options, const Value& value, const std::string& who) {
        set(static_cast<char*>(options) + offset, value, who);
      };
      parameter.get = [get = parameter.get, offset](const void* options) {
        return get(static_cast<const char*>(options) + offset);
      };
    }
    parameter.base = nullptr;
    parameter.default_value = parameter.get(defaults);
  }
  return schema;
}

const Parameter* listed(const Schema& schema) {
  const auto found = std::find_if(schema.begin(), schema.end(), [](const auto& p) { return p.place.listed; });
  return found == schema.end() ? nullptr : &*found;
}

std::vector<const Parameter*> positional(const Schema& schema) {
  std::vector<const Parameter*> found;
  for (const auto& parameter : schema) {
    if (parameter.place.positional) found.push_back(&parameter);
  }
  return found;
}

}  // namespace lumir
