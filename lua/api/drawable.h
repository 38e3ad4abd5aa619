// What cannot be drawn is refused in one line.

#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "api/figures.h"
#include "core/error.h"
#include "core/value.h"

namespace lumir::lua {

/// Throws ArgumentError where not one number could be drawn: none is there, or all are NaN or infinite.
template <class Numbers>
void check_drawable(const Numbers& numbers, const std::string& who) {
  if (std::any_of(numbers.begin(), numbers.end(), [](auto number) { return std::isfinite(number); })) return;
  throw ArgumentError(
      who + ": there is nothing to draw: " +
      (numbers.empty() ? "it is empty" : "all " + std::to_string(numbers.size()) + " numbers are NaN or infinite"));
}

/// Throws ArgumentError for names of another number than there are rows (or columns: `what`), unless there are none.
inline void check_names(const std::vector<std::string>& names, size_t count, const std::string& what,
                        const std::string& who) {
  if (names.empty() || names.size() == count) return;
  throw ArgumentError(who + ": " + std::to_string(count) + " " + what + " but " + std::to_string(names.size()) +
                      " names");
}

/// Throws ArgumentError where the value of the first colour is not below that of the last, or the lowest frequency not
/// below the highest.
inline void check_range(const MatrixShow& options, const std::string& who) {
  if (options.low && options.high && *options.low >= *options.high) {
    throw ArgumentError(who + ": 'low' = " + show_number(*options.low) +
                        " must be below 'high' = " + show_number(*options.high));
  }
  if (options.fmax <= 0) return;
  if (options.fmax <= options.fmin) {
    throw ArgumentError(who + ": 'fmax' = " + show_number(options.fmax) +
                        " must be above fmin = " + show_number(options.fmin));
  }
  if (options.scale == "log" && options.fmin <= 0) {
    throw ArgumentError(who + ": 'scale' = 'log' needs 'fmin' above 0");
  }
}

}  // namespace lumir::lua
