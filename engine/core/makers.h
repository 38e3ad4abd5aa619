// How things that a recipe names (layers, optimisers, schedules, effects on batches) are made: by registered name and
// options, from a description, or from the very object that was given. One set of names for each kind of them.

#pragma once

#include <any>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/registry.h"

namespace lumir {

/// What errors call a kind of things, and where its names are registered.
struct MadeKind {
  std::string module;    // "optim"
  std::string singular;  // "optimizer"
};

template <class Thing>
class Makers {
 public:
  using Pointer = std::shared_ptr<Thing>;
  using Make = Pointer (*)(const Entry& entry, const Map& options);

  static void add(const Entry& entry, Make make) { all()[entry.full_name()] = make; }
  static bool has(const Entry& entry) { return all().contains(entry.full_name()); }
  /// By registered name, "AdamW" or "optim.AdamW". Throws ArgumentError with the nearest name.
  static Pointer make(const std::string& name, const Map& options, const MadeKind& kind) {
    const std::string prefix = kind.module + ".", full = name.starts_with(prefix) ? name : prefix + name;
    const auto found = all().find(full);
    if (found != all().end()) return found->second(*find_entry(full), options);
    std::vector<std::string> names;
    for (const auto& [known, unused] : all()) names.push_back(known.substr(prefix.size()));
    const std::string word = full.substr(prefix.size());
    throw ArgumentError("there is no " + kind.singular + " '" + word + "'" + did_you_mean(word, names));
  }

 private:
  static std::map<std::string, Make>& all() {
    static std::map<std::string, Make> map;
    return map;
  }
};

struct NamedOptions {
  std::string name;
  Map options;
};
/// Of a description { name = "optim.AdamW", options = {...} }; throws ArgumentError where it is none.
inline NamedOptions named_options(const Value& description, const MadeKind& kind) {
  const std::string* name = description["name"].text();
  if (!name) {
    throw ArgumentError(kind.singular + ": a description { name = ..., options = ... } must be given, got " +
                        show(description));
  }
  const Map* options = description["options"].map();
  return {*name, options ? *options : Map{}};
}

/// "AdamW { lr = 0.01 }": the name, and options that are no defaults.
inline std::string show_made(const Entry& entry, const Map& options) {
  std::string text;
  for (const auto& parameter : entry.parameters) {
    const auto found = options.find(parameter.name);
    if (found == options.end() || found->second == parameter.default_value) continue;
    text += (text.empty() ? "" : ", ") + parameter.name + " = " + show(found->second);
  }
  return entry.name + (text.empty() ? "" : " { " + text + " }");
}

namespace detail {

/// One as an option of another: the very object that was given, or what `make` makes of a description.
template <class Pointer>
Pointer read_made(const std::string& who, const Parameter& parameter, const Value& value,
                  Pointer (*make)(const Value& description)) {
  if (const auto* object = value.object()) {
    if (const auto* held = std::any_cast<Pointer>(object->get())) return *held;
  }
  if (!value.map()) wrong_type(who, parameter, value);
  return make(value);
}

}  // namespace detail

}  // namespace lumir
