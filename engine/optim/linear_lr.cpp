// LinearLR: the rate goes evenly from one share of itself to another.

#include <algorithm>

#include "optim/schedule.h"

namespace lumir::optim {
namespace {

struct LinearOptions : ScheduleOptions {
  double start_factor = 1.0 / 3;
  double end_factor = 1;
  int total_iters = 5;
  static Schema schema() {
    return {Option{"start_factor", &LinearOptions::start_factor, "share of the rate at first", Range{above(0), 1}},
            Option{"end_factor", &LinearOptions::end_factor, "share of the rate at last", Range{0, 1}},
            Option{"total_iters", &LinearOptions::total_iters, "steps from one to the other", Range{1}},
            per_option<LinearOptions>()};
  }
};

class LinearLR final : public DescribedSchedule<LinearOptions> {
 public:
  using DescribedSchedule::DescribedSchedule;

 protected:
  double rate(double initial, long t) const override {
    const double gone = static_cast<double>(std::min<long>(t, option().total_iters)) / option().total_iters;
    return initial * (option().start_factor + (option().end_factor - option().start_factor) * gone);
  }
};

LUMIR_SCHEDULE(LinearLR, {.summary = "Goes evenly from one share of the rate to another: a warm-up, or a decline.",
                          .returns = "a Scheduler",
                          .example = "optim.LinearLR(optim.SGD({ w }), { start_factor = 0.1, total_iters = 10 })",
                          .source = "torch.optim.lr_scheduler.LinearLR"});

}  // namespace
}  // namespace lumir::optim
