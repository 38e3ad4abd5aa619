// What an optimiser and a schedule have in common: a registered name with options, that a description builds again.

#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/registry.h"
#include "core/state.h"

namespace lumir::optim {

class Registered : public Stateful {
 public:
  Registered(const Registered&) = delete;
  Registered& operator=(const Registered&) = delete;

  const Entry& entry() const { return *entry_; }
  const std::string& name() const { return entry_->name; }
  /// Every option with its value, as it was made.
  virtual Map options() const = 0;
  /// { name = "optim.AdamW", options = {...} }: enough to make it again.
  Value description() const { return Map{{"name", entry_->full_name()}, {"options", options()}}; }
  /// "AdamW { lr = 0.01 }": options that are no defaults only.
  std::string show() const;

 protected:
  explicit Registered(const Entry& entry) : entry_(&entry) {}

 private:
  const Entry* entry_;
};

/// How things of one kind (optimisers, schedules) are made by name.
template <class Kind>
class Makers {
 public:
  using Make = std::shared_ptr<Kind> (*)(const Entry& entry, const Map& options);

  static void add(const Entry& entry, Make make) { all()[entry.full_name()] = make; }
  static bool has(const Entry& entry) { return all().contains(entry.full_name()); }
  /// By registered name, "AdamW" or "optim.AdamW". Throws ArgumentError with the nearest name; `kind` is what it calls them.
  static std::shared_ptr<Kind> make(const std::string& name, const Map& options, const std::string& kind) {
    const std::string module = "optim.", full = name.starts_with(module) ? name : module + name;
    const auto found = all().find(full);
    if (found != all().end()) return found->second(*find_entry(full), options);
    std::vector<std::string> names;
    for (const auto& [known, unused] : all()) names.push_back(known.substr(module.size()));
    const std::string word = full.substr(module.size());
    throw ArgumentError("there is no " + kind + " '" + word + "'" + did_you_mean(word, names));
  }
  /// From a description; throws ArgumentError where it is none.
  static std::shared_ptr<Kind> make(const Value& description, const std::string& kind) {
    const std::string* name = description["name"].text();
    if (!name) throw ArgumentError("the description of an " + kind + " must be given, got " + show(description));
    const Map* options = description["options"].map();
    return make(*name, options ? *options : Map{}, kind);
  }

 private:
  static std::map<std::string, Make>& all() {
    static std::map<std::string, Make> map;
    return map;
  }
};

}  // namespace lumir::optim
