#include "learn/svc_decisions.h"

#include <algorithm>

#include "core/parallel.h"
#include "learn/vectors.h"

namespace lumir::learn {
namespace {

constexpr size_t kRows = 128, kVectors = 256;  // of a piece of distances: it stays in the second cache

/// Vectors of one class, and what the machines of each kernel have for them.
struct Piece {
  size_t of_class, first, count;
  std::vector<std::vector<double>> duals;  // of each kernel: [machines x lines, count]
};

std::vector<double> duals_of(const KernelMachines& kernel, size_t first, size_t count) {
  std::vector<double> out;
  for (const PairwiseMachine& machine : kernel.machines) {
    for (size_t line = 0; line < machine.dual.rows; ++line) {
      const auto from = machine.dual.row(line).subspan(first, count);
      out.insert(out.end(), from.begin(), from.end());
    }
  }
  return out;
}

std::vector<Piece> pieces_of(std::span<const KernelMachines> kernels) {
  std::vector<Piece> pieces;
  const ClassSegments& classes = kernels.front().machines.front().classes;
  for (int c = 0; c < classes.count(); ++c) {
    const size_t size = static_cast<size_t>(classes.size(c));
    for (size_t begin = 0; begin < size; begin += kVectors) {
      Piece piece{
          static_cast<size_t>(c), static_cast<size_t>(classes.first(c)) + begin, std::min(kVectors, size - begin), {}};
      for (const auto& kernel : kernels) piece.duals.push_back(duals_of(kernel, piece.first, piece.count));
      pieces.push_back(std::move(piece));
    }
  }
  return pieces;
}

/// Sums over the vectors of each class, for some rows: [rows, machines x lines].
using ClassSums = std::vector<std::vector<double>>;

void decide(const PairwiseMachine& machine, const ClassSums& sums, size_t at, std::span<double> decisions) {
  size_t pair = 0;
  const auto n = static_cast<size_t>(machine.classes.count());
  for (size_t a = 0; a < n; ++a) {
    for (size_t b = a + 1; b < n; ++b, ++pair) {
      decisions[pair] = sums[a][at + b - 1] + sums[b][at + a] + machine.intercept[pair];
    }
  }
}

}  // namespace

void for_decisions(const Matrix& x, const Matrix& vectors, const std::vector<double>& squares,
                   std::span<const KernelMachines> kernels,
                   const std::function<void(size_t, size_t, size_t, std::span<const double>)>& use) {
  if (kernels.empty()) return;
  const std::vector<Piece> pieces = pieces_of(kernels);
  const std::vector<double> lengths = squared_lengths(x);
  const size_t lines = kernels.front().machines.front().dual.rows, classes = lines + 1;
  parallel_for((x.rows + kRows - 1) / kRows, [&](size_t block) {
    const size_t first = block * kRows, rows = std::min(kRows, x.rows - first);
    std::vector<ClassSums> sums;
    for (const auto& kernel : kernels) {
      sums.emplace_back(classes, std::vector<double>(rows * kernel.machines.size() * lines));
    }
    std::vector<double> apart(rows * kVectors), values(apart), part;
    for (const Piece& piece : pieces) {
      const MeasuredRows beside = rows_of(vectors, squares, piece.first, piece.count);
      const auto distances = std::span(apart).first(rows * piece.count);
      squared_distances(rows_of(x, lengths, first, rows), beside, distances);
      for (size_t k = 0; k < kernels.size(); ++k) {
        std::copy(distances.begin(), distances.end(), values.begin());
        for (size_t i = 0; i < rows; ++i) {
          kernels[k].kernel.apply(lengths[first + i], beside.squares,
                                  std::span(values).subspan(i * piece.count, piece.count));
        }
        std::vector<double>& sum = sums[k][piece.of_class];
        part.resize(sum.size());
        tensor::multiply_block<double>(std::span(values).first(rows * piece.count), piece.duals[k], piece.count, part);
        add_scaled(1, part.data(), sum.data(), sum.size());
      }
    }
    std::vector<double> decisions(classes * lines / 2);
    for (size_t k = 0; k < kernels.size(); ++k) {
      const size_t width = kernels[k].machines.size() * lines;
      for (size_t m = 0; m < kernels[k].machines.size(); ++m) {
        for (size_t i = 0; i < rows; ++i) {
          decide(kernels[k].machines[m], sums[k], i * width + m * lines, decisions);
          use(k, m, first + i, decisions);
        }
      }
    }
  });
}

}  // namespace lumir::learn
