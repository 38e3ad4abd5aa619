// Filter banks: each row is a weighted sum of a stretch of rows, applied only where weights are not zero.

#pragma once

#include <vector>

#include "signal/blocks.h"

namespace lumir::signal {

struct FilterBank {
  struct Filter {
    int first = 0;  // row where the weights begin
    std::vector<float> weights;
  };
  std::vector<Filter> filters;
};

/// out[i] = the sum of filter i's weights times rows of the spectrum.
void apply_filters(const FilterBank& bank, const FrameBlock& spectrum, Rows out);

}  // namespace lumir::signal
