// Sums over many rows that do not depend on the number of threads.

#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>
#include <vector>

#include "core/matrix.h"
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

/// The sums, [lines, columns], of what add(row, sums) adds for each row: those of pieces of the rows, which run on all
/// cores, are added up in their order. The larger the sums, the fewer pieces: together they take 32 MB, or no more than
/// one of them.
template <class Add>
Matrix sums_over_rows(size_t rows, size_t lines, size_t columns, const Add& add) {
  constexpr size_t kPiece = 1024, kMostPieces = 32, kMostNumbers = size_t{1} << 22;
  const size_t most = std::clamp<size_t>(kMostNumbers / std::max<size_t>(lines * columns, 1), 1, kMostPieces);
  const size_t piece = std::max(kPiece, (rows + most - 1) / most);
  std::vector<Matrix> sums((rows + piece - 1) / piece);
  parallel_for(sums.size(), [&](size_t p) {
    sums[p] = Matrix(lines, columns);
    for (size_t row = p * piece; row < std::min((p + 1) * piece, rows); ++row) add(row, sums[p]);
  });
  if (sums.empty()) return Matrix(lines, columns);
  Matrix all = std::move(sums.front());
  for (size_t p = 1; p < sums.size(); ++p) {
    for (size_t i = 0; i < all.values.size(); ++i) all.values[i] += sums[p].values[i];
  }
  return all;
}

}  // namespace lumir::learn
