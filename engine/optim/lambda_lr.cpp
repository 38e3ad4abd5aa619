// LambdaLR: the rate is the first one times what a function says.

#include "optim/lambda_lr.h"

#include <cmath>

#include "core/kind.h"
#include "optim/schedule.h"

namespace lumir::optim {
namespace {

const KindName<StepFunction> word{"a function"};

struct LambdaOptions : ScheduleOptions {
  StepFunction lr_lambda;
  static Schema schema() {
    return {Option{"lr_lambda", &LambdaOptions::lr_lambda,
                   "called with the steps so far, 0 at first; answers what the first rate is multiplied by", kArgument},
            per_option<LambdaOptions>()};
  }
};

class LambdaLR final : public DescribedSchedule<LambdaOptions> {
 public:
  using DescribedSchedule::DescribedSchedule;

 protected:
  double rate(double initial, long t) const override {
    const double factor = option().lr_lambda(static_cast<double>(t));
    if (std::isfinite(factor) && factor >= 0) return initial * factor;
    throw ArgumentError("LambdaLR: 'lr_lambda' of " + std::to_string(t) + " answered " + show_number(factor) +
                        ", which is no factor of a rate");
  }
  /// As PyTorch's: it sets the rate, whatever another schedule has made of it.
  void apply(long t, std::optional<double>) override {
    for (size_t group = 0; group < initial_.size(); ++group) optimizer()->set_lr(group, rate(initial_[group], t));
  }
};

LUMIR_SCHEDULE(LambdaLR, {.summary = "Multiplies the first rate by what a function of the steps so far answers.",
                          .returns = "a Scheduler",
                          .example = "optim.LambdaLR(optim.SGD({ w }), function(epoch) return 0.95 ^ epoch end)",
                          .source = "torch.optim.lr_scheduler.LambdaLR"});

}  // namespace
}  // namespace lumir::optim
