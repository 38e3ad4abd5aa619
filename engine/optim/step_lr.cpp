// StepLR: the rate falls every so many steps.

#include <cmath>

#include "optim/schedule.h"

namespace lumir::optim {
namespace {

struct StepOptions : ScheduleOptions {
  int step_size = 1;
  double gamma = 0.1;
  static Schema schema() {
    return extend({Option{"step_size", &StepOptions::step_size, "steps from one fall to the next", Range{1}, kRequired},
                   Option{"gamma", &StepOptions::gamma, "what the rate is multiplied by", kNonNegative}},
                  warmup_option<StepOptions>(), per_option<StepOptions>());
  }
};

class StepLR final : public DescribedSchedule<StepOptions> {
 public:
  using DescribedSchedule::DescribedSchedule;

 protected:
  double rate(double initial, long t) const override {
    return initial * std::pow(option().gamma, t / option().step_size);
  }
};

LUMIR_SCHEDULE(StepLR, {.summary = "Multiplies the rate by gamma every step_size steps.",
                        .returns = "a Scheduler",
                        .example = "optim.StepLR(optim.SGD({ w }), { step_size = 30 })",
                        .source = "torch.optim.lr_scheduler.StepLR"});

}  // namespace
}  // namespace lumir::optim
