// One of the two sounds of a clip, channel by channel: what the steps harmonic and percussive share.

#pragma once

#include <string>

#include "audio/clip.h"
#include "feature/plan/terms.h"
#include "signal/hpss.h"

namespace lumir::feature {

/// The harmonic or the percussive sound of every channel. `who` begins error texts.
audio::Clip separated_clip(const audio::Clip& clip, const HpssOptions& options, HpssParts part, const std::string& who);

}  // namespace lumir::feature
