// Descriptions: the data that a network is built from again.
//
// { name = "nn.Linear", options = {...} }, where modules among the options stand as their own descriptions. What stands
// in several places is the same again when it is built:
//
//   a module      its first description has a number, `id`; the others are { again = 1 } and nothing else
//   a tensor      that different modules hold: `tied` says of each further name which one it repeats, as in
//                 { ["2.weight"] = "0.weight" }

#include "nn/description.h"

#include <map>
#include <set>
#include <utility>

namespace lumir::nn {
namespace {

/// While a whole network is described: the numbers of its modules that stand in several places, 0 for one that has not
/// been met yet.
using Numbers = std::map<const Module*, int>;
/// While a whole network is built: what its numbers are.
using Numbered = std::map<int, ModulePtr>;

Numbers*& numbers_of_whole() {
  thread_local Numbers* current = nullptr;
  return current;
}
Numbered*& numbered_of_whole() {
  thread_local Numbered* current = nullptr;
  return current;
}

/// Puts a value in the place of another for as long as it lives.
template <class T>
class Instead {
 public:
  Instead(T*& place, T* value) : place_(place), before_(std::exchange(place, value)) {}
  ~Instead() { place_ = before_; }
  Instead(const Instead&) = delete;
  Instead& operator=(const Instead&) = delete;

 private:
  T*& place_;
  T* before_;
};

void find_repeated(const Module& module, std::set<const Module*>& seen, Numbers& repeated) {
  if (!seen.insert(&module).second) {
    repeated[&module] = 0;
    return;
  }
  for (const auto& child : module.children()) find_repeated(*child.module, seen, repeated);
}

Numbers repeated_in(const Module& whole) {
  std::set<const Module*> seen;
  Numbers repeated;
  find_repeated(whole, seen, repeated);
  return repeated;
}

/// Of each name that repeats another module's tensor, the name that it repeats.
Map ties_of(Module& module) {
  Map ties;
  std::map<const void*, Slot> first;
  for (const Slot& slot : named_slots_of(module)) {
    const auto [known, is_new] = first.try_emplace(identity_of(slot), slot);
    if (!is_new && slot.tensor != known->second.tensor) ties[slot.name] = known->second.name;
  }
  return ties;
}

void tie(Module& module, const Map& ties) {
  std::map<std::string, at::Tensor*> places;
  for (const Slot& slot : named_slots_of(module)) places[slot.name] = slot.tensor;
  for (const auto& [name, value] : ties) {
    const auto repeated = places.find(name), first = places.find(value.text() ? *value.text() : "");
    if (repeated == places.end() || first == places.end()) {
      throw ArgumentError(module.title() + ": '" + name + "' cannot be tied to '" + show(value) + "'");
    }
    if (!first->second->defined()) {
      throw ArgumentError(module.title() + ": '" + name + "' and '" + first->first +
                          "' are one and have no size yet; let them see a batch first");
    }
    *repeated->second = *first->second;
  }
}

int number_in(const Value& description, const char* name) {
  const double* number = description[name].number();
  return number && *number >= 1 && *number <= 1e9 ? static_cast<int>(*number) : 0;
}

ModulePtr module_again(int number) {
  const auto found = numbered_of_whole()->find(number);
  if (found != numbered_of_whole()->end()) return found->second;
  throw ArgumentError("module: a description says 'again' of a part that it has not described before");
}

}  // namespace

const void* identity_of(const Slot& slot) {
  if (slot.tensor->defined()) return slot.tensor->unsafeGetTensorImpl();
  return slot.tensor;
}

Map Module::describe() const { return {{"name", entry_->full_name()}, {"options", options()}}; }

Value Module::describe_whole() const {
  Numbers repeated = repeated_in(*this);
  const Instead<Numbers> scope(numbers_of_whole(), &repeated);
  Map described = describe();
  if (Map ties = ties_of(const_cast<Module&>(*this)); !ties.empty()) described["tied"] = std::move(ties);
  return described;
}

Value Module::description() const {
  if (!numbers_of_whole()) return describe_whole();
  Numbers& numbers = *numbers_of_whole();
  const auto repeated = numbers.find(this);
  if (repeated == numbers.end()) return describe();
  if (repeated->second > 0) return Map{{"again", repeated->second}};
  int met = 1;
  for (const auto& [module, number] : numbers) met += number > 0;
  repeated->second = met;
  Map described = describe();
  described["id"] = met;
  return described;
}

ModulePtr make_part(const Value& description) {
  if (!numbered_of_whole()) return make_module(description);
  if (const int number = number_in(description, "again")) return module_again(number);
  const auto [name, options] = named_options(description, kModules);
  ModulePtr module = make_module(name, options);
  if (const Map* ties = description["tied"].map()) tie(*module, *ties);
  if (const int number = number_in(description, "id")) numbered_of_whole()->emplace(number, module);
  return module;
}

ModulePtr make_module(const Value& description) {
  Numbered numbered;
  const Instead<Numbered> scope(numbered_of_whole(), &numbered);
  return make_part(description);
}

}  // namespace lumir::nn
