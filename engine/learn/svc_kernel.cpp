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

/// Throws ArgumentError for rows whose kernel, kept in floats, is not finite.
void check_kernel(const SvcKernel& kernel, const Matrix& x) {
  check_column_squares("SVC", x);
  const std::vector<double> squares = squared_lengths(x);
  for (size_t i = 0; i < squares.size(); ++i) {
    double value = squares[i];
    kernel.apply(squares[i], {&squares[i], 1}, {&value, 1});
    if (std::isfinite(static_cast<float>(value))) continue;
    throw ArgumentError(
        "SVC: the kernel of row " + std::to_string(i + 1) +
        " with itself is not finite (it is kept in float32); the columns' numbers are too large for it");
  }
}

}  // namespace

SvcKernel kernel_of(const SVCOptions& options, const Matrix& x) {
  static const std::map<std::string, Shape> shapes = {
      {"linear", Shape::linear}, {"rbf", Shape::rbf}, {"poly", Shape::poly}, {"sigmoid", Shape::sigmoid}};
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
