// CosineAnnealingLR: half a wave of cosine from the rate down to the least one.

#include <cmath>
#include <numbers>

#include "optim/schedule.h"

namespace lumir::optim {
namespace {

struct CosineAnnealingOptions : ScheduleOptions {
  int T_max = 1;
  double eta_min = 0;
  static Schema schema() {
    return {Option{"T_max", &CosineAnnealingOptions::T_max, "steps until the least rate, those of the warm-up included",
                   Range{1}, kRequired},
            Option{"eta_min", &CosineAnnealingOptions::eta_min, "the least rate", kNonNegative},
            warmup_option<CosineAnnealingOptions>(Range{0, below(upto("T_max"))}),
            per_option<CosineAnnealingOptions>()};
  }
};

class CosineAnnealingLR final : public DescribedSchedule<CosineAnnealingOptions> {
 public:
  using DescribedSchedule::DescribedSchedule;

 protected:
  double rate(double initial, long t) const override {
    if (t <= option().warmup) return initial;
    const double share = static_cast<double>(t - option().warmup) / (option().T_max - option().warmup);
    return option().eta_min + (initial - option().eta_min) * (1 + std::cos(std::numbers::pi * share)) / 2;
  }
};

LUMIR_SCHEDULE(CosineAnnealingLR,
               {.summary = "Half a wave of cosine from the rate down to eta_min in T_max steps, after an even rise.",
                .returns = "a Scheduler",
                .example = "optim.CosineAnnealingLR(optim.AdamW({ w }), { T_max = 60, warmup = 10 })",
                .source = "torch.optim.lr_scheduler.CosineAnnealingLR, after LinearLR where there is a warm-up"});

}  // namespace
}  // namespace lumir::optim
