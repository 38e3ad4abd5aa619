// What a constant-Q transform does with a clip of a rate, octave by octave.

#pragma once

#include <vector>

#include "feature/cqt.h"
#include "feature/plan/terms.h"
#include "signal/octave_filters.h"

namespace lumir::feature {

/// One octave: the sound at a rate of its own, and filters over its frames.
struct CqtOctave {
  bool halves = false;  // the rate is half of that of the octave above
  int hop_length = 0;   // at that rate
  int first_row = 0;    // bin of its lowest filter
  OctaveFilters bank;
};

/// All of it, from the highest octave down.
struct CqtPlan {
  int early_factor = 1;  // by which the rate is divided beforehand, where even the highest filter is low
  std::vector<CqtOctave> octaves;
};

/// The plan of librosa.vqt with gamma = 0. Throws ArgumentError where filters do not fit the rate.
CqtPlan plan_cqt(const CqtOptions& options, int rate, double tuning);

}  // namespace lumir::feature
