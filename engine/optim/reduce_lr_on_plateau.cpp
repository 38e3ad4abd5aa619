// ReduceLROnPlateau: the rate falls when what is watched has not become better for a while.

#include <algorithm>
#include <cmath>
#include <limits>

#include "optim/schedule.h"

namespace lumir::optim {
namespace {

struct PlateauOptions : ScheduleOptions {
  std::string mode = "min";
  double factor = 0.1;
  int patience = 10;
  double threshold = 1e-4;
  std::string threshold_mode = "rel";
  int cooldown = 0;
  double min_lr = 0;
  double eps = 1e-8;
  static Schema schema() {
    using S = PlateauOptions;
    return {Option{"mode", &S::mode, "better is less (a loss), or more (an accuracy)", Choices{"min", "max"}},
            Option{"factor", &S::factor, "what the rate is multiplied by", Range{0, below(1)}},
            Option{"patience", &S::patience, "steps without anything better that are let pass", kNonNegative},
            Option{"threshold", &S::threshold, "what counts as better: by more than this", kNonNegative},
            Option{"threshold_mode", &S::threshold_mode, "the threshold is a share of the best, or a difference",
                   Choices{"rel", "abs"}},
            Option{"cooldown", &S::cooldown, "steps after a fall that are not counted", kNonNegative},
            Option{"min_lr", &S::min_lr, "the least rate", kNonNegative},
            Option{"eps", &S::eps, "a fall by less than this does not take place", kNonNegative},
            per_option<S>()};
  }
};

class ReduceLROnPlateau final : public DescribedSchedule<PlateauOptions> {
 public:
  ReduceLROnPlateau(const Entry& entry, const Map& given) : DescribedSchedule(entry, given) {
    best_ = (option().mode == "min" ? 1 : -1) * std::numeric_limits<double>::infinity();
  }
  bool wants_metric() const override { return true; }

 protected:
  double rate(double initial, long) const override { return initial; }

  void apply(long, std::optional<double> metric) override {
    if (!metric) return;                       // it begins with the rates as they are
    bad_ = is_better(*metric) ? 0 : bad_ + 1;  // NaN never is
    if (bad_ == 0) best_ = *metric;
    if (cooldown_ > 0) {
      --cooldown_;
      bad_ = 0;
    }
    if (bad_ <= option().patience) return;
    reduce();
    cooldown_ = option().cooldown;
    bad_ = 0;
  }

  State kept() const override {
    return {{"best", {best_}},
            {"num_bad_epochs", {static_cast<double>(bad_)}},
            {"cooldown_counter", {static_cast<double>(cooldown_)}}};
  }
  void keep(const State& state, const std::string& who) override {
    const double best = numbers_in(state, "best", 1, who)[0];
    const int bad = count_in(state, "num_bad_epochs", who), cooldown = count_in(state, "cooldown_counter", who);
    best_ = best;
    bad_ = bad;
    cooldown_ = cooldown;
  }

 private:
  bool is_better(double metric) const {
    const PlateauOptions& o = option();
    const double sign = o.mode == "min" ? -1 : 1;
    const double margin = o.threshold_mode == "rel" && std::isfinite(best_) ? best_ * o.threshold : o.threshold;
    return sign * metric > sign * (best_ + sign * margin);
  }

  void reduce() {
    for (size_t group = 0; group < optimizer()->groups(); ++group) {
      const double old = optimizer()->lr(group), reduced = std::max(old * option().factor, option().min_lr);
      if (old - reduced > option().eps) optimizer()->set_lr(group, reduced);
    }
  }

  double best_;
  int bad_ = 0, cooldown_ = 0;
};

LUMIR_SCHEDULE(ReduceLROnPlateau,
               {.summary = "Multiplies the rate by factor when what it is told has not become better for more than "
                           "patience steps.",
                .returns = "a Scheduler",
                .example = "optim.ReduceLROnPlateau(optim.SGD({ w }), { patience = 3 }):step(0.5)",
                .source = "torch.optim.lr_scheduler.ReduceLROnPlateau"});

}  // namespace
}  // namespace lumir::optim
