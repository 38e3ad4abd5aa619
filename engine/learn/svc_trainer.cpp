#include "learn/svc_trainer.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <functional>
#include <numeric>

#include "core/interrupt.h"
#include "core/observer.h"
#include "core/parallel.h"
#include "core/random.h"

namespace lumir::learn {
namespace {

constexpr size_t kRows = 64, kColumns = 512;  // of a piece of distances: it stays in the second cache

/// Where stripes of kRows rows begin, each as long as its last row.
size_t stripe_begin(size_t stripe) { return kRows * kRows * stripe * (stripe + 1) / 2; }

double largest_pair(const ClassSegments& classes) {
  std::vector<int> sizes;
  for (int c = 0; c < classes.count(); ++c) sizes.push_back(classes.size(c));
  std::partial_sort(sizes.begin(), sizes.begin() + 2, sizes.end(), std::greater<>());
  return static_cast<double>(sizes[0]) + sizes[1];
}

/// Decisions for the rows `asked`, of a machine fitted on the rows `kept`; 1 or -1 where these are of one class.
void decide_left_out(const PairKernel& block, const SmoOptions& options, const std::vector<int>& kept,
                     std::span<const int> asked, std::vector<double>& decisions) {
  const auto first = std::lower_bound(kept.begin(), kept.end(), block.positives()) - kept.begin();
  const int positives = static_cast<int>(first), negatives = static_cast<int>(kept.size()) - positives;
  if (positives == 0 || negatives == 0) {
    for (const int row : asked) decisions[static_cast<size_t>(row)] = positives > 0 ? 1 : negatives > 0 ? -1 : 0;
    return;
  }
  const auto part = part_of(block, kept, positives);
  SmoOptions part_options = options;
  part_options.costs = taken(options.costs, kept);
  const SmoSolution solution = SmoSolver(*part).solve(part_options);
  for (const int row : asked) {
    double& decision = decisions[static_cast<size_t>(row)];
    decision = solution.intercept;
    if (!block.holds(row)) block.form({&row, 1});
    const KernelRow kernel = block.row(row);
    for (size_t k = 0; k < kept.size(); ++k) {
      const int at = kept[k] - block.positives();
      decision += solution.coefficients[k] * (at < 0 ? kernel.positives[kept[k]] : kernel.negatives[at]);
    }
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
    : training_(training),
      counts_(static_cast<size_t>(training.n_classes)),
      order_(rows_that_count(training)),
      most_bytes_(megabytes * 1e6) {
  std::stable_sort(order_.begin(), order_.end(), [&](int i, int j) {
    return training.y[static_cast<size_t>(i)] < training.y[static_cast<size_t>(j)];
  });
  x_ = training.x.take(order_);
  for (const int row : order_) {
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
  unit_ = *std::max_element(squares_.begin(), squares_.end());
  if (unit_ == 0) unit_ = 1;
  const double rows = static_cast<double>(x_.rows);
  if (kernels > 1 && fits(sizeof(float) * rows * rows / 2) && whole_kernels_fit()) form_distances();
  tell_of_memory(kernels);
}

bool SvcTrainer::whole_kernels_fit() const {
  double within = 0;
  for (int c = 0; c < classes_.count(); ++c) within += sizeof(float) * std::pow(classes_.size(c), 2);
  return fits(within) && fits(sizeof(float) * std::pow(largest_pair(classes_), 2));
}

void SvcTrainer::tell_of_memory(size_t kernels) const {
  const auto tell = [&](const std::string& what, double count, double bytes, const std::string& then) {
    if (fits(bytes)) return;
    char numbers[100];
    std::snprintf(numbers, sizeof numbers, "%.0f rows would take %.4g MB", count, bytes / 1e6);
    observer().warn("SVC: the " + what + " of " + numbers + ", over 'cache_size' = " + show_number(most_bytes_ / 1e6) +
                    "; " + then);
  };
  const double most = largest_pair(classes_), all = static_cast<double>(x_.rows);
  tell("kernel of two classes", most, sizeof(float) * most * most, "its rows are formed again where they are needed");
  if (kernels < 2) return;  // each distance is needed once
  tell("distances", all, sizeof(float) * all * all / 2,
       "they are formed again for each of " + std::to_string(kernels) + " kernels");
}

void SvcTrainer::form_distances() {
  const size_t stripes = (x_.rows + kRows - 1) / kRows;
  distances_ = std::make_unique_for_overwrite<float[]>(stripe_begin(stripes));
  parallel_for(stripes, [&](size_t from_last) {
    const size_t stripe = stripes - 1 - from_last, first = stripe * kRows;  // the longest first
    const Stretch rows{first, std::min(kRows, x_.rows - first)};
    std::vector<double> some(kRows * kColumns);
    for (size_t column = 0; column < first + rows.count; column += kColumns) {
      const Stretch columns{column, std::min(kColumns, first + rows.count - column)};
      squared_distances(measured(rows), measured(columns), std::span(some).first(rows.count * columns.count));
      for (size_t i = 0; i < rows.count; ++i) {
        float* to = distances_.get() + stripe_begin(stripe) + i * (first + kRows) + column;
        const double* from = some.data() + i * columns.count;
        for (size_t j = 0; j < columns.count; ++j) to[j] = static_cast<float>(from[j] / unit_);
      }
    }
  });
}

const float* SvcTrainer::distances_of(size_t row) const {
  const size_t stripe = row / kRows;
  return distances_.get() + stripe_begin(stripe) + row % kRows * (stripe + 1) * kRows;
}

void SvcTrainer::form_kernels(const SvcKernel& kernel, double square, std::span<const double> squares,
                              std::span<double> apart, float* to) const {
  if (kernel.shape != Shape::rbf) {
    kernel.apply(square, squares, apart);
    std::copy(apart.begin(), apart.end(), to);
    return;
  }
  for (size_t j = 0; j < apart.size(); ++j) to[j] = static_cast<float>(apart[j] / unit_);
  kernel.apply(unit_, std::span(to, apart.size()));
}

void SvcTrainer::check_kernel(const SvcKernel& kernel) const {
  for (size_t i = 0; i < squares_.size(); ++i) {
    double apart = 0;
    float own = 0;
    form_kernels(kernel, squares_[i], {&squares_[i], 1}, {&apart, 1}, &own);
    if (!std::isfinite(own)) {
      throw ArgumentError("SVC: its kernel is not finite; the columns' numbers are too large for it");
    }
  }
}

std::vector<PairwiseMachine> SvcTrainer::fit(const SvcKernel& kernel, const std::vector<SVCOptions>& settings) const {
  check_kernel(kernel);
  std::vector<PairwiseMachine> machines(settings.size());
  for (size_t s = 0; s < settings.size(); ++s) {
    PairwiseMachine& machine = machines[s];
    if (settings[s].probability) machine.sigmoids.resize(static_cast<size_t>(classes_.pairs()));
    machine.classes = classes_;
    machine.dual = Matrix(static_cast<size_t>(classes_.count() - 1), x_.rows);
    machine.intercept.resize(static_cast<size_t>(classes_.pairs()));
  }
  std::vector<size_t> by_cost(settings.size());
  std::iota(by_cost.begin(), by_cost.end(), size_t{0});
  std::stable_sort(by_cost.begin(), by_cost.end(), [&](size_t s, size_t t) { return settings[s].C < settings[t].C; });
  std::vector<ClassPair> pairs = pairs_of(classes_);
  std::stable_sort(pairs.begin(), pairs.end(),
                   [&](const ClassPair& p, const ClassPair& q) { return rows(p) > rows(q); });
  std::atomic<int> unfinished{0};
  const bool whole = (distances_ || settings.size() > 1) && whole_kernels_fit();
  const auto within = whole ? kernels_within(kernel) : std::vector<PaddedRows>();
  const auto solve = [&](const ClassPair& pair) {
    const auto block = whole ? whole_kernel(kernel, pair, within) : formed_kernel(kernel, pair);
    SmoSolver solver(*block);
    for (const size_t s : by_cost) unfinished += !solve_pair(pair, *block, solver, settings[s], machines[s]);
  };
  if (pairs.size() == 1) {
    solve(pairs.front());  // all cores form its kernel
  } else {
    parallel_for(pairs.size(), [&](size_t p) { solve(pairs[p]); });
  }
  if (unfinished > 0) {
    observer().warn("SVC: " + std::to_string(unfinished) + " of " + std::to_string(pairs.size() * settings.size()) +
                    " pairs stopped at 'max_iter' before they were solved");
  }
  return machines;
}

PaddedRows SvcTrainer::form(const SvcKernel& kernel, Stretch rows, Stretch columns) const {
  PaddedRows out(rows.count, columns.count);
  const bool within = rows.first == columns.first;
  parallel_for((rows.count + kRows - 1) / kRows, [&](size_t piece) {
    const size_t first = piece * kRows;
    const Stretch some{rows.first + first, std::min(kRows, rows.count - first)};
    const size_t width = within ? first + some.count : columns.count;
    const bool known = distances_ && kernel.shape == Shape::rbf;
    std::vector<double> apart(known ? 0 : kRows * kColumns);
    for (size_t column = 0; column < width; column += kColumns) {
      const Stretch beside{columns.first + column, std::min(kColumns, width - column)};
      if (!known) {
        squared_distances(measured(some), measured(beside), std::span(apart).first(some.count * beside.count));
      }
      for (size_t i = 0; i < some.count; ++i) {
        float* to = out.row(first + i) + column;
        if (known) {
          std::copy_n(distances_of(some.first + i) + beside.first, beside.count, to);
          kernel.apply(unit_, std::span(to, beside.count));
        } else {
          form_kernels(kernel, squares_[some.first + i], measured(beside).squares,
                       std::span(apart).subspan(i * beside.count, beside.count), to);
        }
      }
    }
  });
  return out;
}

std::vector<PaddedRows> SvcTrainer::kernels_within(const SvcKernel& kernel) const {
  std::vector<PaddedRows> within(static_cast<size_t>(classes_.count()));
  parallel_for(within.size(), [&](size_t c) {
    const Stretch all = of_class(static_cast<int>(c));
    within[c] = form(kernel, all, all);
    within[c].mirror();
  });
  return within;
}

std::unique_ptr<PairKernel> SvcTrainer::whole_kernel(const SvcKernel& kernel, const ClassPair& pair,
                                                     const std::vector<PaddedRows>& within) const {
  PaddedRows back = form(kernel, of_class(pair.b), of_class(pair.a));
  PaddedRows across = back.transposed(of_class(pair.a).count);
  return std::make_unique<WholeKernel>(WholeKernel::Blocks{
      within[static_cast<size_t>(pair.a)], within[static_cast<size_t>(pair.b)], std::move(across), std::move(back)});
}

std::unique_ptr<PairKernel> SvcTrainer::formed_kernel(const SvcKernel& kernel, const ClassPair& pair) const {
  const Stretch stretches[] = {of_class(pair.a), of_class(pair.b)};
  const size_t middle = PaddedRows::padded(stretches[0].count);
  std::vector<float> diagonal;
  for (const Stretch& all : stretches) {
    for (size_t i = all.first; i < all.first + all.count; ++i) {
      double apart = 0;
      form_kernels(kernel, squares_[i], {&squares_[i], 1}, {&apart, 1}, &diagonal.emplace_back());
    }
  }
  const auto place = [stretches](int i) {
    const auto at = static_cast<size_t>(i);
    return at < stretches[0].count ? stretches[0].first + at : stretches[1].first + at - stretches[0].count;
  };
  const auto form_rows = [this, kernel, stretches, middle, place](std::span<const int> rows, float* to, size_t stride) {
    std::vector<int> places;
    for (const int row : rows) places.push_back(static_cast<int>(place(row)));
    const Matrix some = x_.take(places);
    const std::vector<double> lengths = taken(squares_, places);
    for (const Stretch& all : stretches) {
      parallel_for((all.count + kColumns - 1) / kColumns, [&](size_t piece) {
        const size_t first = piece * kColumns;
        const Stretch beside{all.first + first, std::min(kColumns, all.count - first)};
        std::vector<double> apart(rows.size() * beside.count);
        squared_distances(rows_of(some, lengths, 0, some.rows), measured(beside), apart);
        for (size_t r = 0; r < rows.size(); ++r) {
          float* line = to + r * stride + (all.first == stretches[0].first ? 0 : middle) + first;
          form_kernels(kernel, lengths[r], measured(beside).squares,
                       std::span(apart).subspan(r * beside.count, beside.count), line);
        }
      });
    }
  };
  const size_t kept = static_cast<size_t>(most_bytes_ / sizeof(float)) / diagonal.size();
  return std::make_unique<FormedKernel>(classes_.size(pair.a), classes_.size(pair.b), std::move(diagonal), kept,
                                        form_rows);
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

bool SvcTrainer::solve_pair(const ClassPair& pair, const PairKernel& block, SmoSolver& solver,
                            const SVCOptions& setting, PairwiseMachine& machine) const {
  SmoOptions options;
  options.costs = costs(pair, setting);
  options.tolerance = setting.tol;
  options.max_iterations = setting.max_iter;
  const SmoSolution solution = solver.solve(options);
  const auto middle = solution.coefficients.begin() + block.positives();
  std::copy(solution.coefficients.begin(), middle, machine.segment(pair.a, pair.b).begin());
  std::copy(middle, solution.coefficients.end(), machine.segment(pair.b, pair.a).begin());
  machine.intercept[static_cast<size_t>(pair.number)] = solution.intercept;
  if (setting.probability)
    machine.sigmoids[static_cast<size_t>(pair.number)] = calibrate(pair, block, setting, options);
  return solution.converged;
}

}  // namespace lumir::learn
