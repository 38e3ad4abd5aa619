// Tonal centroids of any chroma.

#pragma once

#include "feature/plan/terms.h"
#include "signal/blocks.h"

namespace lumir::feature {

/// Each frame's chroma, divided by its sum, on the circles of fifths, minor thirds and major thirds: [6, frames].
void tonal_centroids(const Track& chroma, Track out);

}  // namespace lumir::feature
