#include "learn/stretched_rows.h"

#include "learn/vectorised.h"

namespace lumir::learn {
namespace {

LUMIR_VECTORISED void stretch_row(const double* from, const double* centre, const double* stretch, size_t n,
                                  double* to) {
#pragma omp simd
  for (size_t j = 0; j < n; ++j) to[j] = (from[j] - centre[j]) * stretch[j];
}

}  // namespace

void StretchedRows::write(size_t row, double* to) const {
  stretch_row(x_.row(row).data(), centre_.data(), stretch_.data(), x_.columns, to);
  if (stretch_.size() > x_.columns) to[x_.columns] = last_ * stretch_.back();
}

}  // namespace lumir::learn
