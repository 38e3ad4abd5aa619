// Powers of a spectrum.

#pragma once

#include "signal/blocks.h"

namespace lumir::signal {

/// |X|^power from |X|^2.
void raise_power(const FrameBlock& squared, float power, Rows out);

}  // namespace lumir::signal
