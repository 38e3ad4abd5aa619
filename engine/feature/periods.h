// How alike a frame is to itself some samples later: what pitch is found in.

#pragma once

#include <optional>
#include <string>

#include "core/schema.h"
#include "feature/plan/node.h"
#include "feature/plan/terms.h"
#include "signal/blocks.h"

namespace lumir::feature {

/// Which periods are compared in which frames; librosa's names and defaults, and the pitches that it recommends.
struct PeriodOptions {
  double fmin = 65.40639132514966;  // C2
  double fmax = 2093.004522404789;  // C7
  int frame_length = 2048;
  std::optional<int> hop_length;  // a quarter of the frame
  bool center = true;
  std::string pad_mode = "constant";

  int hop() const { return hop_length.value_or(frame_length / 4); }
  Framing framing() const { return {frame_length, hop(), center}; }
};
/// Those options as the beginning of S's schema.
template <class S>
Schema period_schema() {
  return {
      Option{"fmin", static_cast<double S::*>(&S::fmin), "lowest pitch; C2 is 65.4 Hz", Unit{"Hz"}, kPositive},
      Option{"fmax", static_cast<double S::*>(&S::fmax), "highest pitch; C7 is 2093 Hz", Unit{"Hz"}, kPositive},
      Option{"frame_length", static_cast<int S::*>(&S::frame_length),
             "samples of a frame, at least a period of fmin; "
             "two are better",
             Unit{"samples"}, Range{4, 1 << 20}},
      Option{"hop_length", static_cast<std::optional<int> S::*>(&S::hop_length),
             "from one frame to the next; 'none' is a quarter of frame_length", Unit{"samples"}, Range{1, 1 << 24}},
      Option{"center", static_cast<bool S::*>(&S::center), "frame t is centred on sample t * hop_length"},
      Option{"pad_mode", static_cast<std::string S::*>(&S::pad_mode), "what stands beyond the ends of a centred clip",
             Choices{"constant", "edge", "reflect", "symmetric"}},
  };
}

/// Periods in samples, from the shortest on.
struct Periods {
  int shortest = 0;
  int longest = 0;

  /// Throws ArgumentError where pitches do not fit the rate or the frame.
  Periods(const PeriodOptions& options, int rate);
  int count() const { return longest - shortest + 1; }
};

/// A block of differences: row i is the squared difference of a frame from itself shortest + i samples later, divided
/// by its mean over all shorter ones: near 0 at the period and its multiples. [longest - shortest + 1, kLanes]
struct PeriodFrames : FrameBlock {
  static NodePtr node(const PeriodOptions& options, int rate);
};

/// Where a parabola through three neighbours has its end, from the middle one on; 0 where that is farther than 1.
inline Lanes parabola_shift(Lanes before, Lanes here, Lanes after) {
  const Lanes curve = after + before - 2.0f * here;
  const Lanes slope = (after - before) * 0.5f;
  return abs(slope) >= abs(curve) ? Lanes{} : -slope / curve;
}

}  // namespace lumir::feature
