// How much of a clip is harmonic and how much percussive, as two moments of the samples of either sound.

#pragma once

#include "feature/plan/node.h"
#include "feature/plan/terms.h"
#include "signal/hpss.h"

namespace lumir::feature {

/// Options of harmony and perceptr.
struct EnergyOptions : HpssOptions {
  static constexpr Gives gives = Gives::numbers;
  int rows() const { return 2; }
};

/// A node with the mean and the variance of the samples of one sound; both sounds are separated together, once.
NodePtr harmonic_moments(const HpssOptions& options);
NodePtr percussive_moments(const HpssOptions& options);

}  // namespace lumir::feature
