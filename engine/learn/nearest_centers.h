// Which of some centres each row is nearest to.

#pragma once

#include <vector>

#include "core/matrix.h"

namespace lumir::learn {

/// The nearest centre of each row, from 0; of several the first.
std::vector<int> nearest_centers(const Matrix& x, const Matrix& centers);

}  // namespace lumir::learn
