// Scaled losses.

#include "optim/grad_scaler.h"

#include <algorithm>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/_amp_foreach_non_finite_check_and_unscale.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>

#include "optim/schedule.h"

namespace lumir::optim {
Schema ScalerOptions::schema() {
  using S = ScalerOptions;
  return {Option{"init_scale", &S::init_scale, "what losses are multiplied with at first", kPositive},
          Option{"growth_factor", &S::growth_factor, "how much that grows", Range{1}},
          Option{"backoff_factor", &S::backoff_factor, "how much it shrinks where a gradient is infinite",
                 Range{above(0), 1}},
          Option{"growth_interval", &S::growth_interval, "steps in a row after which it grows", Range{1}}};
}

at::Tensor GradScaler::scale(const at::Tensor& loss) const { return loss * factor_; }

bool GradScaler::unscale(const Optimizer& optimizer) {
  if (divided_.contains(optimizer.number())) {
    throw ArgumentError("unscale: the gradients of this " + optimizer.name() +
                        " are divided already; update comes first");
  }
  const at::NoGradGuard guard;
  std::map<std::pair<std::string, at::ScalarType>, std::vector<at::Tensor>> gradients;  // one kernel takes those alike
  for (const auto& parameter : optimizer.parameters()) {
    const at::Tensor& gradient = parameter.tensor.grad();
    if (gradient.defined()) gradients[{gradient.device().str(), gradient.scalar_type()}].push_back(gradient);
  }
  bool finite = true;
  for (auto& [kind, all] : gradients) {
    const auto options = all[0].options().dtype(at::kFloat);
    at::Tensor infinite = at::zeros({1}, options);
    at::_amp_foreach_non_finite_check_and_unscale_(all, infinite, at::full({1}, 1 / factor_, options));
    finite = finite && infinite.item<double>() == 0;
  }
  divided_[optimizer.number()].finite = finite;
  return finite;
}

bool GradScaler::step(Optimizer& optimizer) {
  if (!divided_.contains(optimizer.number())) unscale(optimizer);
  Divided& divided = divided_[optimizer.number()];
  if (divided.stepped) {
    throw ArgumentError("step: this " + optimizer.name() + " has made its step already; update comes first");
  }
  if (divided.finite) optimizer.step();
  divided.stepped = true;
  return divided.finite;
}

void GradScaler::update() {
  if (divided_.empty()) throw ArgumentError("update: no step was made since the last one");
  const bool finite = std::all_of(divided_.begin(), divided_.end(), [](const auto& one) { return one.second.finite; });
  divided_.clear();
  if (!finite) {
    factor_ *= options_.backoff_factor;
    good_ = 0;
    ++skipped_;
  } else if (++good_ == options_.growth_interval) {
    factor_ *= options_.growth_factor;
    good_ = 0;
  }
}

State GradScaler::state() const {
  return {{"scale", {factor_}},
          {"growth_tracker", {static_cast<double>(good_)}},
          {"skipped", {static_cast<double>(skipped_)}}};
}

void GradScaler::load_state(const State& state, const std::string& who) {
  const int good = count_in(state, "growth_tracker", who), skipped = count_in(state, "skipped", who);
  const double factor = numbers_in(state, "scale", 1, who)[0];
  if (!(factor > 0) || state.size() != 3) throw Error(who + ": holds no state of a GradScaler");
  factor_ = factor;
  good_ = good;
  skipped_ = skipped;
  divided_.clear();
}

}  // namespace lumir::optim

namespace lumir::detail {

optim::GradScalerPtr Field<optim::GradScalerPtr>::read(const std::string& who, const Parameter& parameter,
                                                       const Value& value) {
  if (const auto* object = value.object()) {
    if (const auto* held = std::any_cast<optim::GradScalerPtr>(object->get())) return *held;
  }
  wrong_type(who, parameter, value);
}

}  // namespace lumir::detail
