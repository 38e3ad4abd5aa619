// OneCycleLR: the rate rises once and falls far below where it began, momentum the other way.

#include <algorithm>
#include <cmath>
#include <numbers>

#include "optim/schedule.h"

namespace lumir::optim {
namespace {

struct OneCycleOptions : ScheduleOptions {
  OneCycleOptions() { per = "batch"; }
  double max_lr = 0.1;
  int total_steps = 1;
  double pct_start = 0.3;
  std::string anneal_strategy = "cos";
  bool cycle_momentum = true;
  double base_momentum = 0.85;
  double max_momentum = 0.95;
  double div_factor = 25;
  double final_div_factor = 1e4;
  bool three_phase = false;
  static Schema schema() {
    using S = OneCycleOptions;
    return {Option{"max_lr", &S::max_lr, "the highest rate, of every group", kPositive, kRequired},
            Option{"total_steps", &S::total_steps, "steps of the whole cycle", Range{1}, kRequired},
            Option{"pct_start", &S::pct_start, "share of the steps in which it rises", Range{0, 1}},
            Option{"anneal_strategy", &S::anneal_strategy, "the shape of each part", Choices{"cos", "linear"}},
            Option{"cycle_momentum", &S::cycle_momentum, "momentum, or Adam's first beta, falls as the rate rises"},
            Option{"base_momentum", &S::base_momentum, "the least momentum", Range{0, 1}},
            Option{"max_momentum", &S::max_momentum, "the highest momentum", Range{0, 1}},
            Option{"div_factor", &S::div_factor, "the first rate is max_lr over this", kPositive},
            Option{"final_div_factor", &S::final_div_factor, "the last rate is the first over this", kPositive},
            Option{"three_phase", &S::three_phase, "falls as long as it rose, and only then below the first rate"},
            per_option<S>()};
  }
};

/// A part of the cycle: until which step, from which rate to which, and whether momentum falls or rises in it.
struct Part {
  double end;
  double from, to;
  double momentum_from, momentum_to;
};

class OneCycleLR final : public DescribedSchedule<OneCycleOptions> {
 public:
  using DescribedSchedule::DescribedSchedule;

 protected:
  double rate(double, long t) const override {
    check(t);
    return value(t, &Part::from, &Part::to);
  }

  /// It is not of one kind with others: it sets what it says.
  double changed(double, double initial, long t) const override { return rate(initial, t); }

  void begin() override {
    for (size_t group = 0; group < optimizer()->groups(); ++group) {
      if (option().cycle_momentum && !optimizer()->momentum(group)) {
        throw ArgumentError("OneCycleLR: " + optimizer()->title() + " has no momentum: cycle_momentum = false");
      }
    }
  }

  void apply(long t, std::optional<double> metric) override {
    DescribedSchedule::apply(t, metric);
    if (!option().cycle_momentum) return;
    for (size_t group = 0; group < optimizer()->groups(); ++group) {
      *optimizer()->momentum(group) = value(t, &Part::momentum_from, &Part::momentum_to);
    }
  }

 private:
  void check(long t) const {
    if (t <= option().total_steps) return;
    throw ArgumentError("step: OneCycleLR has " + std::to_string(option().total_steps) + " steps; step " +
                        std::to_string(t) + " is asked for");
  }

  std::vector<Part> parts() const {
    const OneCycleOptions& o = option();
    const double first = o.max_lr / o.div_factor, last = first / o.final_div_factor;
    const double rise = o.pct_start * o.total_steps - 1, end = o.total_steps - 1;
    if (!o.three_phase) {
      return {{rise, first, o.max_lr, o.max_momentum, o.base_momentum},
              {end, o.max_lr, last, o.base_momentum, o.max_momentum}};
    }
    return {{rise, first, o.max_lr, o.max_momentum, o.base_momentum},
            {2 * o.pct_start * o.total_steps - 2, o.max_lr, first, o.base_momentum, o.max_momentum},
            {end, first, last, o.max_momentum, o.max_momentum}};
  }

  /// The step behind the last batch changes nothing: PyTorch takes it too, and reckons on beyond the end there, which
  /// may come out below zero.
  double value(long step, double Part::*from, double Part::*to) const {
    const long t = std::min<long>(step, option().total_steps - 1);
    const auto all = parts();
    double start = 0;
    for (const Part& part : all) {
      if (static_cast<double>(t) > part.end && &part != &all.back()) {
        start = part.end;
        continue;
      }
      const double share = part.end == start ? 1 : (static_cast<double>(t) - start) / (part.end - start);
      return between(part.*from, part.*to, share);
    }
    return 0;  // there is always a last part
  }

  double between(double from, double to, double share) const {
    if (option().anneal_strategy == "linear") return from + (to - from) * share;
    return to + (from - to) / 2 * (1 + std::cos(std::numbers::pi * share));
  }
};

LUMIR_SCHEDULE(OneCycleLR,
               {.summary = "The rate rises to max_lr and falls far below where it began; a step is a batch.",
                .returns = "a Scheduler",
                .example = "optim.OneCycleLR(optim.AdamW({ w }), { max_lr = 0.01, total_steps = 100 })",
                .source = "torch.optim.lr_scheduler.OneCycleLR; Smith and Topin, Super-Convergence (2018)"});

}  // namespace
}  // namespace lumir::optim
