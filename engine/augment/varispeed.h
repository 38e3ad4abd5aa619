// Playing at a speed that changes: pitch and tempo go together, as on a tape.

#pragma once

#include <functional>
#include <span>

#include "core/spill.h"

namespace lumir::augment {

/// The samples as they sound when position x (in samples) is passed at speed(x), 1 / 200 to 200: `length` samples of
/// it, silence beyond the end. By libsamplerate (sinc, 97 dB), whose ratio glides from block to block.
Floats varispeed(std::span<const float> in, const std::function<double(double)>& speed, size_t length);

}  // namespace lumir::augment
