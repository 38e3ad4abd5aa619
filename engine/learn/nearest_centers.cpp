// Four rows meet eight centres at a time: their products stay in registers, and are read once for the least distance.
//
// With few centres a product of matrices is mostly preparation: KMeans of 20,000 rows of 50 columns in 20 groups, begun
// ten times, took 11 s of an AMD EPYC by MKL's products, and takes 4 so.

#include "learn/nearest_centers.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>

#include "core/parallel.h"
#include "learn/vectorised.h"

namespace lumir::learn {
namespace {

constexpr size_t kRows = 4, kCenters = 8;  // that meet at a time
constexpr size_t kPiece = 256;             // rows of a worker

/// Products of the rows with centres whose numbers of a column lie beside each other, [columns, kCenters].
LUMIR_VECTORISED void multiply(const std::array<const double*, kRows>& rows, const double* centers, size_t columns,
                               double* products, size_t stride) {
  Four low[kRows], high[kRows];
#pragma GCC unroll 4
  for (size_t r = 0; r < kRows; ++r) low[r] = high[r] = Four{};
  for (size_t j = 0; j < columns; ++j) {
    Four first, second;
    load(centers + j * kCenters, first);
    load(centers + j * kCenters + kCenters / 2, second);
#pragma GCC unroll 4
    for (size_t r = 0; r < kRows; ++r) {
      low[r] += rows[r][j] * first;
      high[r] += rows[r][j] * second;
    }
  }
#pragma GCC unroll 4
  for (size_t r = 0; r < kRows; ++r) {
    std::memcpy(products + r * stride, &low[r], sizeof(Four));
    std::memcpy(products + r * stride + kCenters / 2, &high[r], sizeof(Four));
  }
}

/// Centres in groups of kCenters, each group [columns, kCenters]; the last is filled up with zeros.
std::vector<double> in_groups(const Matrix& centers) {
  const size_t groups = (centers.rows + kCenters - 1) / kCenters;
  std::vector<double> out(groups * kCenters * centers.columns);
  for (size_t c = 0; c < centers.rows; ++c) {
    double* group = out.data() + c / kCenters * kCenters * centers.columns;
    for (size_t j = 0; j < centers.columns; ++j) group[j * kCenters + c % kCenters] = centers(c, j);
  }
  return out;
}

/// The square of a distance less that of the row's own length is the centre's square less twice their product.
int nearest(const double* products, const std::vector<double>& squares) {
  double least = std::numeric_limits<double>::infinity();
  int found = 0;
  for (size_t c = 0; c < squares.size(); ++c) {
    const double distance = squares[c] - 2 * products[c];
    found = distance < least ? static_cast<int>(c) : found;
    least = std::min(distance, least);
  }
  return found;
}

}  // namespace

std::vector<int> nearest_centers(const Matrix& x, const Matrix& centers) {
  std::vector<double> squares(centers.rows);
  for (size_t c = 0; c < centers.rows; ++c) {
    for (const double value : centers.row(c)) squares[c] += value * value;
  }
  const std::vector<double> groups = in_groups(centers);
  const size_t columns = x.columns, stride = (centers.rows + kCenters - 1) / kCenters * kCenters;
  std::vector<int> labels(x.rows);
  parallel_for((x.rows + kPiece - 1) / kPiece, [&](size_t piece) {
    std::vector<double> products(kRows * stride);
    const size_t end = std::min((piece + 1) * kPiece, x.rows);
    for (size_t row = piece * kPiece; row < end; row += kRows) {
      std::array<const double*, kRows> rows;
      for (size_t r = 0; r < kRows; ++r) rows[r] = x.row(std::min(row + r, end - 1)).data();
      for (size_t c = 0; c < stride; c += kCenters) {
        multiply(rows, groups.data() + c * columns, columns, products.data() + c, stride);
      }
      for (size_t r = 0; r < std::min(kRows, end - row); ++r) {
        labels[row + r] = nearest(products.data() + r * stride, squares);
      }
    }
  });
  return labels;
}

}  // namespace lumir::learn
