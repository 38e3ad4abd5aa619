// Fits the machines of SVC: products of rows are formed once for every kernel, a pair's kernel once for every cost, and
// the kernel within a class once for every pair that has it. 'cache_size' bounds each of these: the products, all
// kernels within classes, and on each core the kernel of the pair it solves. What does not fit is formed again.

#pragma once

#include <functional>
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
  /// Rows that weigh nothing are left out, as in libsvm. `megabytes` is what products may take, and kernels again; of
  /// `kernels` to come, a warning says where the products must be formed for each.
  SvcTrainer(const Training& training, double megabytes, size_t kernels = 1);

  const Matrix& x() const { return x_; }
  const ClassSegments& classes() const { return classes_; }

  /// One machine for each setting; all of them have this kernel.
  std::vector<PairwiseMachine> fit(const SvcKernel& kernel, const std::vector<SVCOptions>& settings) const;

 private:
  /// Rows of x_ one after the other.
  struct Stretch {
    size_t first, count;
  };
  struct WithinClass {
    std::vector<float> kernel;  // [rows, rows]; only what is not above the diagonal. Empty: it is not kept
  };
  int rows(const ClassPair& pair) const { return classes_.size(pair.a) + classes_.size(pair.b); }
  Stretch of_class(int c) const {
    return {static_cast<size_t>(classes_.first(c)), static_cast<size_t>(classes_.size(c))};
  }
  bool fits(double bytes) const { return bytes <= most_bytes_; }
  /// Says what does not fit, where that costs time.
  void tell_of_memory(size_t kernels) const;
  /// Products of the rows of two stretches, one line for each of the first.
  void multiply(Stretch rows, Stretch columns, std::span<double> products) const;
  /// Calls use(row, first column, kernel) for pieces of rows; of a stretch with itself only up to the diagonal's piece.
  void form(const SvcKernel& kernel, Stretch rows, Stretch columns,
            const std::function<void(size_t, size_t, std::span<const double>)>& use) const;
  std::vector<WithinClass> kernels_within(const SvcKernel& kernel) const;
  /// The kernel of a pair.
  PairKernel kernel_of_pair(const SvcKernel& kernel, const ClassPair& pair,
                            const std::vector<WithinClass>& within) const;
  /// Of which rows are formed where they are asked for.
  PairKernel partial_kernel(const SvcKernel& kernel, const ClassPair& pair) const;
  /// For many rows: the kernels of a few pairs at a time, formed with all cores, then solved side by side.
  void solve_in_batches(const std::vector<ClassPair>& pairs, const std::function<PairKernel(const ClassPair&)>& kernel,
                        const std::function<void(const ClassPair&, const PairKernel&)>& solve) const;
  /// What a row of the pair costs on the wrong side: C times the weights of its class and its own.
  std::vector<double> costs(const ClassPair& pair, const SVCOptions& setting) const;
  /// False where it stopped before it was solved.
  bool solve_pair(const ClassPair& pair, const PairKernel& block, const SVCOptions& setting,
                  PairwiseMachine& machine) const;

  const Training& training_;
  std::vector<double> counts_;   // rows of each class
  std::vector<double> weights_;  // of rows, in the order of x_
  Matrix x_;
  ClassSegments classes_;
  std::vector<double> squares_;  // of x_'s rows
  double most_bytes_;
  Matrix products_;  // of x_'s rows, up to the diagonal; none where they do not fit
};

}  // namespace lumir::learn
