// at::mm and LAPACK on memory that stays ours, one thread for each piece of work.
//
// BLAS's own threads wait for work by spinning: beside our workers, or on a busy machine, they made a
// decomposition a hundred times slower. So rows are cut into pieces of a fixed size (results do not depend on
// the number of threads), our workers take them, and BLAS stays within the thread that calls it.

#include "tensor/linear_algebra.h"

#include <algorithm>

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/cholesky_solve.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/linalg_cholesky_ex.h>
#include <ATen/ops/linalg_eigh.h>
#include <ATen/ops/linalg_qr.h>
#include <ATen/ops/linalg_svd.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/slice.h>
#include <ATen/ops/sub.h>
#include <ATen/ops/sum.h>

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

int64_t as_signed(size_t n) { return static_cast<int64_t>(n); }

at::Tensor view(const Matrix& m, size_t begin, size_t end) {
  auto* values = const_cast<double*>(m.values.data()) + begin * m.columns;
  return at::from_blob(values, {as_signed(end - begin), as_signed(m.columns)}, at::kDouble);
}

at::Tensor view(const Matrix& m) { return view(m, 0, m.rows); }

Matrix to_matrix(const at::Tensor& tensor) {
  const at::Tensor whole = tensor.contiguous();
  Matrix out(static_cast<size_t>(whole.size(0)), static_cast<size_t>(whole.size(1)));
  const double* values = whole.const_data_ptr<double>();
  std::copy(values, values + out.values.size(), out.values.begin());
  return out;
}

at::Tensor view(const std::vector<double>& numbers) {
  return at::from_blob(const_cast<double*>(numbers.data()), {static_cast<int64_t>(numbers.size())}, at::kDouble);
}

/// Rows of `width` numbers.
template <class T>
at::Tensor block_view(std::span<const T> rows, size_t width) {
  return at::from_blob(const_cast<T*>(rows.data()),
                       {static_cast<int64_t>(rows.size() / width), static_cast<int64_t>(width)},
                       c10::CppTypeToScalarType<T>::value);
}

/// Calls work(begin, end) for pieces of the rows, each by one worker whose BLAS stays with it.
template <class Work>
void for_pieces(size_t rows, size_t piece_rows, const Work& work) {
  const OneThread caller;  // ends last, so that the number workers set does not stay
  parallel_for((rows + piece_rows - 1) / piece_rows, [&](size_t piece) {
    const OneThread worker;
    work(piece * piece_rows, std::min((piece + 1) * piece_rows, rows));
  });
}

/// A sum over rows, which work(begin, end, sum) finds for each piece of them; pieces are added up in their order.
template <class Work>
Matrix sum_of_pieces(size_t rows, size_t lines, size_t columns, const Work& work) {
  const size_t piece = std::max(kSummedRows, (rows + kMostSums - 1) / kMostSums);
  std::vector<Matrix> sums((rows + piece - 1) / piece);
  for_pieces(rows, piece, [&](size_t begin, size_t end) {
    Matrix& one = sums[begin / piece];
    one = Matrix(lines, columns);
    at::Tensor sum = view(one);
    work(begin, end, sum);
  });
  if (sums.size() == 1) return std::move(sums.front());
  Matrix out(lines, columns);
  for (const Matrix& sum : sums) {
    for (size_t i = 0; i < out.values.size(); ++i) out.values[i] += sum.values[i];
  }
  return out;
}

/// a · b, the rows of a in pieces.
Matrix multiply_pieces(const Matrix& a, const at::Tensor& b) {
  Matrix out(a.rows, static_cast<size_t>(b.size(1)));
  for_pieces(a.rows, kRows, [&](size_t begin, size_t end) {
    at::Tensor result = view(out, begin, end);
    at::mm_out(result, view(a, begin, end), b);
  });
  return out;
}

/// The sum of rowsᵀ · rows, which rows_of(begin, end) gives for some of a's; only that half is worked out that the
/// other follows from.
template <class RowsOf>
Matrix gram_of(const Matrix& a, const RowsOf& rows_of) {
  constexpr int64_t kBlock = 128;  // columns: what lies under the diagonal's blocks is not worked out
  const auto columns = static_cast<int64_t>(a.columns);
  Matrix gram = sum_of_pieces(a.rows, a.columns, a.columns, [&](size_t begin, size_t end, at::Tensor& sum) {
    for (size_t at = begin; at < end; at += kRows) {
      const at::Tensor rows = rows_of(at, std::min(at + kRows, end));
      for (int64_t first = 0; first < columns; first += kBlock) {
        const int64_t last = std::min(first + kBlock, columns);
        at::Tensor part = sum.slice(0, first, last).slice(1, first, columns);
        at::addmm_out(part, part, rows.slice(1, first, last).t(), rows.slice(1, first, columns));
      }
    }
  });
  for (size_t i = 0; i < a.columns; ++i) {
    for (size_t j = 0; j < i; ++j) gram(i, j) = gram(j, i);
  }
  return gram;
}

}  // namespace

Matrix multiply_transposed(const Matrix& a, const Matrix& b) { return multiply_pieces(a, view(b).t()); }

