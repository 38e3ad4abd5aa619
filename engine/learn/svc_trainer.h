// Fits the machines of SVC. A single one forms the rows of each pair's kernel as the solver asks for them, some together.
// Of several settings the squared distances of all rows are formed once for every rbf kernel, the kernel within a class
// once for every pair that has it, a pair's once for every cost, and where no row reached a cost, no higher one is solved.
// 'cache_size' bounds each of these: the distances, all kernels within classes, and on each core the kernel of the pair
// it solves. What does not fit is formed again.

#pragma once

#include <memory>
#include <span>
#include <vector>

#include "learn/estimator.h"
#include "learn/pairwise.h"
#include "learn/smo.h"
#include "learn/svc_kernel.h"

namespace lumir::learn {

/// The rows sorted by class and how to fit machines on them.
class SvcTrainer {
 public:
  /// Rows that weigh nothing are left out, as in libsvm. `megabytes` is what distances may take, and kernels again; of
  /// `kernels` to come, a warning says where the distances must be formed for each.
  SvcTrainer(const Training& training, double megabytes, size_t kernels = 1);

  const Matrix& x() const { return x_; }
  const std::vector<double>& squares() const { return squares_; }
  /// Which of the training's rows x's are.
  const std::vector<int>& order() const { return order_; }

  /// One machine for each setting; all of them have this kernel.
  std::vector<PairwiseMachine> fit(const SvcKernel& kernel, const std::vector<SVCOptions>& settings) const;

 private:
  /// Rows of x_ one after the other.
  struct Stretch {
    size_t first, count;
  };
  int rows(const ClassPair& pair) const { return classes_.size(pair.a) + classes_.size(pair.b); }
  Stretch of_class(int c) const {
    return {static_cast<size_t>(classes_.first(c)), static_cast<size_t>(classes_.size(c))};
  }
  MeasuredRows measured(Stretch rows) const { return rows_of(x_, squares_, rows.first, rows.count); }
  bool fits(double bytes) const { return bytes <= most_bytes_; }
  /// Whether the kernels within classes fit, and those of the largest pair.
  bool whole_kernels_fit() const;
  /// Says what does not fit, where that costs time.
  void tell_of_memory(size_t kernels) const;
  /// Throws ArgumentError where the kernel of a row with itself is no number.
  void check_kernel(const SvcKernel& kernel) const;
  void form_distances();
  /// Kernels from the squared distances of rows, which become kernels too where they are not rbf's.
  void form_kernels(const SvcKernel& kernel, double square, std::span<const double> squares, std::span<double> apart,
                    float* to) const;
  /// Where the distances of a row begin.
  const float* distances_of(size_t row) const;
  /// The kernels of two stretches, one line for each of the first; of a stretch with itself the half under the diagonal.
  PaddedRows form(const SvcKernel& kernel, Stretch rows, Stretch columns) const;
  std::vector<PaddedRows> kernels_within(const SvcKernel& kernel) const;
  std::unique_ptr<PairKernel> whole_kernel(const SvcKernel& kernel, const ClassPair& pair,
                                           const std::vector<PaddedRows>& within) const;
  /// Of which rows are formed where they are asked for.
  std::unique_ptr<PairKernel> formed_kernel(const SvcKernel& kernel, const ClassPair& pair) const;
  /// What a row of the pair costs on the wrong side: C times the weights of its class and its own.
  std::vector<double> costs(const ClassPair& pair, const SVCOptions& setting) const;
  /// False where it stopped before it was solved.
  bool solve_pair(const ClassPair& pair, const PairKernel& block, SmoSolver& solver, const SVCOptions& setting,
                  PairwiseMachine& machine) const;

  const Training& training_;
  std::vector<double> counts_;   // rows of each class
  std::vector<int> order_;       // of the training's rows in x_
  std::vector<double> weights_;  // of x_'s rows
  Matrix x_;
  ClassSegments classes_;
  std::vector<double> squares_;  // of x_'s rows
  double most_bytes_;
  double unit_;                         // of distances in float: the largest squared length
  std::unique_ptr<float[]> distances_;  // squared, of x_'s rows up to the diagonal; none where they do not fit
};

}  // namespace lumir::learn
