// SWALR: the rate goes over to the one at which weights are averaged.

#include <algorithm>
#include <cmath>
#include <numbers>

#include "optim/schedule.h"

namespace lumir::optim {
namespace {

struct SwaOptions : ScheduleOptions {
  double swa_lr = 0.05;
  int anneal_epochs = 10;
  std::string anneal_strategy = "cos";
  static Schema schema() {
    using S = SwaOptions;
    return {Option{"swa_lr", &S::swa_lr, "the rate at the end", kNonNegative, kRequired},
            Option{"anneal_epochs", &S::anneal_epochs, "steps that it takes", kNonNegative},
            Option{"anneal_strategy", &S::anneal_strategy, "along a wave or a line", Choices{"cos", "linear"}},
            per_option<S>()};
  }
};

class SWALR final : public DescribedSchedule<SwaOptions> {
 public:
  using DescribedSchedule::DescribedSchedule;

 protected:
  double rate(double initial, long t) const override { return toward(initial, share_of_end(t)); }
  /// It begins where it finds the rate: another schedule had it before.
  double changed(double found, double, long t) const override {
    const double before = t == 0 ? 0 : share_of_end(t - 1);
    if (before == 1) return option().swa_lr;
    return toward((found - before * option().swa_lr) / (1 - before), share_of_end(t));
  }

 private:
  double toward(double from, double share) const { return option().swa_lr * share + from * (1 - share); }
  double share_of_end(long t) const {
    if (option().anneal_epochs == 0) return 1;
    const double way = std::min(1.0, static_cast<double>(t) / option().anneal_epochs);
    return option().anneal_strategy == "linear" ? way : (1 - std::cos(std::numbers::pi * way)) / 2;
  }
};

LUMIR_SCHEDULE(SWALR, {.summary = "From the rate as it is to swa_lr in anneal_epochs steps, and stays there; beside an "
                                  "AveragedModel, late in a training.",
                       .returns = "a Scheduler",
                       .example = "optim.SWALR(optim.SGD({ w }), { swa_lr = 0.01 })",
                       .source = "torch.optim.swa_utils.SWALR; Izmailov et al., Averaging Weights (2018)"});

}  // namespace
}  // namespace lumir::optim
