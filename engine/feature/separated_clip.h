// One of the two sounds of a clip, channel by channel: what steps that separate share.

#pragma once

#include <string>

#include "audio/clip.h"
#include "feature/plan/terms.h"
#include "signal/hpss.h"

namespace lumir::feature {

/// Throws ArgumentError where the clip is empty or, by frames that are not centred, shorter than one of them, and where
/// windows leave samples out.
void check_separable(const audio::Clip& clip, const SpectrumOptions& options, const std::string& who);

/// The harmonic or the percussive sound of every channel. `who` begins error texts.
audio::Clip separated_clip(const audio::Clip& clip, const HpssOptions& options, HpssParts part, const std::string& who);

}  // namespace lumir::feature
