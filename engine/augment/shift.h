// What shifts along time and along frequency share.

#pragma once

#include "augment/batch_axes.h"
#include "core/step.h"

namespace lumir::augment {

struct ShiftOptions {
  double max_shift = 0.1;
  bool rollover = true;
  TimeDim time_dim = "auto";
  std::optional<int> seed;
  static Schema schema() {
    using S = ShiftOptions;
    return {Option{"max_shift", &S::max_shift, "the farthest, either way, as a share of all positions", Range{0, 1}},
            Option{"rollover", &S::rollover,
                   "what is pushed out comes in again at the other end; else the least number of the example does"},
            time_dim_option<S>(), seed_option<S>()};
  }
};

/// By how many positions each example is moved: towards the end where it is above 0.
struct Shifts {
  std::vector<int> shifts;
  static Schema schema() {
    return {Option{"shifts", &Shifts::shifts, "of each example, how many positions towards the end"}};
  }
};

/// Of each example, as far as it is true along `time`, a shift along `dimension`; both are dimensions of the batch.
Shifts draw_shifts(const Batch& batch, const ShiftOptions& options, int64_t time, int64_t dimension, Random& random);
/// Moves every example, as far as it is true along `time`, along `dimension`.
Batch shifted(const Batch& batch, const ShiftOptions& options, const Shifts& drawn, int64_t time, int64_t dimension,
              const std::string& who);

}  // namespace lumir::augment
