// MultiStepLR: the rate falls at given steps.

#include <algorithm>
#include <cmath>

#include "optim/schedule.h"

namespace lumir::optim {
namespace {

struct MultiStepOptions : ScheduleOptions {
  std::vector<int> milestones;
  double gamma = 0.1;
  static Schema schema() {
    return extend({Option{"milestones", &MultiStepOptions::milestones,
                          "steps after which it falls; one that stands twice "
                          "counts twice",
                          kNonNegative, kRequired},
                   Option{"gamma", &MultiStepOptions::gamma, "what the rate is multiplied by", kNonNegative}},
                  warmup_option<MultiStepOptions>(), per_option<MultiStepOptions>());
  }
};

class MultiStepLR final : public DescribedSchedule<MultiStepOptions> {
 public:
  using DescribedSchedule::DescribedSchedule;

 protected:
  double rate(double initial, long t) const override {
    const auto& all = option().milestones;
    const auto passed = std::count_if(all.begin(), all.end(), [t](int milestone) { return milestone <= t; });
    return initial * std::pow(option().gamma, passed);
  }
};

LUMIR_SCHEDULE(MultiStepLR, {.summary = "Multiplies the rate by gamma at each milestone.",
                             .returns = "a Scheduler",
                             .example = "optim.MultiStepLR(optim.SGD({ w }), { milestones = { 30, 80 } })",
                             .source = "torch.optim.lr_scheduler.MultiStepLR"});

}  // namespace
}  // namespace lumir::optim
