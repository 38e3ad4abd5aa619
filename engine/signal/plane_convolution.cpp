// Rows forward, columns forward, times the kernel's transform, and back.

#include "signal/plane_convolution.h"

#include <algorithm>
#include <numbers>

#include "core/parallel.h"

namespace lumir::signal {
namespace {

constexpr size_t kTogether = 16;  // rows or columns that a worker takes at a time

void for_pieces(size_t n, const std::function<void(size_t, size_t)>& body) {
  parallel_for((n + kTogether - 1) / kTogether,
               [&](size_t piece) { body(piece * kTogether, std::min((piece + 1) * kTogether, n)); });
}

}  // namespace

PlaneConvolution::PlaneConvolution(size_t rows, size_t columns, const std::function<double(size_t, size_t)>& kernel,
                                   const std::function<double(double)>& gain)
    : rows_(rows),
      columns_(columns),
      along_(static_cast<int>(2 * columns)),
      across_(static_cast<int>(2 * rows)),
      values_(rows * 2 * columns),
      re_(rows * (columns + 1)),
      im_(rows * (columns + 1)),
      response_((columns + 1) * (rows + 1)) {
  const size_t bins = columns + 1, lines = rows + 1;
  AlignedDoubles plane(lines * 2 * columns), re(lines * bins), none(lines * bins);
  for (size_t i = 0; i < lines; ++i) {
    for (size_t j = 0; j < bins; ++j) plane[i * 2 * columns + j] = kernel(i, j);
    for (size_t j = bins; j < 2 * columns; ++j) plane[i * 2 * columns + j] = plane[i * 2 * columns + 2 * columns - j];
  }
  along_.forward(plane.data(), static_cast<long>(lines), re.data(), none.data());
  plane.resize(bins * 2 * rows);
  for (size_t j = 0; j < bins; ++j) {
    for (size_t i = 0; i < 2 * rows; ++i) plane[j * 2 * rows + i] = re[std::min(i, 2 * rows - i) * bins + j];
  }
  across_.forward(plane.data(), static_cast<long>(bins), response_.data(), none.data());
  for (size_t j = 0; j < bins; ++j) {
    const double along = gain(std::numbers::pi * static_cast<double>(j) / static_cast<double>(columns));
    for (size_t i = 0; i < lines; ++i) {
      response_[j * lines + i] *= along * gain(std::numbers::pi * static_cast<double>(i) / static_cast<double>(rows));
    }
  }
}

void PlaneConvolution::clear() { std::fill(values_.begin(), values_.end(), 0); }

void PlaneConvolution::run() {
  const size_t bins = columns_ + 1;
  for_pieces(rows_, [&](size_t begin, size_t end) {
    along_.forward(row(begin), static_cast<long>(end - begin), re_.data() + begin * bins, im_.data() + begin * bins);
  });
  for_pieces(bins, [&](size_t begin, size_t end) { convolve_columns(begin, end); });
  for_pieces(rows_, [&](size_t begin, size_t end) {
    along_.inverse(re_.data() + begin * bins, im_.data() + begin * bins, static_cast<long>(end - begin), row(begin));
  });
}

/// Of the rows' spectra, real parts and then imaginary parts.
void PlaneConvolution::convolve_columns(size_t begin, size_t end) {
  const size_t bins = columns_ + 1, lines = rows_ + 1, some = end - begin;
  AlignedDoubles columns(some * 2 * rows_), re(some * lines), im(some * lines);
  for (double* part : {re_.data(), im_.data()}) {
    for (size_t c = 0; c < some; ++c) std::fill_n(columns.data() + c * 2 * rows_ + rows_, rows_, 0.0);
    for (size_t y = 0; y < rows_; ++y) {
      for (size_t c = 0; c < some; ++c) columns[c * 2 * rows_ + y] = part[y * bins + begin + c];
    }
    across_.forward(columns.data(), static_cast<long>(some), re.data(), im.data());
    const double* response = response_.data() + begin * lines;
    for (size_t i = 0; i < some * lines; ++i) {
      re[i] *= response[i];
      im[i] *= response[i];
    }
    across_.inverse(re.data(), im.data(), static_cast<long>(some), columns.data());
    for (size_t y = 0; y < rows_; ++y) {
      for (size_t c = 0; c < some; ++c) part[y * bins + begin + c] = columns[c * 2 * rows_ + y];
    }
  }
}

}  // namespace lumir::signal
