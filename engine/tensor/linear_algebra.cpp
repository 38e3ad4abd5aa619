// at::mm and LAPACK on memory that stays ours, one thread for each piece of work.
//
// BLAS's own threads wait for work by spinning: beside our workers, or on a busy machine, they made a
// decomposition a hundred times slower. So rows are cut into pieces of a fixed size (results do not depend on
// the number of threads), our workers take them, and BLAS stays within the thread that calls it.

#include "tensor/linear_algebra.h"

#include <algorithm>

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/linalg_svd.h>
#include <ATen/ops/mm.h>

#include "core/parallel.h"

namespace lumir::tensor {
namespace {

constexpr size_t kRows = 256;  // of a product, for one worker

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

Svd svd(const Matrix& a) {
  const OneThread here;
  const auto [u, values, vt] = at::linalg_svd(view(a), /*full_matrices=*/false);
  const double* first = values.const_data_ptr<double>();
  return {to_matrix(u), {first, first + values.numel()}, to_matrix(vt)};
}

}  // namespace lumir::tensor
