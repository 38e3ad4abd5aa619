// Sums over many rows that do not depend on the number of threads.

#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

#include "core/parallel.h"

namespace lumir::learn {

/// The sum of part(first, last) over pieces of a fixed size, added up in their order; pieces run on all cores.
template <class Part>
double sum_over_rows(size_t rows, const Part& part) {
  constexpr size_t kPiece = 1024;
  std::vector<double> sums((rows + kPiece - 1) / kPiece);
  parallel_for(sums.size(),
               [&](size_t piece) { sums[piece] = part(piece * kPiece, std::min((piece + 1) * kPiece, rows)); });
  return std::accumulate(sums.begin(), sums.end(), 0.0);
}

}  // namespace lumir::learn
