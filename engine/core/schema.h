// A schema: what an options struct holds, said once.
//
// A plain struct with its defaults in place lists its members in `static Schema schema()`. From that come argument
// checks and error texts, help, completion, reference pages, sliders, cache keys, run records and model files.
//
//   struct MfccOptions : MelOptions {
//     int n_mfcc = 20;
//     static Schema schema() {
//       return extend(mel_schema<MfccOptions>(),
//                     Option{"n_mfcc", &MfccOptions::n_mfcc, "coefficients to keep", Range{1, upto("n_mels")}});
//     }
//   };
//
// Types of members: bool, int, long, double, std::string (with Choices: words of a list), std::optional<T> ('none'),
// std::variant<double or int, std::string> (a number or a word), std::vector of those, std::shared_ptr<const T> for an
// object that is no plain value (with Kind{"table"} to say what is meant), and Value for nested steps, estimators and
// anything of free shape (with Kind{"steps"}).
//
// kArgument marks what stands before the table of options, in the order of the schema, and must be given: nn.Conv2d(1,
// 64, 7, { stride = 2 }). kPlace marks what may stand there: nn.Dropout(0.5). kRequired marks an option that must be
// given by name, kListed the one that is the array part of the table: learn.Pipeline { a, b }. A struct may have
// several bases, each with a schema of its own.

#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/error.h"
#include "core/value.h"

namespace lumir {

/// A bound: a number, or the value of another option of the same struct.
struct Bound {
  double number = 0;
  std::string option;
  bool open = false;  // the bound itself is outside
  Bound(double value) : number(value) {}
  Bound(int value) : number(value) {}
  explicit Bound(std::string name) : option(std::move(name)) {}
};
inline Bound upto(std::string option) { return Bound(std::move(option)); }
/// Half-open ranges: Range{above(0), 1}, Range{0, below(1)}.
inline Bound above(Bound bound) { return bound.open = true, bound; }
inline Bound below(Bound bound) { return bound.open = true, bound; }

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Limits of a number (of every element, for a list); inclusive, unless a bound is open. Numbers without end are within
/// only where they are named: Range{above(0), kInfinity}.
struct Range {
  Bound low = above(-kInfinity);
  Bound high = below(kInfinity);
};
/// Greater than 0.
inline const Range kPositive{above(0)};
inline const Range kNonNegative{0};

struct Choices {
  std::vector<std::string> words;
  Choices(std::initializer_list<std::string> list) : words(list) {}
};
struct Unit {
  std::string text;
};
struct Kind {
  std::string text;
};
/// Where an option stands in a call, and whether it must be given.
struct Place {
  bool positional = false;  // before the table of options
  bool required = false;
  bool listed = false;  // it is the array part of the table of options
};
inline constexpr Place kArgument{.positional = true, .required = true};
inline constexpr Place kPlace{.positional = true};
inline constexpr Place kRequired{.required = true};
inline constexpr Place kListed{.listed = true};

/// What every reader of a schema sees of one option.
struct Parameter {
  std::string name;
  std::string type;  // "integer", "number", "boolean", "text", "word", "list of number", "number or word", ...
  std::string help;
  std::string unit;
  Range range;
  std::vector<std::string> choices;
  Place place;
  Value default_value;
  /// Writes a checked value into a struct; `who` begins the error text. Null for an Argument.
  std::function<void(void* options, const Value& value, const std::string& who)> set;
  std::function<Value(const void* options)> get;
  /// The struct whose member this is, within a whole struct: the whole itself, or one of its bases. Null: the whole.
  std::function<const void*(const void* whole, void (*throw_pointer)(const void*))> base;

