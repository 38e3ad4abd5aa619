// Sums over overlapping stretches of the sound itself, for features that need no spectrum.

#pragma once

#include <string>

#include "core/schema.h"
#include "core/spill.h"
#include "feature/plan/node.h"

namespace lumir::feature {

/// Frames over samples; librosa's names and defaults.
struct FrameOptions {
  int frame_length = 2048;
  int hop_length = 512;
  bool center = true;

  Framing framing() const { return {frame_length, hop_length, center}; }
};
template <class S>
Schema frame_schema() {
  return {Option{"frame_length", static_cast<int S::*>(&S::frame_length), "samples of a frame", Unit{"samples"},
                 Range{1, 1 << 24}},
          Option{"hop_length", static_cast<int S::*>(&S::hop_length), "from one frame to the next", Unit{"samples"},
                 Range{1, 1 << 24}},
          Option{"center", static_cast<bool S::*>(&S::center), "frame t is centred on sample t * hop_length"}};
}

/// Calls put(frame, total) for each frame, total being the sum of part(begin, end) over its samples; begin and end may
/// lie outside the clip. Where hops divide frames, every hop is summed once.
template <class Part, class Put>
void sum_frames(const FrameOptions& options, long frames, Part part, Put put) {
  const Framing framing = options.framing();
  const long hop = options.hop_length, length = options.frame_length;
  if (length % hop != 0) {
    for (long t = 0; t < frames; ++t) {
      if (t % 4096 == 0) relieve_memory();
      put(t, part(framing.begin(t), framing.begin(t) + length));
    }
    return;
  }
  const long hops = length / hop;
  using Sum = decltype(part(0L, 0L));
  std::vector<Sum> recent(static_cast<size_t>(hops), Sum{});
  const long begin = framing.begin(0);
  for (long i = 0; i < frames + hops - 1; ++i) {
    if (i % 4096 == 0) relieve_memory();
    recent[static_cast<size_t>(i % hops)] = part(begin + i * hop, begin + (i + 1) * hop);
    if (i < hops - 1) continue;
    Sum total{};
    for (const Sum& one : recent) total += one;
    put(i - hops + 1, total);
  }
}

}  // namespace lumir::feature
