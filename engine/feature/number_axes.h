// What the numbers of a single row are, for `Axes axes(int rate) const` of a feature's options; see extractor.h. The row
// has no name but the feature's. Of several rows: row_axes.h.

#pragma once

#include <string>
#include <utility>

#include "core/axes.h"

namespace lumir::feature {

inline Axes numbers_in(std::string unit) {
  Axes axes;
  axes.unit = std::move(unit);
  return axes;
}

}  // namespace lumir::feature
