// A plane of numbers convolved with a kernel that is even along both axes, without wrapping round.
//
// An even kernel has a real transform. So the real and the imaginary parts of a column of spectra are convolved as real
// sequences by themselves, and real transforms (fourier.h) are all that is needed.

#pragma once

#include <cstddef>
#include <functional>
#include <span>

#include "signal/aligned.h"
#include "signal/fourier.h"

namespace lumir::signal {

class PlaneConvolution {
 public:
  /// kernel(i, j): what a number adds to one that lies i rows and j columns away. gain(w): a further filter along each
  /// axis at w = 0 .. pi radians a place. Quickest where rows and columns have small prime factors.
  PlaneConvolution(size_t rows, size_t columns, const std::function<double(size_t, size_t)>& kernel,
                   const std::function<double(double)>& gain);

  /// Sets all numbers to 0.
  void clear();
  /// [columns] numbers of a row; rows lie stride() apart.
  double* row(size_t y) { return values_.data() + y * stride(); }
  const double* row(size_t y) const { return values_.data() + y * stride(); }
  size_t stride() const { return 2 * columns_; }
  /// Convolves the numbers since clear(), in place. The same whatever the number of threads.
  void run();

 private:
  void convolve_columns(size_t begin, size_t end);

  size_t rows_, columns_;
  Fourier along_, across_;   // a row, a column, each with as many zeros behind it
  AlignedDoubles values_;    // [rows, 2 columns]
  AlignedDoubles re_, im_;   // [rows, bins along]
  AlignedDoubles response_;  // [bins along, bins across]
};

}  // namespace lumir::signal
