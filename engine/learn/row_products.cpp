// Two rows meet four borders at a time, so that each number that is read serves several products.

#include "learn/row_products.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "core/parallel.h"
#include "learn/vectorised.h"
#include "learn/vectors.h"

namespace lumir::learn {
namespace {

constexpr size_t kBlock = 64;       // rows: with 500 columns they fill a quarter of the second cache
constexpr size_t kPiece = 1024;     // rows of a sum of its own, at least
constexpr size_t kMostPieces = 32;  // sums that are kept beside each other

/// out[0 to 3] = a · w's rows, out[4 to 7] = b · w's rows; a row of w has n numbers.
LUMIR_VECTORISED void multiply_two_by_four(const double* a, const double* b, const double* w, size_t n, double* out) {
  const double *w0 = w, *w1 = w + n, *w2 = w1 + n, *w3 = w2 + n;
  double a0 = 0, a1 = 0, a2 = 0, a3 = 0, b0 = 0, b1 = 0, b2 = 0, b3 = 0;
#pragma omp simd reduction(+ : a0, a1, a2, a3, b0, b1, b2, b3)
  for (size_t j = 0; j < n; ++j) {
    a0 += a[j] * w0[j];
    a1 += a[j] * w1[j];
    a2 += a[j] * w2[j];
    a3 += a[j] * w3[j];
    b0 += b[j] * w0[j];
    b1 += b[j] * w1[j];
    b2 += b[j] * w2[j];
    b3 += b[j] * w3[j];
  }
  const double sums[] = {a0, a1, a2, a3, b0, b1, b2, b3};
  std::copy(std::begin(sums), std::end(sums), out);
}

/// Adds four rows of x, each times its number of `p`, to `to`, and times that of `q` to the row behind it.
LUMIR_VECTORISED void add_four_to_two(const double* x, const double* p, const double* q, size_t n, double* to) {
  const double *x0 = x, *x1 = x + n, *x2 = x1 + n, *x3 = x2 + n;
  double* next = to + n;
  const double p0 = p[0], p1 = p[1], p2 = p[2], p3 = p[3], q0 = q[0], q1 = q[1], q2 = q[2], q3 = q[3];
#pragma omp simd
  for (size_t j = 0; j < n; ++j) {
    to[j] += p0 * x0[j] + p1 * x1[j] + p2 * x2[j] + p3 * x3[j];
    next[j] += q0 * x0[j] + q1 * x1[j] + q2 * x2[j] + q3 * x3[j];
  }
}

/// Decisions of rows that lie one after the other from `x` on, [rows, borders].
void multiply(const double* x, size_t rows, const Matrix& borders, double* out) {
  const size_t n = borders.columns, lines = borders.rows, whole = lines / 4 * 4;
  for (size_t i = 0; i < rows; i += 2) {
    const bool two = i + 1 < rows;
    const double *a = x + i * n, *b = two ? a + n : a;
    for (size_t line = 0; line < whole; line += 4) {
      double sums[8];
      multiply_two_by_four(a, b, borders.row(line).data(), n, sums);
      std::copy_n(sums, 4, out + i * lines + line);
      if (two) std::copy_n(sums + 4, 4, out + (i + 1) * lines + line);
    }
    for (size_t line = whole; line < lines; ++line) {
      out[i * lines + line] = dot(a, borders.row(line).data(), n);
      if (two) out[(i + 1) * lines + line] = dot(b, borders.row(line).data(), n);
    }
  }
}

/// Adds each row times its slopes, [rows, borders], to `sum`.
void add(const double* x, size_t rows, const double* slopes, Matrix& sum) {
  const size_t n = sum.columns, lines = sum.rows, whole = lines / 2 * 2, fours = rows / 4 * 4;
  for (size_t i = 0; i < fours; i += 4) {
    for (size_t line = 0; line < whole; line += 2) {
      double p[4], q[4];
      for (size_t r = 0; r < 4; ++r) {
        p[r] = slopes[(i + r) * lines + line];
        q[r] = slopes[(i + r) * lines + line + 1];
      }
      add_four_to_two(x + i * n, p, q, n, sum.row(line).data());
    }
  }
  for (size_t i = 0; i < rows; ++i) {
    for (size_t line = i < fours ? whole : 0; line < lines; ++line) {
      add_scaled(slopes[i * lines + line], x + i * n, sum.row(line).data(), n);
    }
  }
}

/// Calls work(piece, first row, last row) for pieces of whole blocks; how many there are.
template <class Work>
size_t for_pieces(size_t rows, const Work& work) {
  const size_t least = std::max(kPiece, (rows + kMostPieces - 1) / kMostPieces);
  const size_t piece = (least + kBlock - 1) / kBlock * kBlock, pieces = (rows + piece - 1) / piece;
  parallel_for(pieces, [&](size_t p) { work(p, p * piece, std::min((p + 1) * piece, rows)); });
  return pieces;
}

}  // namespace

double sum_losses(const StretchedRows& x, const Matrix& borders, const RowLoss& loss, Matrix& slopes) {
  std::vector<double> losses(kMostPieces);
  std::vector<Matrix> sums(kMostPieces);
  const size_t pieces = for_pieces(x.rows(), [&](size_t piece, size_t first, size_t last) {
    Matrix sum(borders.rows, x.columns());
    std::vector<double> decisions(kBlock * borders.rows), room(x.room(kBlock));
    double all = 0;
    for (size_t begin = first; begin < last; begin += kBlock) {
      const size_t rows = std::min(kBlock, last - begin);
      const double* block = x.block(begin, rows, room.data());
      multiply(block, rows, borders, decisions.data());
      for (size_t i = 0; i < rows; ++i) {
        all += loss(begin + i, std::span(decisions).subspan(i * borders.rows, borders.rows));
      }
      add(block, rows, decisions.data(), sum);
    }
    losses[piece] = all;
    sums[piece] = std::move(sum);
  });
  slopes = Matrix(borders.rows, x.columns());
  for (size_t piece = 0; piece < pieces; ++piece) {
    add_scaled(1, sums[piece].values.data(), slopes.values.data(), slopes.values.size());
  }
  return std::accumulate(losses.begin(), losses.end(), 0.0);
}

Matrix decisions_of(const StretchedRows& x, const Matrix& borders) {
  Matrix out(x.rows(), borders.rows);
  for_pieces(x.rows(), [&](size_t, size_t first, size_t last) {
    std::vector<double> room(x.room(kBlock));
    for (size_t begin = first; begin < last; begin += kBlock) {
      const size_t rows = std::min(kBlock, last - begin);
      multiply(x.block(begin, rows, room.data()), rows, borders, out.row(begin).data());
    }
  });
  return out;
}

}  // namespace lumir::learn