  bool has_range() const;
};
using Schema = std::vector<Parameter>;

/// A positional argument of a function that has no struct to keep it in: words for help and for error texts.
struct Argument : Parameter {
  Argument(std::string argument_name, std::string kind, std::string text, Place where = kArgument) {
    name = std::move(argument_name);
    type = std::move(kind);
    help = std::move(text);
    place = where;
  }
};

namespace detail {

[[noreturn]] void wrong_type(const std::string& who, const Parameter& parameter, const Value& value);
void check_choice(const std::string& who, const Parameter& parameter, const std::string& word);
/// A whole number that `limit` bounds on both sides.
long whole(const std::string& who, const Parameter& parameter, double number, double limit);

/// How one C++ type is named, read and written.
template <class T>
struct Field;

template <>
struct Field<bool> {
  static std::string type(const Parameter&) { return "boolean"; }
  static bool read(const std::string& who, const Parameter& p, const Value& v) {
    if (const auto* b = v.boolean()) return *b;
    wrong_type(who, p, v);
  }
  static Value write(bool v) { return v; }
};
template <>
struct Field<double> {
  static std::string type(const Parameter&) { return "number"; }
  static double read(const std::string& who, const Parameter& p, const Value& v) {
    if (const auto* n = v.number()) return *n;
    wrong_type(who, p, v);
  }
  static Value write(double v) { return v; }
};
template <>
struct Field<int> {
  static std::string type(const Parameter&) { return "integer"; }
  static int read(const std::string& who, const Parameter& p, const Value& v) {
    if (const auto* n = v.number()) return static_cast<int>(whole(who, p, *n, 2147483647));
    wrong_type(who, p, v);
  }
  static Value write(int v) { return v; }
};
template <>
struct Field<long> {
  static std::string type(const Parameter&) { return "integer"; }
  static long read(const std::string& who, const Parameter& p, const Value& v) {
    if (const auto* n = v.number()) return whole(who, p, *n, 9007199254740992);  // 2^53: what a number holds exactly
    wrong_type(who, p, v);
  }
  static Value write(long v) { return v; }
};
template <>
struct Field<std::string> {
  static std::string type(const Parameter& p) { return p.choices.empty() ? "text" : "word"; }
  static std::string read(const std::string& who, const Parameter& p, const Value& v) {
    const auto* t = v.text();
    if (!t) wrong_type(who, p, v);
    check_choice(who, p, *t);
    return *t;
  }
  static Value write(const std::string& v) { return v; }
};
template <>
struct Field<std::variant<double, std::string>> {
  using T = std::variant<double, std::string>;
  static std::string type(const Parameter&) { return "number or word"; }
  static T read(const std::string& who, const Parameter& p, const Value& v) {
    if (const auto* n = v.number()) return *n;
    return Field<std::string>::read(who, p, v);
  }
  static Value write(const T& v) {
    if (const auto* n = std::get_if<double>(&v)) return *n;
    return std::get<std::string>(v);
  }
};
template <>
struct Field<std::variant<int, std::string>> {
  using T = std::variant<int, std::string>;
  static std::string type(const Parameter&) { return "integer or word"; }
  static T read(const std::string& who, const Parameter& p, const Value& v) {
    if (v.number()) return Field<int>::read(who, p, v);
    return Field<std::string>::read(who, p, v);
  }
  static Value write(const T& v) {
    if (const auto* n = std::get_if<int>(&v)) return *n;
    return std::get<std::string>(v);
  }
};
template <>
struct Field<Value> {
  static std::string type(const Parameter& p) { return p.type.empty() ? "value" : p.type; }
  static Value read(const std::string&, const Parameter&, const Value& v) { return v; }
  static Value write(const Value& v) { return v; }
};
/// An object; null where none was given.
template <class T>
struct Field<std::shared_ptr<const T>> {
  using Held = std::shared_ptr<const T>;
  static std::string type(const Parameter& p) { return p.type.empty() ? "object" : p.type; }
  static Held read(const std::string& who, const Parameter& p, const Value& v) {
    if (const auto* object = v.object()) {
      if (const auto* held = std::any_cast<Held>(object->get())) return *held;
      if (const auto* held = std::any_cast<std::shared_ptr<T>>(object->get())) return *held;
      if (const auto* held = std::any_cast<T>(object->get())) return std::make_shared<T>(*held);
    }
    wrong_type(who, p, v);
  }
  static Value write(const Held& v) { return v ? Value(std::make_shared<const std::any>(v)) : Value(); }
};
template <class T>
struct Field<std::optional<T>> {
  static std::string type(const Parameter& p) { return Field<T>::type(p) + " or 'none'"; }
  static std::optional<T> read(const std::string& who, const Parameter& p, const Value& v) {
    if (v.text() && *v.text() == "none") return std::nullopt;
    return Field<T>::read(who, p, v);
  }
  static Value write(const std::optional<T>& v) { return v ? Field<T>::write(*v) : Value("none"); }
};
template <class T>
struct Field<std::vector<T>> {
  static std::string type(const Parameter& p) { return "list of " + Field<T>::type(p); }
  static std::vector<T> read(const std::string& who, const Parameter& p, const Value& v) {
    if (!v.list() && !(v.map() && v.map()->empty())) wrong_type(who, p, v);
    std::vector<T> out;
    if (v.list()) {
      for (const auto& element : *v.list()) out.push_back(Field<T>::read(who, p, element));
    }
    return out;
  }
  static Value write(const std::vector<T>& v) {
    List out;
    for (const auto& element : v) out.push_back(Field<T>::write(element));
    return out;
  }
};

}  // namespace detail

/// One described member of an options struct; see the top of this file.
struct Option : Parameter {
  template <class S, class T, class... Extras>
  Option(std::string option_name, T S::*member, std::string text, Extras... extras) {
    name = std::move(option_name);
    help = std::move(text);
    (add(extras), ...);
    type = detail::Field<T>::type(*this);
    const Parameter self = *this;
    set = [member, self](void* options, const Value& value, const std::string& who) {
      static_cast<S*>(options)->*member = detail::Field<T>::read(who, self, value);
    };
    get = [member](const void* options) { return detail::Field<T>::write(static_cast<const S*>(options)->*member); };
    // only the language knows where a base lies in a whole that is not known here; catching a pointer asks it
    base = [](const void* whole, void (*throw_pointer)(const void*)) -> const void* {
      try {
        throw_pointer(whole);
      } catch (const S* found) {
        return found;
      } catch (...) {
      }
      return nullptr;
    };
  }

