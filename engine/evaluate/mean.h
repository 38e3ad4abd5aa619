// Mean: of numbers that come one after the other, each with a weight.

#pragma once

#include "core/state.h"

namespace lumir::evaluate {

class Mean final : public Stateful {
 public:
  void add(double value, double weight) {
    sum_ += value * weight;
    weight_ += weight;
  }
  /// NaN before the first.
  double value() const { return sum_ / weight_; }

  State state() const override;
  void load_state(const State& state, const std::string& who) override;

 private:
  double sum_ = 0;
  double weight_ = 0;
};

}  // namespace lumir::evaluate
