// Keeping the best weights.

#include "nn/best.h"

#include <cmath>

#include "core/value.h"
#include "tensor/convert.h"

namespace lumir::nn {
namespace {

/// Arrays on memory of their own: those of a module change as it is trained.
State copied(const State& state) {
  State copies;
  for (const auto& [name, array] : state) {
    copies[name] = tensor::to_array(tensor::from_array(array), "best");
  }
  return copies;
}

double number_in(const State& state, const std::string& name, const std::string& who) {
  const auto found = state.find(name);
  if (found == state.end() || found->second.count() != 1) throw Error(who + ": has no '" + name + "' of a Best");
  return found->second.doubles()[0];
}

int count_in(const State& state, const std::string& name, const std::string& who) {
  const double number = number_in(state, name, who);
  if (number >= 0 && number <= 1e9 && number == std::floor(number)) return static_cast<int>(number);
  throw Error(who + ": '" + name + "' = " + show_number(number) + " is no count");
}

}  // namespace

Best::Best(ModulePtr module, bool highest) : module_(std::move(module)), highest_(highest) {}

bool Best::offer(double value) {
  ++offers_;
  if (std::isnan(value)) return false;
  if (value_ && (highest_ ? value <= *value_ : value >= *value_)) return false;
  value_ = value;
  at_ = offers_;
  weights_ = copied(module_->state());
  return true;
}

void Best::restore() {
  if (!value_) throw ArgumentError("restore: no value was offered yet, so there are no best weights");
  module_->load_state(weights_, "restore");
}

State Best::state() const {
  State state{{"at", {static_cast<double>(at_)}}, {"offers", {static_cast<double>(offers_)}}};
  if (value_) state["value"] = {*value_};
  add_part(state, "weights.", weights_);
  return state;
}

void Best::load_state(const State& state, const std::string& who) {
  const int at = count_in(state, "at", who), offers = count_in(state, "offers", who);
  std::optional<double> value;
  if (state.contains("value")) value = number_in(state, "value", who);
  at_ = at;
  offers_ = offers;
  value_ = value;
  weights_ = part_of(state, "weights.");
}

}  // namespace lumir::nn
