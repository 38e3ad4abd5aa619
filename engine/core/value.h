// A Value is what Lua tables, JSON files and schemas have in common.
//
// Maps are sorted by name, so the text of a Value never depends on the order in which it was made: cache keys, run
// records and model files are that text.

#pragma once

#include <any>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lumir {

struct Value;
using List = std::vector<Value>;
using Map = std::map<std::string, Value>;
/// Something that is no plain value (a table, a network): handed on as it is, never written to a file.
using Object = std::shared_ptr<const std::any>;

struct Value {
  std::variant<std::monostate, bool, double, std::string, List, Map, Object> held;

  Value() = default;
  Value(bool v) : held(v) {}
  Value(double v) : held(v) {}
  Value(int v) : held(static_cast<double>(v)) {}
  Value(long v) : held(static_cast<double>(v)) {}
  Value(size_t v) : held(static_cast<double>(v)) {}
  Value(const char* v) : held(std::string(v)) {}
  Value(std::string v) : held(std::move(v)) {}
  Value(std::string_view v) : held(std::string(v)) {}
  Value(List v) : held(std::move(v)) {}
  Value(Map v) : held(std::move(v)) {}
  Value(Object v) : held(std::move(v)) {}

  bool is_nil() const { return held.index() == 0; }
  const bool* boolean() const { return std::get_if<bool>(&held); }
  const double* number() const { return std::get_if<double>(&held); }
  const std::string* text() const { return std::get_if<std::string>(&held); }
  const List* list() const { return std::get_if<List>(&held); }
  const Map* map() const { return std::get_if<Map>(&held); }
  const Object* object() const { return std::get_if<Object>(&held); }
  List* list() { return std::get_if<List>(&held); }
  Map* map() { return std::get_if<Map>(&held); }

  /// The member of a map; a nil Value where this is no map or has no such member.
  const Value& operator[](std::string_view name) const;
  /// Member access that throws Error("PATH: no 'name'") style texts: for files that other programs may have written.
  const Value& at(std::string_view name) const;

  bool operator==(const Value&) const = default;
};

/// What a value is, in a user's words: "number", "text", "list", "table", "boolean", "nil", "object".
std::string_view kind_of(const Value& value);

/// As an error message shows it: 0.5, 'rbf', true, { 1, 2 }, { C = 1 }.
std::string show(const Value& value);

/// A number as a person writes it: 110 not 110.0, 0.001 not 1e-3, shortest text that reads back the same.
std::string show_number(double number);

/// Canonical JSON: members sorted, numbers shortest; `indent` < 0 gives one line. NaN and infinities become null.
/// Throws ArgumentError for an object.
std::string to_json(const Value& value, int indent = -1);

/// Throws Error with line and column on broken text; `name` says whose text it was.
Value from_json(std::string_view text, std::string_view name);

}  // namespace lumir
