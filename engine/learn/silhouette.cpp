// Distances of blocks of rows from all others come from matrix products, so that memory stays small.

#include "learn/silhouette.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.h"
#include "core/interrupt.h"
#include "model/checks.h"
#include "tensor/linear_algebra.h"

namespace lumir::learn {
namespace {

constexpr size_t kBlock = 256;  // rows whose distances are there at once

/// How many rows each group has.
std::vector<double> group_sizes(const std::string& who, const Matrix& x, const std::vector<int>& labels) {
  std::vector<double> sizes;
  for (const int label : labels) {
    if (static_cast<size_t>(label) >= sizes.size()) sizes.resize(static_cast<size_t>(label) + 1);
    ++sizes[static_cast<size_t>(label)];
  }
  const auto groups = static_cast<size_t>(std::count_if(sizes.begin(), sizes.end(), [](double n) { return n > 0; }));
  if (groups < 2 || groups >= x.rows) {
    throw ArgumentError(who + ": needs from 2 groups to one less than the " + std::to_string(x.rows) + " rows, got " +
                        std::to_string(groups));
  }
  return sizes;
}

double silhouette(std::span<const double> sums, const std::vector<double>& sizes, size_t own) {
  if (sizes[own] < 2) return 0;
  const double within = sums[own] / (sizes[own] - 1);
  double beyond = std::numeric_limits<double>::infinity();
  for (size_t g = 0; g < sizes.size(); ++g) {
    if (g != own && sizes[g] > 0) beyond = std::min(beyond, sums[g] / sizes[g]);
  }
  const double larger = std::max(within, beyond);
  return larger > 0 ? (beyond - within) / larger : 0;
}

}  // namespace

double silhouette_score(const std::string& who, const Matrix& x, const std::vector<int>& labels) {
  model::check_rows(who, x);
  const std::vector<double> sizes = group_sizes(who, x, labels);
  const std::vector<double> middle = tensor::column_means(x);
  Matrix centred = x;  // an offset of all rows would drown their differences in the products
  std::vector<double> squares(x.rows);
  for (size_t i = 0; i < x.rows; ++i) {
    for (size_t j = 0; j < x.columns; ++j) {
      centred(i, j) -= middle[j];
      squares[i] += centred(i, j) * centred(i, j);
    }
  }
  double total = 0;
  for (size_t begin = 0; begin < x.rows; begin += kBlock) {
    check_interrupt();
    const size_t n = std::min(kBlock, x.rows - begin);
    Matrix block(n, x.columns);
    std::copy_n(centred.values.begin() + static_cast<ptrdiff_t>(begin * x.columns), block.values.size(),
                block.values.begin());
    const Matrix products = tensor::multiply_transposed(centred, block);  // rows in pieces, on all cores
    Matrix sums(n, sizes.size());
    for (size_t j = 0; j < x.rows; ++j) {
      for (size_t i = 0; i < n; ++i) {
        if (begin + i == j) continue;
        const double square = squares[j] + squares[begin + i] - 2 * products(j, i);
        sums(i, static_cast<size_t>(labels[j])) += std::sqrt(std::max(square, 0.0));
      }
    }
    for (size_t i = 0; i < n; ++i) total += silhouette(sums.row(i), sizes, static_cast<size_t>(labels[begin + i]));
  }
  return total / static_cast<double>(x.rows);
}

}  // namespace lumir::learn
