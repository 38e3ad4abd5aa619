// ExponentialLR: the rate falls by the same share with every step.

#include <cmath>

#include "optim/schedule.h"

namespace lumir::optim {
namespace {

struct ExponentialOptions : ScheduleOptions {
  double gamma = 1;
  static Schema schema() {
    return extend(
        {Option{"gamma", &ExponentialOptions::gamma, "what the rate is multiplied by", kNonNegative, kRequired}},
        warmup_option<ExponentialOptions>(), per_option<ExponentialOptions>());
  }
};

class ExponentialLR final : public DescribedSchedule<ExponentialOptions> {
 public:
  using DescribedSchedule::DescribedSchedule;

 protected:
  double rate(double initial, long t) const override {
    return initial * std::pow(option().gamma, static_cast<double>(t));
  }
};

LUMIR_SCHEDULE(ExponentialLR, {.summary = "Multiplies the rate by gamma with every step.",
                               .returns = "a Scheduler",
                               .example = "optim.ExponentialLR(optim.SGD({ w }), { gamma = 0.9 })",
                               .source = "torch.optim.lr_scheduler.ExponentialLR"});

}  // namespace
}  // namespace lumir::optim
