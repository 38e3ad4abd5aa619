// States of optimisers: options, what is remembered of each parameter, and gradients that wait.

#include <algorithm>
#include <cmath>
#include <set>

#include "core/text.h"
#include "optim/conformed.h"
#include "optim/optimizer.h"
#include "tensor/convert.h"
#include "tensor/show.h"

namespace lumir::optim {

/// What a state holds, taken out name by name; whatever is left is no part of it.
class Reading {
 public:
  Reading(const State& state, std::string who, std::string name)
      : state_(state), who_(std::move(who)), name_(std::move(name)) {}

  /// Numbers that must be there.
  std::vector<double> numbers(const std::string& key, size_t count) {
    const Array* array = find(key);
    if (!array) throw Error(who_ + ": has no array '" + key + "' of " + name_);
    if (array->count() == count) return array->doubles();
    throw Error(who_ + ": '" + key + "' holds " + std::to_string(array->count()) + " numbers, " + name_ + " takes " +
                std::to_string(count));
  }
  int count(const std::string& key) {
    const double number = numbers(key, 1)[0];
    if (number >= 0 && number <= 1e9 && number == std::floor(number)) return static_cast<int>(number);
    throw Error(who_ + ": '" + key + "' = " + show_number(number) + " is no count");
  }
  /// Undefined where there is none.
  at::Tensor tensor(const std::string& key, at::IntArrayRef shape) {
    const Array* array = find(key);
    if (!array) return {};
    at::Tensor value = tensor::from_array(*array);
    if (value.sizes() == shape) return value;
    throw Error(who_ + ": '" + key + "' is " + tensor::show_shape(value.sizes()) + ", " + name_ + " takes " +
                tensor::show_shape(shape));
  }
  /// Throws Error where something has not been taken.
  void end() const {
    for (const auto& [key, array] : state_) {
      if (known_.contains(key)) continue;
      throw Error(who_ + ": '" + key + "' is no part of " + name_ +
                  did_you_mean(key, std::vector(known_.begin(), known_.end())));
    }
  }

 private:
  const Array* find(const std::string& key) {
    known_.insert(key);
    const auto found = state_.find(key);
    return found == state_.end() ? nullptr : &found->second;
  }
  const State& state_;
  std::string who_, name_;
  std::set<std::string> known_;
};

namespace {

/// Options that are numbers, as arrays: what a schedule or a user may have changed since.
std::vector<double> numbers_of(const Value& option) {
  if (option.number()) return {*option.number()};
  std::vector<double> numbers;
  for (const auto& element : option.list() ? *option.list() : List{}) {
    if (element.number()) numbers.push_back(*element.number());
  }
  return numbers;
}

/// Slots that are one number for a whole parameter, as PyTorch calls them.
constexpr const char* kNumbers[] = {"step", "mu_product"};

std::string group_prefix(size_t group) { return "groups." + std::to_string(group + 1) + "."; }

Array copied(const at::Tensor& tensor, const std::string& who) {
  return tensor::to_array(tensor.detach().cpu().clone(), who);
}

}  // namespace

State Optimizer::memory_of(const NamedTensor& parameter, const Memory& memory) const {
  State state;
  const auto names = slots();
  for (size_t slot = 0; slot < names.size(); ++slot) {
    if (memory[slot].defined()) state["state." + parameter.name + "." + names[slot]] = copied(memory[slot], name());
  }
  return state;
}

State Optimizer::state() const {
  require_bound("state_dict");
  State state;
  for (size_t g = 0; g < groups_.size(); ++g) {
    for (const auto& [option, value] : group_options(g)) {
      if (auto numbers = numbers_of(value); !numbers.empty()) state[group_prefix(g) + option] = std::move(numbers);
    }
    for (size_t i = 0; i < groups_[g].parameters.size(); ++i) {
      state.merge(memory_of(groups_[g].parameters[i], groups_[g].memories[i]));
    }
  }
  state["accumulated"] = {static_cast<double>(accumulated_)};
  state["grad_norm"] = {grad_norm_};
  for (size_t i = 0; i < all_.size(); ++i) {
    if (!is_used(i)) state["grad." + all_[i].name] = copied(all_[i].tensor.grad(), name());
  }
  return state;
}

/// Read before anything is changed.
struct Optimizer::Loaded {
  std::vector<Map> options;                   // of each group
  std::vector<std::vector<Memory>> memories;  // of each group, of each parameter
  int accumulated = 0;
  double grad_norm = 0;
  std::vector<at::Tensor> gradients;  // of all parameters
};

Map Optimizer::read_options_of(size_t group, Reading& reading) const {
  Map changes;
  for (const auto& [option, value] : group_options(group)) {
    const size_t count = numbers_of(value).size();
    if (count == 0) continue;
    const auto numbers = reading.numbers(group_prefix(group) + option, count);
    changes[option] = value.number() ? Value(numbers[0]) : Value(List(numbers.begin(), numbers.end()));
  }
  return changes;
}

Memory Optimizer::read_memory(const NamedTensor& parameter, Reading& reading) const {
  Memory memory;
  for (const auto& slot : slots()) {
    const std::string key = "state." + parameter.name + "." + slot;
    const bool number = std::find(std::begin(kNumbers), std::end(kNumbers), slot) != std::end(kNumbers);
    memory.push_back(reading.tensor(key, number ? at::IntArrayRef{} : parameter.tensor.sizes()));
  }
  return memory;
}

Optimizer::Loaded Optimizer::read(const State& state, const std::string& who) const {
  Reading reading(state, who, name());
  Loaded loaded;
  for (size_t group = 0; group < groups_.size(); ++group) {
    loaded.options.push_back(read_options_of(group, reading));
    auto& memories = loaded.memories.emplace_back();
    for (const auto& parameter : groups_[group].parameters) memories.push_back(read_memory(parameter, reading));
  }
  loaded.accumulated = reading.count("accumulated");
  if (state.contains("grad_norm")) loaded.grad_norm = reading.numbers("grad_norm", 1)[0];
  for (const auto& parameter : all_) {
    loaded.gradients.push_back(reading.tensor("grad." + parameter.name, parameter.tensor.sizes()));
  }
  reading.end();
  return loaded;
}

/// Options may be of another range than they may have; then those of all groups are as they were.
void Optimizer::set_options(const std::vector<Map>& options, const std::string& who) {
  std::vector<Map> before;
  for (size_t group = 0; group < groups_.size(); ++group) before.push_back(group_options(group));
  try {
    for (size_t group = 0; group < groups_.size(); ++group) set_group_options(group, options[group]);
  } catch (const ArgumentError& problem) {
    for (size_t group = 0; group < groups_.size(); ++group) set_group_options(group, before[group]);
    throw Error(who + ": " + problem.what());
  }
}

void Optimizer::load_state(const State& state, const std::string& who) {
  require_bound("load_state_dict");
  Loaded loaded = read(state, who);
  set_options(loaded.options, who);
  for (size_t group = 0; group < groups_.size(); ++group) groups_[group].memories = std::move(loaded.memories[group]);
  accumulated_ = loaded.accumulated;
  grad_norm_ = loaded.grad_norm;
  used_.clear();
  for (size_t i = 0; i < all_.size(); ++i) {
    const at::Tensor& gradient = loaded.gradients[i];
    all_[i].tensor.mutable_grad() = gradient.defined() ? conformed(gradient, all_[i].tensor) : at::Tensor();
  }
}

}  // namespace lumir::optim
