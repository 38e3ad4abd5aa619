// Steps and states of schedules.

#include "optim/schedule.h"

#include <cmath>

namespace lumir::optim {

SchedulePtr Schedule::bind(RatesPtr optimizer) const {
  if (optimizer->groups() == 0) {
    throw ArgumentError(name() + ": " + optimizer->title() + " has no parameters yet: optim." + optimizer->title() +
                        "(net, options), or bind");
  }
  const SchedulePtr made = make_schedule(entry().full_name(), options());
  made->optimizer_ = std::move(optimizer);
  for (size_t group = 0; group < made->optimizer_->groups(); ++group) {
    made->initial_.push_back(made->optimizer_->initial_lr(group));
  }
  made->begin();
  made->apply(0, {});
  return made;
}

void Schedule::require_bound(const std::string& method) const {
  if (!bound()) {
    throw ArgumentError(method + ": " + name() + " has no optimizer yet: optim." + name() +
                        "(optimizer, options), or bind");
  }
}

void Schedule::step(std::optional<double> metric) {
  require_bound("step");
  if (wants_metric() && !metric) throw ArgumentError("step: " + name() + " goes by a number: step(valid.loss)");
  if (!wants_metric() && metric) throw ArgumentError("step: " + name() + " goes by steps alone, not by a number");
  apply(steps_ + 1, metric);
  ++steps_;
}

double Schedule::share(long t) const {
  const long rise = warmup();
  return t < rise ? static_cast<double>(t + 1) / static_cast<double>(rise + 1) : 1;
}

double Schedule::changed(double found, double initial, long t) const {
  const double before = t == 0 ? initial : share(t - 1) * rate(initial, t - 1);
  return before == 0 ? found : found * (share(t) * rate(initial, t) / before);
}

void Schedule::apply(long t, std::optional<double>) {
  for (size_t group = 0; group < initial_.size(); ++group) {
    const double initial = initial_[group], found = optimizer_->lr(group);
    const bool own = found == (t == 0 ? initial : share(t - 1) * rate(initial, t - 1));
    optimizer_->set_lr(group, own ? share(t) * rate(initial, t) : changed(found, initial, t));
  }
}

State Schedule::state() const {
  require_bound("state_dict");
  State state = kept();
  state["steps"] = {static_cast<double>(steps_)};
  state["initial_lr"] = std::vector<double>(initial_);
  return state;
}

void Schedule::load_state(const State& state, const std::string& who) {
  require_bound("load_state_dict");
  const int steps = count_in(state, "steps", who);
  const auto initial = numbers_in(state, "initial_lr", initial_.size(), who);
  const State known = this->state();
  for (const auto& [key, array] : state) {
    if (!known.contains(key)) throw Error(who + ": '" + key + "' is no part of " + name());
  }
  keep(state, who);
  steps_ = steps;
  initial_ = initial;
}

namespace {

const MadeKind kSchedules{"optim", "schedule"};

}  // namespace

SchedulePtr make_schedule(const std::string& name, const Map& options) {
  return Makers<Schedule>::make(name, options, kSchedules);
}

SchedulePtr make_schedule(const Value& description) {
  const auto [name, options] = named_options(description, kSchedules);
  return make_schedule(name, options);
}

bool is_schedule(const Entry& entry) { return Makers<Schedule>::has(entry); }

std::vector<double> numbers_in(const State& state, const std::string& key, size_t count, const std::string& who) {
  const auto found = state.find(key);
  if (found == state.end()) throw Error(who + ": has no array '" + key + "'");
  if (found->second.count() != count) {
    throw Error(who + ": '" + key + "' holds " + std::to_string(found->second.count()) + " numbers, not " +
                std::to_string(count));
  }
  return found->second.doubles();
}

int count_in(const State& state, const std::string& key, const std::string& who) {
  const double number = numbers_in(state, key, 1, who)[0];
  if (number >= 0 && number <= 1e9 && number == std::floor(number)) return static_cast<int>(number);
  throw Error(who + ": '" + key + "' = " + show_number(number) + " is no count");
}

}  // namespace lumir::optim

namespace lumir::detail {

optim::SchedulePtr Field<optim::SchedulePtr>::read(const std::string& who, const Parameter& parameter,
                                                   const Value& value) {
  return read_made<optim::SchedulePtr>(who, parameter, value, optim::make_schedule);
}

}  // namespace lumir::detail
