// Fits the machines of SVC: products of rows are formed once for every kernel, a pair's kernel once for every cost.

#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "learn/estimator.h"
#include "learn/pairwise.h"
#include "learn/smo.h"
#include "learn/svc_kernel.h"

namespace lumir::learn {

/// The rows sorted by class and how to fit machines on them.
class SvcTrainer {
 public:
  /// Rows that weigh nothing are left out, as in libsvm.
  explicit SvcTrainer(const Training& training);

  const Matrix& x() const { return x_; }
  const ClassSegments& classes() const { return classes_; }

  /// One machine for each setting; all of them have this kernel.
  std::vector<PairwiseMachine> fit(const SvcKernel& kernel, const std::vector<SVCOptions>& settings) const;

 private:
  int rows(const ClassPair& pair) const { return classes_.size(pair.a) + classes_.size(pair.b); }
  /// The kernel of a pair, from products of all rows.
  PairKernel block_of(const RowProducts& products, const SvcKernel& kernel, const ClassPair& pair) const;
  /// For many rows: the kernels of a few pairs at a time, formed with all cores, then solved side by side.
  void solve_in_batches(const SvcKernel& kernel, const std::vector<ClassPair>& pairs,
                        const std::function<void(const ClassPair&, const PairKernel&)>& solve) const;
  /// The kernel of a pair, from products of its rows only, some rows at a time.
  PairKernel own_block(const SvcKernel& kernel, const ClassPair& pair) const;
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
  bool shared_ = true;
  std::unique_ptr<RowProducts> products_;
};

}  // namespace lumir::learn
