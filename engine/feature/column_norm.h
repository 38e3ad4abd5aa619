// Columns of equal size: each frame divided by its greatest value, its sum or its length, as librosa.util.normalize.

#pragma once

#include <cmath>
#include <string>
#include <variant>

#include "feature/plan/terms.h"
#include "signal/blocks.h"

namespace lumir::feature {

/// An option `norm`: a number above 0, 'inf' for the greatest, 'none'.
using NormOption = std::variant<double, std::string>;

/// That option as a number: 0 for none, infinity for the greatest.
inline float norm_number(const NormOption& option) {
  if (const double* number = std::get_if<double>(&option)) return static_cast<float>(*number);
  return std::get<std::string>(option) == "inf" ? INFINITY : 0.0f;
}

/// The norm of kLanes columns of `rows` values, row(i) being the i-th of each; 1 where it is too small to divide by.
template <class Row>
Lanes norm_of(int rows, float norm, Row row) {
  Lanes length{};
  for (int i = 0; i < rows; ++i) {
    const Lanes size = abs(row(i));
    if (norm == INFINITY) {
      length = max(size, length);
    } else if (norm == 1) {
      length += size;
    } else {
      length += norm == 2 ? size * size : pow(size, norm);
    }
  }
  if (norm == 2) length = sqrt(length);
  if (norm != 1 && norm != 2 && norm != INFINITY) length = pow(length, 1 / norm);
  return length < 1.17549435e-38f ? splat(1.0f) : length;
}

/// Every frame of a track divided by its norm; unchanged where norm is 0.
inline void normalize_columns(Track track, float norm) {
  if (norm == 0) return;
  for (long t = 0; t < track.frames; t += kLanes) {
    const auto at = [&](int row) { return track.row(row).data() + t; };
    const Lanes length = norm_of(track.rows(), norm, [&](int row) { return load(at(row)); });
    for (int row = 0; row < track.rows(); ++row) store(at(row), load(at(row)) / length);
  }
}

}  // namespace lumir::feature
