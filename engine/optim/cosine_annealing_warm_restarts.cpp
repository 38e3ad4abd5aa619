// CosineAnnealingWarmRestarts: half a wave of cosine down to the least rate, and again from the top.

#include <cmath>
#include <numbers>

#include "optim/schedule.h"

namespace lumir::optim {
namespace {

struct RestartsOptions : ScheduleOptions {
  int T_0 = 1, T_mult = 1;
  double eta_min = 0;
  static Schema schema() {
    using S = RestartsOptions;
    return {Option{"T_0", &S::T_0, "steps until the first restart", Range{1}, kRequired},
            Option{"T_mult", &S::T_mult, "how many times longer each wave is than the one before", Range{1}},
            Option{"eta_min", &S::eta_min, "the least rate", kNonNegative}, warmup_option<S>(), per_option<S>()};
  }
};

class CosineAnnealingWarmRestarts final : public DescribedSchedule<RestartsOptions> {
 public:
  using DescribedSchedule::DescribedSchedule;

 protected:
  double rate(double initial, long t) const override {
    if (t <= option().warmup) return initial;
    double since = static_cast<double>(t - option().warmup), length = option().T_0;
    if (option().T_mult == 1) since = std::fmod(since, length);
    while (since >= length) {
      since -= length;
      length *= option().T_mult;
    }
    const double height = (1 + std::cos(std::numbers::pi * since / length)) / 2;
    return option().eta_min + (initial - option().eta_min) * height;
  }
  /// As PyTorch's: it sets the rate, whatever another schedule has made of it.
  double changed(double, double initial, long t) const override { return share(t) * rate(initial, t); }
};

LUMIR_SCHEDULE(
    CosineAnnealingWarmRestarts,
    {.summary = "Half a wave of cosine from the rate down to eta_min in T_0 steps, again and again, each wave "
                "T_mult times as long.",
     .returns = "a Scheduler",
     .example = "optim.CosineAnnealingWarmRestarts(optim.SGD({ w }), { T_0 = 10, T_mult = 2 })",
     .source = "torch.optim.lr_scheduler.CosineAnnealingWarmRestarts; Loshchilov and Hutter, SGDR (2017)"});

}  // namespace
}  // namespace lumir::optim