Matrix multiply(const Matrix& a, const Matrix& b) { return multiply_pieces(a, view(b)); }

Matrix lower_gram(const Matrix& a) {
  Matrix out(a.rows, a.rows);
  for_pieces(a.rows, kRows, [&](size_t begin, size_t end) {
    at::Tensor result = view(out, begin, end).slice(1, 0, static_cast<int64_t>(end));
    at::mm_out(result, view(a, begin, end), view(a, 0, end).t());
  });
  return out;
}

Matrix transposed_multiply(const Matrix& a, const Matrix& b) {
  return sum_of_pieces(a.rows, a.columns, b.columns, [&](size_t begin, size_t end, at::Tensor& sum) {
    at::mm_out(sum, view(a, begin, end).t(), view(b, begin, end));
  });
}

std::vector<double> column_means(const Matrix& a) {
  const Matrix sums = sum_of_pieces(a.rows, 1, a.columns, [&](size_t begin, size_t end, at::Tensor& sum) {
    at::sum_out(sum, view(a, begin, end), {0}, /*keepdim=*/true);
  });
  std::vector<double> mean;
  for (const double sum : sums.values) mean.push_back(sum / static_cast<double>(a.rows));
  return mean;
}

Matrix gram(const Matrix& a) {
  return gram_of(a, [&](size_t begin, size_t end) { return view(a, begin, end); });
}

Matrix centred_gram(const Matrix& a, const std::vector<double>& mean, const std::vector<double>& factors) {
  return gram_of(a, [&](size_t begin, size_t end) {
    at::Tensor rows = at::sub(view(a, begin, end), view(mean));
    if (!factors.empty()) rows.mul_(view(factors).slice(0, as_signed(begin), as_signed(end)).unsqueeze(1));
    return rows;
  });
}

Matrix centred_multiply_transposed(const Matrix& a, const std::vector<double>& mean, const Matrix& b) {
  Matrix out(a.rows, b.rows);
  const at::Tensor turned = view(b).t();
  for_pieces(a.rows, kRows, [&](size_t begin, size_t end) {
    at::Tensor result = view(out, begin, end);
    at::mm_out(result, at::sub(view(a, begin, end), view(mean)), turned);
  });
  return out;
}

Matrix centred_transposed_multiply(const Matrix& a, const std::vector<double>& mean, const Matrix& b) {
  return sum_of_pieces(a.rows, a.columns, b.columns, [&](size_t begin, size_t end, at::Tensor& sum) {
    for (size_t at = begin; at < end; at += kRows) {
      const size_t stop = std::min(at + kRows, end);
      at::addmm_out(sum, sum, at::sub(view(a, at, stop), view(mean)).t(), view(b, at, stop));
    }
  });
}

Matrix orthonormal_columns(const Matrix& a) {
  const OneThread here;
  return to_matrix(std::get<0>(at::linalg_qr(view(a))));
}

Matrix transposed(const Matrix& a) { return to_matrix(view(a).t()); }

template <class T>
void multiply_block_straight(std::span<const T> a, std::span<const T> b, size_t inner, std::span<T> out) {
  const OneThread here;
  const size_t columns = b.size() / inner;
  at::Tensor result = block_view(std::span<const T>(out), columns);
  at::mm_out(result, block_view(a, inner), block_view(b, columns));
}
template void multiply_block_straight(std::span<const float>, std::span<const float>, size_t, std::span<float>);
template void multiply_block_straight(std::span<const double>, std::span<const double>, size_t, std::span<double>);

template <class T>
void multiply_block(std::span<const T> a, std::span<const T> b, size_t columns, std::span<T> out) {
  const OneThread here;
  at::Tensor result = block_view(std::span<const T>(out), b.size() / columns);
  at::mm_out(result, block_view(a, columns), block_view(b, columns).t());
}
template void multiply_block(std::span<const float>, std::span<const float>, size_t, std::span<float>);
template void multiply_block(std::span<const double>, std::span<const double>, size_t, std::span<double>);

Svd right_svd(const Matrix& a, const std::vector<double>& mean) {
  // of many rows, the triangles that pieces of them leave have the same singular values and right vectors
  const size_t piece = std::max<size_t>(4 * a.columns, kSummedRows);
  const auto centred = [&](size_t begin, size_t end) {
    const at::Tensor rows = view(a, begin, end);
    return mean.empty() ? rows : at::sub(rows, view(mean));
  };
  if (a.rows <= piece) {
    Svd parts = svd(to_matrix(centred(0, a.rows)));
    parts.u = {};
    return parts;
  }
  const OneThread caller;
  std::vector<Matrix> triangles((a.rows + piece - 1) / piece);
  parallel_for(triangles.size(), [&](size_t t) {
    const OneThread worker;
    const auto [q, r] = at::linalg_qr(centred(t * piece, std::min((t + 1) * piece, a.rows)), "r");
    triangles[t] = to_matrix(r);
  });
  Matrix stacked;
  stacked.columns = a.columns;
  for (const Matrix& triangle : triangles) {
    stacked.rows += triangle.rows;
    stacked.values.append(triangle.values);
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
