// CosineAnnealingLR: half a wave of cosine from the rate down to the least one.

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/once.h"
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
            warmup_option<CosineAnnealingOptions>(), per_option<CosineAnnealingOptions>()};
  }
};

class CosineAnnealingLR final : public DescribedSchedule<CosineAnnealingOptions> {
 public:
  using DescribedSchedule::DescribedSchedule;

 protected:
  double rate(double initial, long t) const override {
    if (t <= option().warmup) return initial;
    return option().eta_min + (initial - option().eta_min) * height(t - option().warmup);
  }

  /// What lies above the least rate follows the wave.
  double changed(double found, double initial, long t) const override {
    const long wave = t - option().warmup;
    if (wave <= 0) return DescribedSchedule::changed(found, initial, t);
    const double least = option().eta_min;
    if ((wave - 1 - length()) % (2 * length()) == 0) return found + (initial - least) * height(wave);  // up from it
    return least + (found - least) * (height(wave) / height(wave - 1));
  }

  /// Whoever tries a recipe with a few epochs has it begin as it would; it ends in the rise.
  void begin() override {
    if (option().warmup < option().T_max) return;
    warn_once("CosineAnnealingLR: 'warmup' = " + std::to_string(option().warmup) +
              " takes all of T_max = " + std::to_string(option().T_max) + ": the rate only rises");
  }

 private:
  /// Steps of the wave's way down.
  long length() const { return std::max(1, option().T_max - option().warmup); }
  double height(long t) const {
    return (1 + std::cos(std::numbers::pi * static_cast<double>(t) / static_cast<double>(length()))) / 2;
  }
};

LUMIR_SCHEDULE(CosineAnnealingLR,
               {.summary = "Half a wave of cosine from the rate down to eta_min in T_max steps, after an even rise. A "
                           "warm-up that takes all of T_max rises to its end, and says so.",
                .returns = "a Scheduler",
                .example = "optim.CosineAnnealingLR(optim.AdamW({ w }), { T_max = 60, warmup = 10 })",
                .source = "torch.optim.lr_scheduler.CosineAnnealingLR, after LinearLR where there is a warm-up"});

}  // namespace
}  // namespace lumir::optim
