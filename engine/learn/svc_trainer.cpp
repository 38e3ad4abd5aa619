#include "learn/svc_trainer.h"

#include <algorithm>
#include <atomic>
#include <numeric>

#include "core/interrupt.h"
#include "core/observer.h"
#include "core/parallel.h"
#include "core/random.h"

namespace lumir::learn {
namespace {

constexpr size_t kMostSharedRows = 6000;  // 290 MB of products; beyond, each pair forms its own

/// Decisions for the rows `asked`, of a machine fitted on the rows `kept`; 1 or -1 where these are of one class.
void decide_left_out(const PairKernel& block, const SmoOptions& options, const std::vector<int>& kept,
                     std::span<const int> asked, std::vector<double>& decisions) {
  const auto first = std::lower_bound(kept.begin(), kept.end(), block.positives()) - kept.begin();
  const int positives = static_cast<int>(first), negatives = static_cast<int>(kept.size()) - positives;
  if (positives == 0 || negatives == 0) {
    for (const int row : asked) decisions[static_cast<size_t>(row)] = positives > 0 ? 1 : negatives > 0 ? -1 : 0;
    return;
  }
  PairKernel part(positives, negatives);
  SmoOptions part_options = options;
  part_options.costs = taken(options.costs, kept);
  for (int i = 0; i < part.size(); ++i) {
    const float* from = block.row(kept[static_cast<size_t>(i)]);
    for (int j = 0; j < part.size(); ++j) part.row(i)[j] = from[kept[static_cast<size_t>(j)]];
  }
  const SmoSolution solution = solve_smo(part, part_options);
  for (const int row : asked) {
    double& decision = decisions[static_cast<size_t>(row)];
    decision = solution.intercept;
    for (size_t k = 0; k < kept.size(); ++k) decision += solution.coefficients[k] * block.row(row)[kept[k]];
  }
}

/// The sigmoid of decisions on rows that were left out of a fit, in five folds.
Sigmoid calibrate(const ClassPair& pair, const PairKernel& block, const SVCOptions& setting,
                  const SmoOptions& options) {
  constexpr size_t kFolds = 5;
  Random random(seed_or_global(setting.seed), static_cast<uint64_t>(pair.number));
  const std::vector<int> order = random.permutation(block.size());
  std::vector<double> decisions(order.size());
  std::vector<bool> positive(order.size());
  for (size_t fold = 0; fold < kFolds; ++fold) {
    const size_t begin = fold * order.size() / kFolds, end = (fold + 1) * order.size() / kFolds;
    std::vector<int> kept;
    for (size_t i = 0; i < order.size(); ++i) {
      if (i < begin || i >= end) kept.push_back(order[i]);
    }
    std::sort(kept.begin(), kept.end());  // those of the first class come first
    decide_left_out(block, options, kept, std::span(order).subspan(begin, end - begin), decisions);
  }
  for (int t = 0; t < block.size(); ++t) positive[static_cast<size_t>(t)] = t < block.positives();
  return fit_sigmoid(decisions, positive);
}

}  // namespace

SvcTrainer::SvcTrainer(const Training& training)
    : training_(training), counts_(static_cast<size_t>(training.n_classes)) {
  std::vector<int> order = rows_that_count(training);
  std::stable_sort(order.begin(), order.end(), [&](int i, int j) {
    return training.y[static_cast<size_t>(i)] < training.y[static_cast<size_t>(j)];
  });
  x_ = training.x.take(order);
  for (const int row : order) {
    weights_.push_back(training.weight(static_cast<size_t>(row)));
    counts_[static_cast<size_t>(training.y[static_cast<size_t>(row)])] += 1;
  }
  classes_.begin = {0};
  for (size_t c = 0; c < counts_.size(); ++c) {
    if (counts_[c] == 0) continue;
    classes_.labels.push_back(static_cast<int>(c));
    classes_.begin.push_back(classes_.begin.back() + static_cast<int>(counts_[c]));
  }
  shared_ = x_.rows <= kMostSharedRows;
  if (shared_) products_ = std::make_unique<RowProducts>(x_, x_);
}

std::vector<PairwiseMachine> SvcTrainer::fit(const SvcKernel& kernel, const std::vector<SVCOptions>& settings) const {
  std::vector<PairwiseMachine> machines(settings.size());
  for (size_t s = 0; s < settings.size(); ++s) {
    PairwiseMachine& machine = machines[s];
    if (settings[s].probability) machine.sigmoids.resize(static_cast<size_t>(classes_.pairs()));
    machine.classes = classes_;
    machine.dual = Matrix(static_cast<size_t>(classes_.count() - 1), x_.rows);
    machine.intercept.resize(static_cast<size_t>(classes_.pairs()));
  }
  std::vector<ClassPair> pairs = pairs_of(classes_);
  std::stable_sort(pairs.begin(), pairs.end(),
                   [&](const ClassPair& p, const ClassPair& q) { return rows(p) > rows(q); });
  std::atomic<int> unfinished{0};
  const auto solve = [&](const ClassPair& pair, const PairKernel& block) {
    for (size_t s = 0; s < settings.size(); ++s) unfinished += !solve_pair(pair, block, settings[s], machines[s]);
  };
  if (shared_) {
    parallel_for(pairs.size(), [&](size_t p) { solve(pairs[p], block_of(*products_, kernel, pairs[p])); });
  } else {
    solve_in_batches(kernel, pairs, solve);
  }
  if (unfinished > 0) {
    observer().warn("SVC: " + std::to_string(unfinished) + " of " + std::to_string(pairs.size() * settings.size()) +
                    " pairs stopped at 'max_iter' before they were solved");
  }
  return machines;
}

PairKernel SvcTrainer::block_of(const RowProducts& products, const SvcKernel& kernel, const ClassPair& pair) const {
  PairKernel block(classes_.size(pair.a), classes_.size(pair.b));
  std::vector<size_t> place(static_cast<size_t>(block.size()));
  for (int t = 0; t < block.size(); ++t) {
    const bool first = t < block.positives();
    place[static_cast<size_t>(t)] =
        static_cast<size_t>(first ? classes_.first(pair.a) + t : classes_.first(pair.b) + t - block.positives());
  }
  for (int i = 0; i < block.size(); ++i) {
    for (int j = 0; j <= i; ++j) {
      const auto value =
          static_cast<float>(products.value(kernel, place[static_cast<size_t>(i)], place[static_cast<size_t>(j)]));
      block.row(i)[j] = value;
      block.row(j)[i] = value;
    }
  }
  return block;
}

void SvcTrainer::solve_in_batches(const SvcKernel& kernel, const std::vector<ClassPair>& pairs,
                                  const std::function<void(const ClassPair&, const PairKernel&)>& solve) const {
  const size_t batch = static_cast<size_t>(thread_count());
  for (size_t begin = 0; begin < pairs.size(); begin += batch) {
    const size_t end = std::min(begin + batch, pairs.size());
    std::vector<PairKernel> blocks;
    for (size_t p = begin; p < end; ++p) blocks.push_back(own_block(kernel, pairs[p]));
    parallel_for(end - begin, [&](size_t p) { solve(pairs[begin + p], blocks[p]); });
  }
}

PairKernel SvcTrainer::own_block(const SvcKernel& kernel, const ClassPair& pair) const {
  PairKernel block(classes_.size(pair.a), classes_.size(pair.b));
  std::vector<int> which(static_cast<size_t>(block.size()));
  std::iota(which.begin(), which.begin() + block.positives(), classes_.first(pair.a));
  std::iota(which.begin() + block.positives(), which.end(), classes_.first(pair.b));
  const Matrix all = x_.take(which);
  constexpr int kRows = 1024;
  for (int begin = 0; begin < block.size(); begin += kRows) {
    check_interrupt();
    const int count = std::min(kRows, block.size() - begin);
    std::vector<int> some(static_cast<size_t>(count));
    std::iota(some.begin(), some.end(), begin);
    const RowProducts products(all.take(some), all);
    parallel_for(static_cast<size_t>(count), [&](size_t i) {
      float* row = block.row(begin + static_cast<int>(i));
      for (size_t j = 0; j < all.rows; ++j) row[j] = static_cast<float>(products.value(kernel, i, j));
    });
  }
  return block;
}

std::vector<double> SvcTrainer::costs(const ClassPair& pair, const SVCOptions& setting) const {
  const auto by_class = class_weights("SVC", setting.class_weight, training_, counts_);
  std::vector<double> costs;
  for (const int c : {pair.a, pair.b}) {
    const double cost = setting.C * by_class[static_cast<size_t>(classes_.labels[static_cast<size_t>(c)])];
    for (int row = classes_.first(c); row < classes_.first(c + 1); ++row) {
      costs.push_back(cost * weights_[static_cast<size_t>(row)]);
    }
  }
  return costs;
}

bool SvcTrainer::solve_pair(const ClassPair& pair, const PairKernel& block, const SVCOptions& setting,
                            PairwiseMachine& machine) const {
  SmoOptions options;
  options.costs = costs(pair, setting);
  options.tolerance = setting.tol;
  options.max_iterations = setting.max_iter;
  const SmoSolution solution = solve_smo(block, options);
  const auto middle = solution.coefficients.begin() + block.positives();
  std::copy(solution.coefficients.begin(), middle, machine.segment(pair.a, pair.b).begin());
  std::copy(middle, solution.coefficients.end(), machine.segment(pair.b, pair.a).begin());
  machine.intercept[static_cast<size_t>(pair.number)] = solution.intercept;
  if (setting.probability)
    machine.sigmoids[static_cast<size_t>(pair.number)] = calibrate(pair, block, setting, options);
  return solution.converged;
}

}  // namespace lumir::learn
