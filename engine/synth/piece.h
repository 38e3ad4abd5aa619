// A piece of a style without a singer: composed on chords, played by a band, produced in a studio.

#pragma once

#include <cstdint>
#include <string>

#include "audio/clip.h"
#include "synth/genre.h"

namespace lumir::synth {

/// The piece of that name, mono at 16 kHz: `name` keys the random numbers, so no piece depends on which others are made.
audio::Clip make_piece(const Style& style, double seconds, uint64_t seed, const std::string& name);

}  // namespace lumir::synth
