// Mean: of numbers that come one after the other, each with a weight.

#pragma once

namespace lumir::evaluate {

class Mean {
 public:
  void add(double value, double weight) {
    sum_ += value * weight;
    weight_ += weight;
  }
  /// NaN before the first.
  double value() const { return sum_ / weight_; }

 private:
  double sum_ = 0;
  double weight_ = 0;
};

}  // namespace lumir::evaluate
