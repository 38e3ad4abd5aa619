// How near rows are to each other, as t-SNE sees it.

#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/matrix.h"

namespace lumir::learn {

/// How near rows are to each other: for each row, others and their shares of the whole (all sum to 1). A row's list is
/// a multiple of kLanes long; at its end the row itself has a share of 0.
struct Affinities {
  static constexpr size_t kLanes = 8;  // that loops over a list take together

  std::vector<size_t> begin;  // of each row; one more at the end
  std::vector<int> other;
  std::vector<float> share;

  /// The same where row order[i] is called i.
  Affinities in_order(const std::vector<size_t>& order) const;
};

/// Shares of Gaussian neighbourhoods whose entropy is that of `perplexity` equal neighbours, both ways together. Throws
/// ArgumentError, begun by `who`, for rows whose distances are infinite.
Affinities affinities_of(const std::string& who, const Matrix& x, double perplexity);

}  // namespace lumir::learn
