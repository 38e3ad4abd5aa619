// Powers of a spectrum.

#pragma once

#include "feature/blocks.h"

namespace lumir::feature {

/// |X|^power from |X|^2.
void raise_power(const FrameBlock& squared, float power, Rows out);

}  // namespace lumir::feature
