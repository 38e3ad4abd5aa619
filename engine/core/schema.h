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
// std::variant<double, std::string> (a number or a word), std::vector of those, and Value for nested steps,
// estimators and anything of free shape (with Kind{"steps"} to say what is meant).

#pragma once

#include <functional>
#include <limits>
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
  Bound(double value) : number(value) {}
  Bound(int value) : number(value) {}
  explicit Bound(std::string name) : option(std::move(name)) {}
};
inline Bound upto(std::string option) { return Bound(std::move(option)); }

/// Inclusive limits of a number (of every element, for a list).
struct Range {
  Bound low = -std::numeric_limits<double>::infinity();
  Bound high = std::numeric_limits<double>::infinity();
};
/// Greater than 0.
inline const Range kPositive{std::numeric_limits<double>::denorm_min()};
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

/// What every reader of a schema sees of one option.
struct Parameter {
  std::string name;
  std::string type;  // "integer", "number", "boolean", "text", "word", "list of number", "number or word", ...
  std::string help;
  std::string unit;
  Range range;
  std::vector<std::string> choices;
  Value default_value;
  /// Writes a checked value into a struct; `who` begins the error text.
  std::function<void(void* options, const Value& value, const std::string& who)> set;
  std::function<Value(const void* options)> get;

  bool has_range() const;
};
using Schema = std::vector<Parameter>;

namespace detail {

[[noreturn]] void wrong_type(const std::string& who, const Parameter& parameter, const Value& value);
void check_choice(const std::string& who, const Parameter& parameter, const std::string& word);
int whole(const std::string& who, const Parameter& parameter, double number);

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
    if (const auto* n = v.number()) return whole(who, p, *n);
    wrong_type(who, p, v);
  }
  static Value write(int v) { return v; }
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
struct Field<Value> {
  static std::string type(const Parameter& p) { return p.type.empty() ? "value" : p.type; }
  static Value read(const std::string&, const Parameter&, const Value& v) { return v; }
  static Value write(const Value& v) { return v; }
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
  Option(std::string option_name, T S::* member, std::string text, Extras... extras) {
    name = std::move(option_name);
    help = std::move(text);
    (add(extras), ...);
    type = detail::Field<T>::type(*this);
    const Parameter self = *this;
    set = [member, self](void* options, const Value& value, const std::string& who) {
      static_cast<S*>(options)->*member = detail::Field<T>::read(who, self, value);
    };
    get = [member](const void* options) { return detail::Field<T>::write(static_cast<const S*>(options)->*member); };
  }

 private:
  void add(Range r) { range = std::move(r); }
  void add(Choices c) { choices = std::move(c.words); }
  void add(Unit u) { unit = std::move(u.text); }
  void add(Kind k) { type = std::move(k.text); }
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
/// The schema with default_value filled in from a default-constructed struct.
Schema with_defaults(Schema schema, const void* defaults);

template <class S>
const Schema& schema_of() {
  static const Schema schema = [] {
    const S defaults{};
    return with_defaults(S::schema(), &defaults);
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
