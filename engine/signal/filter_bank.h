// Filter banks: each row is a weighted sum of a stretch of rows, applied only where weights are not zero.

#pragma once

#include <algorithm>
#include <cstddef>
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

/// The same as a matrix: for each filter the weights of all rows of a spectrum.
inline std::vector<float> dense(const FilterBank& bank, int rows) {
  std::vector<float> weights(bank.filters.size() * static_cast<size_t>(rows));
  auto row = weights.begin();
  for (const auto& filter : bank.filters) {
    std::copy(filter.weights.begin(), filter.weights.end(), row + filter.first);
    row += rows;
  }
  return weights;
}

/// out[i] = the sum of filter i's weights times rows of the spectrum.
void apply_filters(const FilterBank& bank, const FrameBlock& spectrum, Rows out);

}  // namespace lumir::signal
