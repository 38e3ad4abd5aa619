#include "learn/svc_kernel.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

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

}  // namespace

SvcKernel kernel_of(const SVCOptions& options, const Matrix& x) {
  static const std::map<std::string, Shape> shapes = {
      {"linear", Shape::linear}, {"rbf", Shape::rbf}, {"poly", Shape::poly}, {"sigmoid", Shape::sigmoid}};
  SvcKernel kernel;
  kernel.shape = shapes.at(options.kernel);
  if (kernel.shape == Shape::linear) return kernel;
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
  return kernel;
}

void SvcKernel::apply(double square, std::span<const double> squares, std::span<double> distances) const {
  if (shape == Shape::rbf) {
    for (double& distance : distances) distance *= -gamma;
    exponentials(distances.data(), distances.size());
    return;
  }
  for (size_t i = 0; i < distances.size(); ++i) {
    distances[i] = of_product((square + squares[i] - distances[i]) / 2);
  }
}

void SvcKernel::apply(double unit, std::span<float> distances) const {
  const auto factor = static_cast<float>(-gamma * unit);
  for (float& distance : distances) distance *= factor;
  exponentials(distances.data(), distances.size());
}

double SvcKernel::of_product(double product) const {
  if (shape == Shape::poly) return power(gamma * product + coef0, degree);
  return shape == Shape::sigmoid ? std::tanh(gamma * product + coef0) : product;
}

MeasuredRows rows_of(const Matrix& x, const std::vector<double>& squares, size_t first, size_t count) {
  return {std::span(x.values).subspan(first * x.columns, count * x.columns), std::span(squares).subspan(first, count)};
}

std::vector<double> squared_lengths(const Matrix& x) {
  std::vector<double> out(x.rows);
  for (size_t i = 0; i < x.rows; ++i) out[i] = dot(x.row(i).data(), x.row(i).data(), x.columns);
  return out;
}

void squared_distances(const MeasuredRows& a, const MeasuredRows& b, std::span<double> out) {
  tensor::multiply_block<double>(a.values, b.values, a.columns(), out);
  for (size_t i = 0; i < a.count(); ++i) {
    double* line = out.data() + i * b.count();
    for (size_t j = 0; j < b.count(); ++j) line[j] = std::max(0.0, a.squares[i] + b.squares[j] - 2 * line[j]);
  }
}

}  // namespace lumir::learn
