#include "learn/svc_kernel.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "core/parallel.h"
#include "learn/column_squares.h"
#include "learn/vectors.h"

namespace lumir::learn {
namespace {

double variance(const Matrix& x) {
  const double n = static_cast<double>(x.values.size());
  const double mean = std::accumulate(x.values.begin(), x.values.end(), 0.0) / n;
  double squares = 0;
  for (const double value : x.values) squares += (value - mean) * (value - mean);
  return squares / n;
}

double power(double base, int exponent) {
  double result = 1;
  for (; exponent > 0; exponent /= 2) {
    if (exponent % 2 == 1) result *= base;
    base *= base;
  }
  return result;
}

bool is_finite_float(double value) { return std::isfinite(static_cast<float>(value)); }

[[noreturn]] void refuse_kernel(const std::string& rows, const std::string& what) {
  throw ArgumentError("SVC: the kernel of " + rows + " is not finite (it is kept in float32); " + what +
                      " too large for it");
}

/// Whether a kernel of two rows may be larger than that of each with itself, and too large: below a coef0 under 0.
bool may_grow_between_rows(const SvcKernel& kernel, std::span<const double> squares) {
  if (kernel.shape != Shape::poly || kernel.coef0 >= 0) return false;
  double longest = 0;
  for (const double square : squares) longest = std::max(longest, square);
  return !is_finite_float(power(kernel.gamma * longest - kernel.coef0, kernel.degree));
}

/// Throws ArgumentError for two rows whose kernel is not finite.
void check_between_rows(const SvcKernel& kernel, const Matrix& x) {
  for_row_blocks(x, x, [&](size_t begin, const RowProducts& products) {
    const Matrix values = apply_kernel(kernel, products);
    for (size_t i = 0; i < values.rows; ++i) {
      const auto row = values.row(i);
      const auto bad = std::find_if_not(row.begin(), row.end(), is_finite_float) - row.begin();
      if (bad == static_cast<ptrdiff_t>(row.size())) continue;
      refuse_kernel("rows " + std::to_string(begin + i + 1) + " and " + std::to_string(bad + 1),
                    "the columns' numbers or 'coef0' are");
    }
  });
}

/// Throws ArgumentError for rows whose kernel, kept in floats, is not finite.
void check_kernel(const SvcKernel& kernel, const Matrix& x) {
  const std::vector<double> squares = squared_lengths(x);
  check_row_squares("SVC", squares);
  for (size_t i = 0; i < squares.size(); ++i) {
    double value = squares[i];
    kernel.apply(squares[i], {&squares[i], 1}, {&value, 1});
    if (is_finite_float(value)) continue;
    refuse_kernel("row " + std::to_string(i + 1) + " with itself", "the columns' numbers are");
  }
  if (may_grow_between_rows(kernel, squares)) check_between_rows(kernel, x);
}

}  // namespace

SvcKernel kernel_of(const SVCOptions& options, const Matrix& x) {
  static const std::map<std::string, Shape> shapes = {
      {"linear", Shape::linear}, {"rbf", Shape::rbf}, {"poly", Shape::poly}, {"sigmoid", Shape::sigmoid}};
  check_column_squares("SVC", x);
  SvcKernel kernel;
  kernel.shape = shapes.at(options.kernel);
  if (kernel.shape == Shape::linear) {
    check_kernel(kernel, x);
    return kernel;
  }
  if (kernel.shape != Shape::rbf) kernel.coef0 = options.coef0;
  if (kernel.shape == Shape::poly) kernel.degree = options.degree;
  const double columns = static_cast<double>(x.columns);
  if (const double* given = std::get_if<double>(&options.gamma)) {
    kernel.gamma = *given;
  } else if (std::get<std::string>(options.gamma) == "auto") {
    kernel.gamma = 1 / columns;
  } else {
    const double spread = variance(x);
    if (std::isinf(spread)) {
      throw ArgumentError("SVC: the variance of all numbers is not finite; the columns' numbers are too large for it");
    }
    kernel.gamma = spread == 0 ? 1 : 1 / (columns * spread);
  }
  check_kernel(kernel, x);
  return kernel;
}

void SvcKernel::apply(double square, std::span<const double> squares, std::span<double> products) const {
  switch (shape) {
    case Shape::linear: break;
    case Shape::rbf:
      for (size_t i = 0; i < products.size(); ++i) {
        products[i] = -gamma * std::max(0.0, square + squares[i] - 2 * products[i]);
      }
      exponentials(products.data(), products.size());
      break;
    case Shape::poly:
      for (double& product : products) product = power(gamma * product + coef0, degree);
      break;
    case Shape::sigmoid:
      for (double& product : products) product = std::tanh(gamma * product + coef0);
      break;
  }
}

std::vector<double> squared_lengths(const Matrix& x) {
  std::vector<double> out(x.rows);
  for (size_t i = 0; i < x.rows; ++i) out[i] = dot(x.row(i).data(), x.row(i).data(), x.columns);
  return out;
}

RowProducts::RowProducts(const Matrix& a, const Matrix& b)
    : dots(tensor::multiply_transposed(a, b)), squares_a(squared_lengths(a)), squares_b(squared_lengths(b)) {}

Matrix apply_kernel(const SvcKernel& kernel, const RowProducts& products) {
  Matrix out = products.dots;
  parallel_for(out.rows, [&](size_t i) { kernel.apply(products.squares_a[i], products.squares_b, out.row(i)); });
  return out;
}

void for_row_blocks(const Matrix& x, const Matrix& against,
                    const std::function<void(size_t, const RowProducts&)>& use) {
  constexpr size_t kMostRows = 1024, kProducts = size_t{1} << 23;
  const size_t rows = std::clamp<size_t>(kProducts / std::max<size_t>(against.rows, 1), 1, kMostRows);
  for (size_t begin = 0; begin < x.rows; begin += rows) {
    std::vector<int> some(std::min(rows, x.rows - begin));
    std::iota(some.begin(), some.end(), static_cast<int>(begin));
    use(begin, RowProducts(x.take(some), against));
  }
}

}  // namespace lumir::learn
