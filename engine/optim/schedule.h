// A Schedule: how the learning rate changes while a network is trained.
//
// As it is made it is options only; bound to an optimiser it sets the rate of each of its groups, at once and with each
// step. Most are one function of the rate that a group began with and of the steps so far; where something else has set
// the rate meanwhile (a second schedule, the user), they change it by what that function changes by, so that schedules
// of one optimiser multiply, as PyTorch's do. A step is an epoch or a batch, as whoever calls it counts; the option `per`
// tells nn.fit which.
//
// HOW TO ADD A SCHEDULE: one file.
//
//   struct ExponentialLROptions : ScheduleOptions {
//     double gamma = 1;
//     static Schema schema() {
//       return extend(schedule_schema<ExponentialLROptions>(), Option{"gamma", ..., kRequired});
//     }
//   };
//   class ExponentialLR final : public DescribedSchedule<ExponentialLROptions> {
//    public:
//     using DescribedSchedule::DescribedSchedule;
//    protected:
//     double rate(double initial, long t) const override { return initial * std::pow(option().gamma, t); }
//   };
//   LUMIR_SCHEDULE(ExponentialLR, {.summary = "...", .returns = "a Scheduler", .example = "...", .source = "..."});

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "optim/rates.h"
#include "optim/registered.h"

namespace lumir::optim {

class Schedule;
using SchedulePtr = std::shared_ptr<Schedule>;

/// What most schedules can be told.
struct ScheduleOptions {
  std::string per = "epoch";
  int warmup = 0;
};
template <class S>
Option per_option() {
  return Option{"per", &S::per, "what nn.fit takes for a step", Choices{"epoch", "batch"}};
}
template <class S>
Option warmup_option() {
  return Option{"warmup", &S::warmup,
                "steps, of the same count, in which the rate rises evenly: (t + 1) / (warmup + 1)", kNonNegative};
}
template <class S>
Schema schedule_schema() {
  return {warmup_option<S>(), per_option<S>()};
}

class Schedule : public Registered {
 public:
  /// One like it, from the beginning; the optimiser's rates are set at once. Throws ArgumentError where the optimiser is
  /// not bound itself.
  SchedulePtr bind(RatesPtr optimizer) const;
  bool bound() const { return optimizer_ != nullptr; }
  const RatesPtr& optimizer() const { return optimizer_; }

  /// True where a step is one of a batch.
  virtual bool per_batch() const = 0;
  /// True where a step needs to know how well it goes (ReduceLROnPlateau).
  virtual bool wants_metric() const { return false; }
  /// One step. Throws ArgumentError where a metric is wanted and none is given, or the other way round.
  void step(std::optional<double> metric = {});
  /// Steps so far.
  long steps() const { return steps_; }

  /// "steps", "initial_lr" and what else a schedule keeps. The rates as they are now stand in the optimiser's state.
  State state() const override;
  void load_state(const State& state, const std::string& who) override;

 protected:
  using Registered::Registered;
  /// The rate of a group that began with `initial`, after t steps.
  virtual double rate(double initial, long t) const = 0;
  /// What becomes of a rate that is not its own, of step t - 1, at step t; at step 0, of the one that it finds.
  virtual double changed(double found, double initial, long t) const;
  /// The share of the rate in the warm-up, else 1.
  double share(long t) const;
  virtual int warmup() const { return 0; }
  /// Once bound: the rates that groups begin with.
  virtual void begin() {}
  /// Sets what holds after t steps; the metric is what step was told, none at the beginning.
  virtual void apply(long t, std::optional<double> metric);
  /// What is kept beside.
  virtual State kept() const { return {}; }
  virtual void keep(const State& /*state*/, const std::string& /*who*/) {}

  std::vector<double> initial_;  // of each group

 private:
  void require_bound(const std::string& method) const;
  RatesPtr optimizer_;
  long steps_ = 0;
};

/// By registered name, "StepLR" or "optim.StepLR". Throws ArgumentError with the nearest name.
SchedulePtr make_schedule(const std::string& name, const Map& options);
/// From a description; throws ArgumentError where it is none.
SchedulePtr make_schedule(const Value& description);
/// True for the entry of one.
bool is_schedule(const Entry& entry);

/// An array of a state that must hold so many numbers; throws Error, begun by `who`.
std::vector<double> numbers_in(const State& state, const std::string& key, size_t count, const std::string& who);
/// One that must be a single whole number from 0 on.
int count_in(const State& state, const std::string& key, const std::string& who);

/// A schedule whose options are a described struct.
template <class OptionsStruct>
class DescribedSchedule : public Schedule {
 public:
  using Options = OptionsStruct;
  DescribedSchedule(const Entry& entry, const Map& given)
      : Schedule(entry), struct_(read_options<Options>(given, entry.name)) {}
  Map options() const final { return write_options(struct_); }
  bool per_batch() const final { return struct_.per == "batch"; }

 protected:
  const Options& option() const { return struct_; }
  int warmup() const final { return struct_.warmup; }

 private:
  Options struct_;
};

template <class S>
struct RegisterSchedule {
  RegisterSchedule(const char* name, Words words, std::source_location where = std::source_location::current()) {
    const Argument whose("optimizer", "Optimizer", "whose rates it sets; without, it is bound later", kPlace);
    const Schema schema = with_arguments({whose}, schema_of<typename S::Options>());
    const Entry& entry = register_entry("optim", name, std::move(words), schema, where);
    Makers<Schedule>::add(entry, [](const Entry& found, const Map& options) -> SchedulePtr {
      return std::make_shared<S>(found, options);
    });
  }
};

/// Registers a class under its own name: see the top of this file.
#define LUMIR_SCHEDULE(Class, ...) \
  const ::lumir::optim::RegisterSchedule<Class> Class##_registered { #Class, __VA_ARGS__ }

}  // namespace lumir::optim

namespace lumir::detail {

/// A schedule as an option (of nn.fit): the very object that was given; in a description, its description.
template <>
struct Field<optim::SchedulePtr> {
  static std::string type(const Parameter&) { return "Scheduler"; }
  static optim::SchedulePtr read(const std::string& who, const Parameter& parameter, const Value& value);
  static Value write(const optim::SchedulePtr& held) { return held ? held->description() : Value(); }
};

}  // namespace lumir::detail