 private:
  void add(Range r) { range = std::move(r); }
  void add(Choices c) { choices = std::move(c.words); }
  void add(Unit u) { unit = std::move(u.text); }
  void add(Kind k) { type = std::move(k.text); }
  void add(Place p) { place = p; }
};

/// A schema with more options behind it.
template <class... Options>
Schema extend(Schema schema, Options... options) {
  (schema.push_back(std::move(options)), ...);
  return schema;
}

/// Fills `options` from a map: unknown names, wrong types and values out of range throw ArgumentError.
void read_options(void* options, const Schema& schema, const Map& given, const std::string& who);
/// Every option with its value, defaults included.
Map write_options(const void* options, const Schema& schema);
/// The schema with default_value filled in from a default-constructed struct, and every member read and written where
/// it lies in that struct. `throw_pointer` throws a pointer to the struct by its own type. Throws std::logic_error for
/// a member of a struct that is no base of it.
Schema settled(Schema schema, const void* defaults, void (*throw_pointer)(const void*));
/// What stands before the table of options, in order.
std::vector<const Parameter*> positional(const Schema& schema);
/// The option that is the array part of the table; null where none is.
const Parameter* listed(const Schema& schema);

/// The arguments of a function, then its options.
inline Schema with_arguments(std::vector<Argument> arguments, const Schema& options) {
  Schema schema(arguments.begin(), arguments.end());
  schema.insert(schema.end(), options.begin(), options.end());
  return schema;
}

template <class S>
const Schema& schema_of() {
  static const Schema schema = [] {
    const S defaults{};
    return settled(S::schema(), &defaults, [](const void* whole) { throw static_cast<const S*>(whole); });
  }();
  return schema;
}
template <class S>
S read_options(const Map& given, const std::string& who) {
  S options{};
  read_options(&options, schema_of<S>(), given, who);
  return options;
}
template <class S>
Map write_options(const S& options) {
  return write_options(&options, schema_of<S>());
}

/// For what has no options at all.
struct NoOptions {
  static Schema schema() { return {}; }
};

}  // namespace lumir
