#include "learn/svc_trainer.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>

#include "core/interrupt.h"
#include "core/observer.h"
#include "core/parallel.h"
#include "core/random.h"
#include "learn/vectors.h"

namespace lumir::learn {
namespace {

constexpr size_t kRows = 256, kColumns = 1024;  // of a piece of products: it stays in the second cache

/// Decisions for the rows `asked`, of a machine fitted on the rows `kept`; 1 or -1 where these are of one class.
void decide_left_out(const PairKernel& block, const SmoOptions& options, const std::vector<int>& kept,
                     std::span<const int> asked, std::vector<double>& decisions) {
  const auto first = std::lower_bound(kept.begin(), kept.end(), block.positives()) - kept.begin();
  const int positives = static_cast<int>(first), negatives = static_cast<int>(kept.size()) - positives;
  if (positives == 0 || negatives == 0) {
    for (const int row : asked) decisions[static_cast<size_t>(row)] = positives > 0 ? 1 : negatives > 0 ? -1 : 0;
    return;
  }
  const PairKernel part = block.part(kept, positives);
  SmoOptions part_options = options;
  part_options.costs = taken(options.costs, kept);
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

SvcTrainer::SvcTrainer(const Training& training, double megabytes, size_t kernels)
    : training_(training), counts_(static_cast<size_t>(training.n_classes)), most_bytes_(megabytes * 1e6) {
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
  squares_ = squared_lengths(x_);
  const double rows = static_cast<double>(x_.rows);
  if (fits(sizeof(double) * rows * rows)) products_ = tensor::lower_gram(x_);
  tell_of_memory(kernels);
}

void SvcTrainer::tell_of_memory(size_t kernels) const {
  const auto tell = [&](const std::string& what, double count, double bytes, const std::string& then) {
    if (fits(bytes)) return;
    char numbers[100];
    std::snprintf(numbers, sizeof numbers, "%.0f rows would take %.4g MB", count, bytes / 1e6);
    observer().warn("SVC: the " + what + " of " + numbers + ", over 'cache_size' = " + show_number(most_bytes_ / 1e6) +
                    "; " + then);
  };
  double most = 0;
  for (const ClassPair& pair : pairs_of(classes_)) most = std::max(most, static_cast<double>(rows(pair)));
  tell("kernel of two classes", most, sizeof(float) * most * most, "its rows are formed again where they are needed");
  if (kernels < 2) return;  // each product is needed once
  const double all = static_cast<double>(x_.rows);
  tell("products", all, sizeof(double) * all * all,
       "they are formed again for each of " + std::to_string(kernels) + " kernels");
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
  const std::vector<WithinClass> within = kernels_within(kernel);
  const auto kernel_of = [&](const ClassPair& pair) { return kernel_of_pair(kernel, pair, within); };
  // of few pairs the kernels, which take longer to form than to solve, are formed by all workers together
  const bool many = pairs.size() >= 4 * static_cast<size_t>(thread_count());
  if (many || (products_.rows > 0 && pairs.size() > 1)) {
    parallel_for(pairs.size(), [&](size_t p) { solve(pairs[p], kernel_of(pairs[p])); });
  } else {
    solve_in_batches(pairs, kernel_of, solve);
  }
  if (unfinished > 0) {
    observer().warn("SVC: " + std::to_string(unfinished) + " of " + std::to_string(pairs.size() * settings.size()) +
                    " pairs stopped at 'max_iter' before they were solved");
  }
  return machines;
}

void SvcTrainer::multiply(Stretch rows, Stretch columns, std::span<double> products) const {
  if (rows.count == 1) {
    const double* row = x_.row(rows.first).data();
    for (size_t j = 0; j < columns.count; ++j) {
      products[j] = dot(row, x_.row(columns.first + j).data(), x_.columns);
    }
    return;
  }
  if (products_.rows == 0) {
    const auto of = [this](Stretch stretch) {
      return std::span(x_.values).subspan(stretch.first * x_.columns, stretch.count * x_.columns);
    };
    return tensor::multiply_block(of(rows), of(columns), x_.columns, products);
  }
  for (size_t i = 0; i < rows.count; ++i) {
    const auto line = products_.row(rows.first + i).subspan(columns.first, columns.count);
    std::copy(line.begin(), line.end(), products.begin() + static_cast<ptrdiff_t>(i * columns.count));
  }
}

void SvcTrainer::form(const SvcKernel& kernel, Stretch rows, Stretch columns,
                      const std::function<void(size_t, size_t, std::span<const double>)>& use) const {
  const size_t down = (rows.count + kRows - 1) / kRows, across = (columns.count + kColumns - 1) / kColumns;
  parallel_for(down * across, [&](size_t piece) {
    const size_t row = rows.first + piece / across * kRows, column = columns.first + piece % across * kColumns;
    const Stretch some{row, std::min(kRows, rows.first + rows.count - row)};
    const bool within = rows.first == columns.first && rows.count == columns.count;
    const size_t end = std::min(columns.first + columns.count, within ? row + some.count : SIZE_MAX);
    if (column >= end) return;
    const Stretch beside{column, std::min(kColumns, end - column)};
    std::vector<double> products(some.count * beside.count);
    multiply(some, beside, products);
    for (size_t i = 0; i < some.count; ++i) {
      const auto line = std::span(products).subspan(i * beside.count, beside.count);
      kernel.apply(squares_[row + i], std::span(squares_).subspan(column, beside.count), line);
      use(row + i - rows.first, column - columns.first, line);
    }
  });
}

std::vector<SvcTrainer::WithinClass> SvcTrainer::kernels_within(const SvcKernel& kernel) const {
  std::vector<WithinClass> within(static_cast<size_t>(classes_.count()));
  double bytes = 0;
  for (int c = 0; c < classes_.count(); ++c) bytes += sizeof(float) * std::pow(classes_.size(c), 2);
  if (classes_.count() < 3 || !fits(bytes)) return within;  // of two classes, each is needed once
  for (int c = 0; c < classes_.count(); ++c) {
    const Stretch all = of_class(c);
    auto& values = within[static_cast<size_t>(c)].kernel;
    values.resize(all.count * all.count);
    form(kernel, all, all, [&](size_t row, size_t first, std::span<const double> line) {
      std::copy(line.begin(), line.end(), values.begin() + static_cast<ptrdiff_t>(row * all.count + first));
    });
    const Rows rows{0, classes_.size(c)};
    mirror(values.data(), all.count, rows, rows);
  }
  return within;
}

PairKernel SvcTrainer::kernel_of_pair(const SvcKernel& kernel, const ClassPair& pair,
                                      const std::vector<WithinClass>& within) const {
  const double n = rows(pair);
  if (!fits(sizeof(float) * n * n)) return partial_kernel(kernel, pair);
  PairKernel whole(classes_.size(pair.a), classes_.size(pair.b));
  int begin = 0;  // of a class in the pair
  for (const int c : {pair.a, pair.b}) {
    const Stretch all = of_class(c);
    const auto& known = within[static_cast<size_t>(c)].kernel;
    const auto keep = [&](size_t row, size_t first, auto line) {
      std::copy(line.begin(), line.end(), whole.row(begin + static_cast<int>(row)) + begin + first);
    };
    if (known.empty()) {
      form(kernel, all, all, keep);
      const Rows rows{begin, begin + classes_.size(c)};
      whole.mirror(rows, rows);
    } else {
      for (size_t i = 0; i < all.count; ++i) keep(i, 0, std::span(known).subspan(i * all.count, all.count));
    }
    begin += classes_.size(c);
  }
  form(kernel, of_class(pair.b), of_class(pair.a), [&](size_t row, size_t first, std::span<const double> line) {
    std::copy(line.begin(), line.end(), whole.row(whole.positives() + static_cast<int>(row)) + first);
  });
  whole.mirror({whole.positives(), whole.size()}, {0, whole.positives()});
  return whole;
}

PairKernel SvcTrainer::partial_kernel(const SvcKernel& kernel, const ClassPair& pair) const {
  const Stretch first = of_class(pair.a), second = of_class(pair.b);
  std::vector<float> diagonal;
  for (const Stretch stretch : {first, second}) {
    for (size_t i = stretch.first; i < stretch.first + stretch.count; ++i) {
      double value = squares_[i];
      kernel.apply(squares_[i], {&squares_[i], 1}, {&value, 1});
      diagonal.push_back(static_cast<float>(value));
    }
  }
  const size_t n = diagonal.size(), kept = static_cast<size_t>(most_bytes_ / sizeof(float)) / n;
  return {classes_.size(pair.a), classes_.size(pair.b), std::move(diagonal), std::max<size_t>(kept, 2),
          [this, kernel, first, second](int i, float* row) {
            const auto place = static_cast<size_t>(i);
            const size_t at = place < first.count ? first.first + place : second.first + place - first.count;
            for (const Stretch stretch : {first, second}) {
              form(kernel, {at, 1}, stretch, [&](size_t, size_t column, std::span<const double> line) {
                std::copy(line.begin(), line.end(), row + column);
              });
              row += stretch.count;
            }
          }};
}

void SvcTrainer::solve_in_batches(const std::vector<ClassPair>& pairs,
                                  const std::function<PairKernel(const ClassPair&)>& kernel,
                                  const std::function<void(const ClassPair&, const PairKernel&)>& solve) const {
  const size_t batch = static_cast<size_t>(thread_count());
  for (size_t begin = 0; begin < pairs.size(); begin += batch) {
    const size_t end = std::min(begin + batch, pairs.size());
    check_interrupt();
    std::vector<PairKernel> kernels;
    for (size_t p = begin; p < end; ++p) kernels.push_back(kernel(pairs[p]));
    parallel_for(end - begin, [&](size_t p) { solve(pairs[begin + p], kernels[p]); });
  }
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
