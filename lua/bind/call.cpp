// The arguments of a call, and what is said of one that is another than was wanted.

#include "bind/bind.h"
#include "bind/text.h"

#include <cmath>

#include "core/registry.h"
#include "core/text.h"
#include "core/type.h"

namespace lumir::lua {
namespace {

/// Behind an error about the object of a method: how it is called, since a dot in place of the colon gives none.
std::string way_to_call(const std::string& type, const std::string& method) {
  const Entry* entry = find_entry(type + "." + method);
  const Type* owner = entry ? find_type(type) : nullptr;
  return owner ? "; methods take a colon: " + owner->variable + ":" + method + "(...)" : "";
}

}  // namespace

std::string Call::text(int i, const char* name) const {
  if (lua_type(L, i) != LUA_TSTRING) wrong(i, name, "text");
  return text_at(L, i);
}

std::string Call::path(int i, const char* name) const {
  const std::string held = text(i, name);
  if (held.empty()) throw ArgumentError(who_ + ": '" + name + "' is empty");
  if (held.find('\0') != std::string::npos) throw ArgumentError(who_ + ": '" + name + "' holds a zero byte");
  return held;
}

double Call::number(int i, const char* name) const {
  if (lua_type(L, i) != LUA_TNUMBER) wrong(i, name, "a number");
  return lua_tonumber(L, i);
}

long Call::integer(int i, const char* name, long low, long high) const {
  const double held = number(i, name);
  if (held != std::floor(held)) wrong(i, name, "an integer");
  if (held >= static_cast<double>(low) && held <= static_cast<double>(high)) return static_cast<long>(held);
  throw ArgumentError(who_ + ": '" + (name ? name : "argument " + std::to_string(i)) + "' = " + show_number(held) +
                      " is out of range (" + std::to_string(low) + " to " + std::to_string(high) + ")");
}

bool Call::boolean(int i, const char* name) const {
  if (!lua_isboolean(L, i)) wrong(i, name, "true or false");
  return lua_toboolean(L, i) != 0;
}

Map Call::map(int i, const char* name) const {
  if (is_nil(i)) return {};
  if (!lua_istable(L, i)) wrong(i, name, "a table");
  Value held = value(i);
  if (Map* members = held.map()) return std::move(*members);
  throw ArgumentError(who_ + ": " + (name ? std::string(name) : "the table") + " must have named members, got a list");
}

List Call::list(int i, const char* name, const std::string& wanted) const {
  if (is_table(i)) list_length(L, i, who_, "'" + std::string(name) + "'");
  Value held = is_table(i) ? value(i) : Value();
  if (held.map() && held.map()->empty()) return {};
  if (!held.list()) wrong(i, name, wanted);
  return std::move(*held.list());
}

std::vector<std::string> Call::words(int i, const char* name) const {
  std::vector<std::string> words;
  for (const auto& element : list(i, name)) {
    const double* number = element.number();
    if (!element.text() && !element.boolean() && !(number && std::isfinite(*number))) {
      const std::string got = number ? show_number(*number) : "a " + std::string(kind_of(element));
      throw ArgumentError(who_ + ": '" + name + "' must hold text or numbers, got " + got + " at position " +
                          std::to_string(words.size() + 1));
    }
    words.push_back(element.text() ? *element.text() : show(element));
  }
  return words;
}

void Call::at_most(int n) const {
  if (count() > n) {
    throw ArgumentError(who_ + ": takes at most " + std::to_string(n) + (n == 1 ? " argument" : " arguments") +
                        ", got " + std::to_string(count()));
  }
}

void Call::wrong(int i, const char* name, const std::string& wanted) const {
  std::string got = kind_at(L, i);
  const int type = lua_type(L, i);
  if (type == LUA_TNUMBER || type == LUA_TSTRING) got = show(to_value(L, i, who_));
  const std::string what = name ? "'" + std::string(name) + "'" : "argument " + std::to_string(i);
  const std::string hint = i == 1 && !name ? way_to_call(wanted, who_) : "";
  throw ArgumentError(who_ + ": " + what + " must be " + wanted + ", got " + got + hint);
}

}  // namespace lumir::lua
