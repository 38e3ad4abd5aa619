// The part of a clip that repeats, and the part that does not: what the two kinds of REPET share.
//
// Behind a singer much comes again: a bar, a chord, a drum. The median over the frames in which it comes again holds
// what they have in common, and that is the background; what stands out of it is the foreground, mostly the voice.

#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "audio/clip.h"
#include "feature/plan/terms.h"
#include "signal/aligned.h"
#include "signal/framing.h"

namespace lumir::feature {

/// nussl's names and defaults.
struct RepeatingOptions : SpectrumOptions {
  RepeatingOptions() { hop_length.reset(); }
  std::string part = "foreground";
  double high_pass = 100;
};

/// Those options as the beginning of S's schema.
template <class S>
Schema repeating_schema() {
  return extend(
      spectrum_schema<S>(),
      Option{"part", static_cast<std::string S::*>(&S::part),
             "what does not repeat (a voice), or what does (the music behind it)", Choices{"foreground", "background"}},
      Option{"high_pass", static_cast<double S::*>(&S::high_pass),
             "all below it belongs to the background: voices have nothing there", Unit{"Hz"}, kNonNegative});
}

/// Magnitudes of one channel: [frames, bins].
struct Magnitudes {
  size_t frames = 0;
  size_t bins = 0;
  AlignedFloats values;

  std::span<const float> rows(size_t first, size_t count) const {
    return std::span(values).subspan(first * bins, count * bins);
  }
};

/// The mean of all channels' magnitudes, raised to `power` (1 or 2) before.
Magnitudes mean_of_channels(std::span<const Magnitudes> channels, int power);

/// Frames that repeat each other: frame t is a repetition of those of group t % (number of groups). Where a group is
/// empty, nothing is like the frame, which is its own background.
using Repetitions = std::vector<std::vector<size_t>>;
using FindRepetitions = std::function<Repetitions(std::span<const Magnitudes> channels)>;

/// The wanted part of every channel, as long as the clip. `who` begins error texts.
audio::Clip repeating_part(const audio::Clip& clip, const RepeatingOptions& options, const FindRepetitions& find,
                           const std::string& who);

}  // namespace lumir::feature
