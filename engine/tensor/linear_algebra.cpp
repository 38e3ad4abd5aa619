// at::mm and LAPACK on memory that stays ours, one thread for each piece of work.
//
// BLAS's own threads wait for work by spinning: beside our workers, or on a busy machine, they made a
// decomposition a hundred times slower. So rows are cut into pieces of a fixed size (results do not depend on
// the number of threads), our workers take them, and BLAS stays within the thread that calls it.

#include "tensor/linear_algebra.h"

#include <algorithm>

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/cholesky_solve.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/linalg_cholesky_ex.h>
#include <ATen/ops/linalg_eigh.h>
#include <ATen/ops/linalg_qr.h>
#include <ATen/ops/linalg_svd.h>
#include <ATen/ops/mm.h>

#include "core/parallel.h"

namespace lumir::tensor {
namespace {

constexpr size_t kRows = 256;         // of a product, for one worker
constexpr size_t kSummedRows = 1024;  // of a sum over rows, for one worker
constexpr size_t kMostSums = 16;      // that are kept beside each other

/// BLAS works in the calling thread only, until destroyed.
class OneThread {
 public:
  OneThread() : before_(at::get_num_threads()) { at::set_num_threads(1); }
  ~OneThread() { at::set_num_threads(before_); }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int before_;
};

at::Tensor view(const Matrix& m, size_t begin, size_t end) {
  auto* values = const_cast<double*>(m.values.data()) + begin * m.columns;
  return at::from_blob(values, {static_cast<int64_t>(end - begin), static_cast<int64_t>(m.columns)}, at::kDouble);
}

at::Tensor view(const Matrix& m) { return view(m, 0, m.rows); }

Matrix to_matrix(const at::Tensor& tensor) {
  const at::Tensor whole = tensor.contiguous();
  Matrix out(static_cast<size_t>(whole.size(0)), static_cast<size_t>(whole.size(1)));
  const double* values = whole.const_data_ptr<double>();
  std::copy(values, values + out.values.size(), out.values.begin());
  return out;
}

/// a · b, the rows of a in pieces.
Matrix multiply_pieces(const Matrix& a, const at::Tensor& b) {
  Matrix out(a.rows, static_cast<size_t>(b.size(1)));
  const OneThread caller;  // ends last, so that the number workers set does not stay
  parallel_for((a.rows + kRows - 1) / kRows, [&](size_t piece) {
    const OneThread worker;
    const size_t begin = piece * kRows, end = std::min(begin + kRows, a.rows);
    at::Tensor result = view(out, begin, end);
    at::mm_out(result, view(a, begin, end), b);
  });
  return out;
}

}  // namespace

Matrix multiply_transposed(const Matrix& a, const Matrix& b) { return multiply_pieces(a, view(b).t()); }

Matrix multiply(const Matrix& a, const Matrix& b) { return multiply_pieces(a, view(b)); }

Matrix transposed_multiply(const Matrix& a, const Matrix& b) {
  // long sums in pieces of rows, added up in their order
  const size_t rows = std::max(kSummedRows, (a.rows + kMostSums - 1) / kMostSums);
  std::vector<Matrix> sums((a.rows + rows - 1) / rows);
  const OneThread caller;
  parallel_for(sums.size(), [&](size_t piece) {
    const OneThread worker;
    sums[piece] = Matrix(a.columns, b.columns);
    const size_t begin = piece * rows, end = std::min(begin + rows, a.rows);
    at::Tensor result = view(sums[piece]);
    at::mm_out(result, view(a, begin, end).t(), view(b, begin, end));
  });
  Matrix out(a.columns, b.columns);
  for (const Matrix& sum : sums) {
    for (size_t i = 0; i < out.values.size(); ++i) out.values[i] += sum.values[i];
  }
  return out;
}

Svd right_svd(const Matrix& a) {
  // of many rows, the triangles that pieces of them leave have the same singular values and right vectors
  const size_t piece = std::max<size_t>(4 * a.columns, kSummedRows);
  if (a.rows <= piece) {
    Svd parts = svd(a);
    parts.u = {};
    return parts;
  }
  const OneThread caller;
  std::vector<Matrix> triangles((a.rows + piece - 1) / piece);
  parallel_for(triangles.size(), [&](size_t t) {
    const OneThread worker;
    const auto [q, r] = at::linalg_qr(view(a, t * piece, std::min((t + 1) * piece, a.rows)), "r");
    triangles[t] = to_matrix(r);
  });
  Matrix stacked;
  stacked.columns = a.columns;
  for (const Matrix& triangle : triangles) {
    stacked.rows += triangle.rows;
    stacked.values.insert(stacked.values.end(), triangle.values.begin(), triangle.values.end());
  }
  return right_svd(stacked);
}

Eigen symmetric_eigen(const Matrix& a) {
  const OneThread here;
  const auto [values, vectors] = at::linalg_eigh(view(a));
  const double* first = values.const_data_ptr<double>();
  return {{first, first + values.numel()}, to_matrix(vectors)};
}

std::optional<Matrix> solve_positive(const Matrix& a, const Matrix& b) {
  const OneThread here;
  const auto [factor, info] = at::linalg_cholesky_ex(view(a));
  if (*info.const_data_ptr<int>() != 0) return std::nullopt;
  return to_matrix(at::cholesky_solve(view(b), factor));
}

Svd svd(const Matrix& a) {
  const OneThread here;
  const auto [u, values, vt] = at::linalg_svd(view(a), /*full_matrices=*/false);
  const double* first = values.const_data_ptr<double>();
  return {to_matrix(u), {first, first + values.numel()}, to_matrix(vt)};
}

}  // namespace lumir::tensor
