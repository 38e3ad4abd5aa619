// Loops over long rows, in the best version for the processor.

#pragma once

#include <cstddef>

namespace lumir::learn {

/// The sum of a[i] * b[i].
double dot(const double* a, const double* b, size_t n);
/// w[i] += factor * x[i].
void add_scaled(double factor, const double* x, double* w, size_t n);
/// The sum of the squares of a[i] - b[i].
double squared_distance(const double* a, const double* b, size_t n);
/// The sum of |a[i] - b[i]|.
double sum_of_differences(const double* a, const double* b, size_t n);

/// e to the power of each, within two units in the last place, in its stead; between e^-708 and e^709.
void exponentials(double* x, size_t n);

}  // namespace lumir::learn
