// Peaks of spectra: frequencies and heights by parabolas through three bins.

#pragma once

#include "core/spill.h"
#include "feature/plan/terms.h"
#include "signal/blocks.h"

namespace lumir::feature {

/// Peaks that were found, in any order.
struct Peaks {
  Floats frequencies;  // Hz
  Floats heights;
};

/// Which bins to look at, and how high a peak must stand.
struct PeakRange {
  int first_bin = 1;
  int end_bin = 1;         // one behind the last
  float threshold = 0.1f;  // of the frame's greatest bin
};

/// Adds the peaks of the first `frames` lanes.
void find_peaks(const SpectrumBlock& spectrum, const PeakRange& range, int frames, Peaks& peaks);

}  // namespace lumir::feature
