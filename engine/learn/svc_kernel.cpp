#include "learn/svc_kernel.h"

#include <map>
#include <numeric>

#include "core/parallel.h"

namespace lumir::learn {
namespace {

double variance(const Matrix& x) {
  const double n = static_cast<double>(x.values.size());
  const double mean = std::accumulate(x.values.begin(), x.values.end(), 0.0) / n;
  double squares = 0;
  for (const double value : x.values) squares += (value - mean) * (value - mean);
  return squares / n;
}

std::vector<double> squares(const Matrix& x) {
  std::vector<double> out(x.rows);
  for (size_t i = 0; i < x.rows; ++i) {
    for (const double value : x.row(i)) out[i] += value * value;
  }
  return out;
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

RowProducts::RowProducts(const Matrix& a, const Matrix& b)
    : dots(tensor::multiply_transposed(a, b)), squares_a(squares(a)), squares_b(squares(b)) {}

Matrix apply_kernel(const SvcKernel& kernel, const RowProducts& products) {
  Matrix out(products.dots.rows, products.dots.columns);
  parallel_for(out.rows, [&](size_t i) {
    for (size_t j = 0; j < out.columns; ++j) out(i, j) = products.value(kernel, i, j);
  });
  return out;
}

void for_row_blocks(const Matrix& x, const Matrix& against,
                    const std::function<void(size_t, const RowProducts&)>& use) {
  constexpr size_t kRows = 1024;
  for (size_t begin = 0; begin < x.rows; begin += kRows) {
    std::vector<int> some(std::min(kRows, x.rows - begin));
    std::iota(some.begin(), some.end(), static_cast<int>(begin));
    use(begin, RowProducts(x.take(some), against));
  }
}

}  // namespace lumir::learn
