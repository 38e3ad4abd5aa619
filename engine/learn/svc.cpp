// SVC: support vector machines, one for each pair of classes, as libsvm and scikit-learn have them.
//
// Products of rows are formed once and serve every kernel of a grid; the kernel of a pair serves every cost.

#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>
#include <numeric>
#include <tuple>

#include "core/interrupt.h"
#include "core/observer.h"
#include "core/parallel.h"
#include "core/random.h"
#include "learn/class_weight.h"
#include "learn/estimator.h"
#include "learn/sigmoid.h"
#include "learn/smo.h"
#include "learn/vectors.h"
#include "tensor/linear_algebra.h"

namespace lumir::learn {
namespace {

constexpr double kMostCost = 1e100;  // beyond, the solver's sums lose every digit
const Range kCost{above(0), kMostCost};

struct SVCOptions {
  double C = 1;
  std::string kernel = "rbf";
  int degree = 3;
  std::variant<double, std::string> gamma = "scale";
  double coef0 = 0;
  double tol = 1e-3;
  ClassWeight class_weight;
  int max_iter = -1;
  bool probability = false;
  std::optional<int> seed;
  static Schema schema() {
    return {
        Option{"C", &SVCOptions::C, "cost of a row on the wrong side; smaller is smoother", kCost},
        Option{"kernel", &SVCOptions::kernel, "how alike two rows are", Choices{"rbf", "linear", "poly", "sigmoid"}},
        Option{"degree", &SVCOptions::degree, "of the poly kernel", Range{0, 100}},
        Option{"gamma", &SVCOptions::gamma,
               "narrowness of rbf, factor of poly and sigmoid; 'scale': 1 / (columns * variance)",
               Choices{"scale", "auto"}, kNonNegative},
        Option{"coef0", &SVCOptions::coef0, "what poly and sigmoid add"},
        Option{"tol", &SVCOptions::tol, "when to stop", kPositive},
        class_weight_option(&SVCOptions::class_weight),
        Option{"max_iter", &SVCOptions::max_iter, "steps of each pair's solver, -1 for no limit", Range{-1}},
        Option{"probability", &SVCOptions::probability,
               "scores are probabilities: each pair's decisions on five folds are fitted by a sigmoid (Platt), which "
               "takes five times as long"},
        Option{"seed", &SVCOptions::seed, "of the folds of 'probability'; 'none' takes that of lumir.seed"}};
  }
};

enum class Shape { linear, rbf, poly, sigmoid };

/// A kernel with its numbers; equal ones share their matrix.
struct Kernel {
  Shape shape = Shape::linear;
  double gamma = 0;
  double coef0 = 0;
  int degree = 0;

  auto operator<=>(const Kernel&) const = default;

  /// From the product of two rows and their squared lengths.
  double operator()(double product, double square_a, double square_b) const {
    switch (shape) {
      case Shape::linear: return product;
      case Shape::rbf: return std::exp(-gamma * std::max(0.0, square_a + square_b - 2 * product));
      case Shape::poly: return power(gamma * product + coef0, degree);
      default: return std::tanh(gamma * product + coef0);
    }
  }

 private:
  static double power(double base, int exponent) {
    double result = 1;
    for (; exponent > 0; exponent /= 2) {
      if (exponent % 2 == 1) result *= base;
      base *= base;
    }
    return result;
  }
};

double variance(const Matrix& x) {
  const double n = static_cast<double>(x.values.size());
  const double mean = std::accumulate(x.values.begin(), x.values.end(), 0.0) / n;
  double squares = 0;
  for (const double value : x.values) squares += (value - mean) * (value - mean);
  return squares / n;
}

Kernel kernel_of(const SVCOptions& options, const Matrix& x) {
  static const std::map<std::string, Shape> shapes = {
      {"linear", Shape::linear}, {"rbf", Shape::rbf}, {"poly", Shape::poly}, {"sigmoid", Shape::sigmoid}};
  Kernel kernel;
  kernel.shape = shapes.at(options.kernel);
  if (kernel.shape == Shape::linear) return kernel;
  if (kernel.shape != Shape::rbf) kernel.coef0 = options.coef0;
  if (kernel.shape == Shape::poly) kernel.degree = options.degree;
  const double columns = static_cast<double>(x.columns);
  if (const double* given = std::get_if<double>(&options.gamma)) {
    kernel.gamma = *given;
  } else if (std::get<std::string>(options.gamma) == "auto") {
    kernel.gamma = 1 / columns;
  } else {
    const double spread = variance(x);
    kernel.gamma = spread == 0 ? 1 : 1 / (columns * spread);
  }
  return kernel;
}

/// Products of the rows of `a` with those of `b`, and the squared lengths of both.
struct Products {
  Matrix dots;
  std::vector<double> squares_a;
  std::vector<double> squares_b;

  Products(const Matrix& a, const Matrix& b)
      : dots(tensor::multiply_transposed(a, b)), squares_a(squares(a)), squares_b(squares(b)) {}

  double value(const Kernel& kernel, size_t i, size_t j) const {
    return kernel(dots(i, j), squares_a[i], squares_b[j]);
  }

 private:
  static std::vector<double> squares(const Matrix& x) {
    std::vector<double> out(x.rows);
    for (size_t i = 0; i < x.rows; ++i) {
      for (const double value : x.row(i)) out[i] += value * value;
    }
    return out;
  }
};

/// Rows in the order of their classes, so that a class is one contiguous segment.
struct Classes {
  std::vector<int> labels;  // the classes that have rows, ascending
  std::vector<int> begin;   // of each one's segment; one more at the end

  int count() const { return static_cast<int>(labels.size()); }
  int pairs() const { return count() * (count() - 1) / 2; }
  int size(int c) const { return begin[static_cast<size_t>(c) + 1] - begin[static_cast<size_t>(c)]; }
  int first(int c) const { return begin[static_cast<size_t>(c)]; }
  int rows() const { return begin.back(); }
};

struct Pair {
  int a;
  int b;
  int number;  // libsvm's order: 0-1, 0-2, ... 1-2, ...
};

std::vector<Pair> pairs_of(const Classes& classes) {
  std::vector<Pair> pairs;
  for (int a = 0; a < classes.count(); ++a) {
    for (int b = a + 1; b < classes.count(); ++b) pairs.push_back({a, b, static_cast<int>(pairs.size())});
  }
  return pairs;
}

/// What all pairs have learnt, in libsvm's layout: row of class a, coefficient against class b in line b - 1
/// (b > a) or b (b < a).
struct Machine {
  Classes classes;
  Matrix dual;                    // [classes - 1, rows]
  std::vector<double> intercept;  // one for each pair
  std::vector<Sigmoid> sigmoids;  // one for each pair: the first class's probability; empty for scores of decisions

  std::span<double> segment(int c, int against) {
    return dual.row(static_cast<size_t>(against > c ? against - 1 : against))
        .subspan(static_cast<size_t>(classes.first(c)), static_cast<size_t>(classes.size(c)));
  }
  std::span<const double> segment(int c, int against) const { return const_cast<Machine*>(this)->segment(c, against); }
};

/// The pairs' decisions for one row, from its kernel with every training row; positive for the first class.
void decide(const Machine& machine, std::span<const double> kernel_row, std::span<double> decisions) {
  const auto part = [&](int c, int against) {
    const auto coefficients = machine.segment(c, against);
    return dot(coefficients.data(), kernel_row.data() + machine.classes.first(c), coefficients.size());
  };
  size_t pair = 0;
  for (int a = 0; a < machine.classes.count(); ++a) {
    for (int b = a + 1; b < machine.classes.count(); ++b, ++pair) {
      decisions[pair] = part(a, b) + part(b, a) + machine.intercept[pair];
    }
  }
}

/// The class with most votes of its pairs, the first of equals: libsvm's answer.
int vote(const Classes& classes, std::span<const double> decisions) {
  std::vector<int> votes(static_cast<size_t>(classes.count()));
  size_t pair = 0;
  for (size_t a = 0; a < votes.size(); ++a) {
    for (size_t b = a + 1; b < votes.size(); ++b, ++pair) ++votes[decisions[pair] > 0 ? a : b];
  }
  const auto winner = std::max_element(votes.begin(), votes.end());
  return classes.labels[static_cast<size_t>(winner - votes.begin())];
}

/// scikit-learn's decision_function of form ovr: votes, ties broken by the sum of decisions. A class that had
/// no rows comes after all others.
void rank(const Classes& classes, std::span<const double> decisions, std::span<double> scores) {
  const size_t n = static_cast<size_t>(classes.count());
  std::vector<double> votes(n), confidence(n);
  size_t pair = 0;
  for (size_t a = 0; a < n; ++a) {
    for (size_t b = a + 1; b < n; ++b, ++pair) {
      votes[decisions[pair] >= 0 ? a : b] += 1;
      confidence[a] += decisions[pair];
      confidence[b] -= decisions[pair];
    }
  }
  double least = 0;
  for (size_t c = 0; c < n; ++c) {
    double& score = scores[static_cast<size_t>(classes.labels[c])];
    score = n == 2 ? confidence[c] : votes[c] + confidence[c] / (3 * (std::fabs(confidence[c]) + 1));
    least = std::min(least, score);
  }
  for (size_t c = 0; c < scores.size(); ++c) {
    if (!std::binary_search(classes.labels.begin(), classes.labels.end(), static_cast<int>(c))) scores[c] = least - 1;
  }
}

/// The classes' probabilities from those of pairs: Wu, Lin and Weng, Probability Estimates for Multi-class
/// Classification by Pairwise Coupling (2004), as libsvm has it. `pairs`(a, b) is how much likelier a is than b,
/// together 1.
std::vector<double> couple(const Matrix& pairs) {
  const size_t n = pairs.rows;
  Matrix q(n, n);
  for (size_t a = 0; a < n; ++a) {
    for (size_t b = 0; b < n; ++b) {
      if (a == b) continue;
      q(a, a) += pairs(b, a) * pairs(b, a);
      q(a, b) = -pairs(b, a) * pairs(a, b);
    }
  }
  std::vector<double> p(n, 1 / static_cast<double>(n)), qp(n);
  const size_t most = std::max<size_t>(100, n);
  const double enough = 0.005 / static_cast<double>(n);
  for (size_t iteration = 0; iteration < most; ++iteration) {
    double whole = 0, off = 0;
    for (size_t a = 0; a < n; ++a) {
      qp[a] = dot(q.row(a).data(), p.data(), n);
      whole += p[a] * qp[a];
    }
    for (size_t a = 0; a < n; ++a) off = std::max(off, std::fabs(qp[a] - whole));
    if (off < enough) break;
    for (size_t a = 0; a < n; ++a) {
      const double change = (whole - qp[a]) / q(a, a);
      p[a] += change;
      whole = (whole + change * (change * q(a, a) + 2 * qp[a])) / (1 + change) / (1 + change);
      for (size_t b = 0; b < n; ++b) {
        qp[b] = (qp[b] + change * q(a, b)) / (1 + change);
        p[b] /= 1 + change;
      }
    }
  }
  return p;
}

/// Probabilities of the classes from the decisions of pairs; a class that had no rows gets none.
void estimate(const Machine& machine, std::span<const double> decisions, std::span<double> scores) {
  constexpr double kLeast = 1e-7;
  const auto n = static_cast<size_t>(machine.classes.count());
  Matrix pairs(n, n);
  size_t pair = 0;
  for (size_t a = 0; a < n; ++a) {
    for (size_t b = a + 1; b < n; ++b, ++pair) {
      pairs(a, b) = std::clamp(machine.sigmoids[pair](decisions[pair]), kLeast, 1 - kLeast);
      pairs(b, a) = 1 - pairs(a, b);
    }
  }
  const std::vector<double> shares = couple(pairs);
  std::fill(scores.begin(), scores.end(), 0);
  for (size_t c = 0; c < n; ++c) scores[static_cast<size_t>(machine.classes.labels[c])] = shares[c];
}

/// The rows sorted by class and how to fit machines on them.
class Trainer {
 public:
  /// Rows that weigh nothing are left out, as in libsvm.
  explicit Trainer(const Training& training) : training_(training), counts_(static_cast<size_t>(training.n_classes)) {
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
    if (shared_) products_ = std::make_unique<Products>(x_, x_);
  }

  const Matrix& x() const { return x_; }
  const Classes& classes() const { return classes_; }

  /// One machine for each setting; all of them have this kernel.
  std::vector<Machine> fit(const Kernel& kernel, const std::vector<SVCOptions>& settings) const {
    std::vector<Machine> machines(settings.size());
    for (size_t s = 0; s < settings.size(); ++s) {
      Machine& machine = machines[s];
      if (settings[s].probability) machine.sigmoids.resize(static_cast<size_t>(classes_.pairs()));
      machine.classes = classes_;
      machine.dual = Matrix(static_cast<size_t>(classes_.count() - 1), x_.rows);
      machine.intercept.resize(static_cast<size_t>(classes_.pairs()));
    }
    std::vector<Pair> pairs = pairs_of(classes_);
    std::stable_sort(pairs.begin(), pairs.end(), [&](const Pair& p, const Pair& q) { return rows(p) > rows(q); });
    std::atomic<int> unfinished{0};
    const auto solve = [&](const Pair& pair, const PairKernel& block) {
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

 private:
  static constexpr size_t kMostSharedRows = 6000;  // 290 MB of products; beyond, each pair forms its own

  int rows(const Pair& pair) const { return classes_.size(pair.a) + classes_.size(pair.b); }

  /// The kernel of a pair, from products of all rows.
  PairKernel block_of(const Products& products, const Kernel& kernel, const Pair& pair) const {
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

  /// For many rows: the kernels of a few pairs at a time, formed with all cores, then solved side by side.
  void solve_in_batches(const Kernel& kernel, const std::vector<Pair>& pairs,
                        const std::function<void(const Pair&, const PairKernel&)>& solve) const {
    const size_t batch = static_cast<size_t>(thread_count());
    for (size_t begin = 0; begin < pairs.size(); begin += batch) {
      const size_t end = std::min(begin + batch, pairs.size());
      std::vector<PairKernel> blocks;
      for (size_t p = begin; p < end; ++p) blocks.push_back(own_block(kernel, pairs[p]));
      parallel_for(end - begin, [&](size_t p) { solve(pairs[begin + p], blocks[p]); });
    }
  }

  /// The kernel of a pair, from products of its rows only, some rows at a time.
  PairKernel own_block(const Kernel& kernel, const Pair& pair) const {
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
      const Products products(all.take(some), all);
      parallel_for(static_cast<size_t>(count), [&](size_t i) {
        float* row = block.row(begin + static_cast<int>(i));
        for (size_t j = 0; j < all.rows; ++j) row[j] = static_cast<float>(products.value(kernel, i, j));
      });
    }
    return block;
  }

  /// What a row of the pair costs on the wrong side: C times the weights of its class and its own.
  std::vector<double> costs(const Pair& pair, const SVCOptions& setting) const {
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

  /// False where it stopped before it was solved.
  bool solve_pair(const Pair& pair, const PairKernel& block, const SVCOptions& setting, Machine& machine) const {
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

  /// The sigmoid of decisions on rows that were left out of a fit, in five folds.
  Sigmoid calibrate(const Pair& pair, const PairKernel& block, const SVCOptions& setting,
                    const SmoOptions& options) const {
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

  /// Decisions for the rows `asked`, of a machine fitted on the rows `kept`; 1 or -1 where these are of one class.
  static void decide_left_out(const PairKernel& block, const SmoOptions& options, const std::vector<int>& kept,
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

  const Training& training_;
  std::vector<double> counts_;   // rows of each class
  std::vector<double> weights_;  // of rows, in the order of x_
  Matrix x_;
  Classes classes_;
  bool shared_ = true;
  std::unique_ptr<Products> products_;
};

/// Calls use(first row, products) for some rows of x after the other, so that memory stays bounded.
void for_row_blocks(const Matrix& x, const Matrix& against, const std::function<void(size_t, const Products&)>& use) {
  constexpr size_t kRows = 1024;
  for (size_t begin = 0; begin < x.rows; begin += kRows) {
    std::vector<int> some(std::min(kRows, x.rows - begin));
    std::iota(some.begin(), some.end(), static_cast<int>(begin));
    use(begin, Products(x.take(some), against));
  }
}

/// Calls use(row, decisions) for each row of products, on all cores.
void for_decisions(const Machine& machine, const Matrix& kernel_rows,
                   const std::function<void(size_t, std::span<const double>)>& use) {
  parallel_for(kernel_rows.rows, [&](size_t i) {
    std::vector<double> decisions(machine.intercept.size());
    decide(machine, kernel_rows.row(i), decisions);
    use(i, decisions);
  });
}

Matrix apply_kernel(const Kernel& kernel, const Products& products) {
  Matrix out(products.dots.rows, products.dots.columns);
  parallel_for(out.rows, [&](size_t i) {
    for (size_t j = 0; j < out.columns; ++j) out(i, j) = products.value(kernel, i, j);
  });
  return out;
}

class SVC final : public Described<Estimator, SVCOptions> {
 public:
  using Described::Described;
  bool is(Role role) const override { return role == Role::classifier; }

  void fit_rows(const Training& training) override {
    check_classes(name(), training);
    const Trainer trainer(training);
    kernel_ = kernel_of(option(), training.x);
    keep_support(trainer.x(), std::move(trainer.fit(kernel_, {option()}).front()));
    n_classes_ = training.n_classes;
  }

  bool fitted() const override { return support_.columns > 0; }

  Predictions answer_rows(const Matrix& x) const override {
    Predictions answers = answers_for(x.rows, n_classes_, option());
    check_columns(name(), x, support_.columns);
    for_row_blocks(x, support_, [&](size_t begin, const Products& products) {
      answer_by(machine_, apply_kernel(kernel_, products), begin, answers);
    });
    return answers;
  }

  /// Settings with one kernel share its matrix, and all share the products of rows.
  std::vector<Trial> try_settings(const std::vector<Map>& settings, const Training& training, const Matrix& test,
                                  const std::function<void()>& done) const override {
    std::vector<Trial> trials(settings.size());
    std::map<Kernel, std::vector<size_t>> by_kernel;
    std::vector<SVCOptions> read(settings.size());
    check_classes(name(), training);
    for (size_t s = 0; s < settings.size(); ++s) {
      try {
        read[s] = option_with(settings[s]);
        check_class_weight(name(), read[s].class_weight, training);
        by_kernel[kernel_of(read[s], training.x)].push_back(s);
      } catch (const ArgumentError& problem) {
        trials[s].reason = problem.what();
        done();
      }
    }
    const Trainer trainer(training);
    std::map<Kernel, std::vector<Machine>> machines;
    for (const auto& [kernel, members] : by_kernel) {
      std::vector<SVCOptions> these;
      for (const size_t s : members) these.push_back(read[s]);
      machines[kernel] = trainer.fit(kernel, these);
      for (const size_t s : members) {
        trials[s].answers = answers_for(test.rows, training.n_classes, read[s]);
        done();
      }
    }
    // some rows at a time: products with all training rows stand once, and serve every kernel
    for_row_blocks(test, trainer.x(), [&](size_t begin, const Products& products) {
      for (const auto& [kernel, members] : by_kernel) {
        const Matrix kernel_rows = apply_kernel(kernel, products);
        for (size_t m = 0; m < members.size(); ++m) {
          answer_by(machines[kernel][m], kernel_rows, begin, trials[members[m]].answers);
        }
      }
    });
    return trials;
  }

  /// libsvm's names and layout; "n_support" counts the support vectors of each class, "classes" says which they are.
  State state() const override {
    std::vector<double> n_support, labels(machine_.classes.labels.begin(), machine_.classes.labels.end());
    for (int c = 0; c < machine_.classes.count(); ++c) n_support.push_back(machine_.classes.size(c));
    State state = {{"support_vectors", to_array(support_)},
                   {"dual_coef", to_array(machine_.dual)},
                   {"intercept", machine_.intercept},
                   {"n_support", n_support},
                   {"classes", labels},
                   {"n_classes", {static_cast<double>(n_classes_)}},
                   {"gamma", {kernel_.gamma}}};
    if (!option().probability) return state;
    std::vector<double> a, b;
    for (const Sigmoid& sigmoid : machine_.sigmoids) {
      a.push_back(sigmoid.a);
      b.push_back(sigmoid.b);
    }
    state["probA"] = a;
    state["probB"] = b;
    return state;
  }

  void load_state(const State& state) override {
    const auto numbers = [&](const char* array) { return state_numbers(name(), state, array); };
    support_ = state_matrix(name(), state, "support_vectors");
    machine_.dual = state_matrix(name(), state, "dual_coef");
    machine_.intercept = numbers("intercept");
    const auto n_classes = numbers("n_classes"), labels = numbers("classes"), n_support = numbers("n_support");
    if (n_classes.size() != 1 || n_support.size() != labels.size()) refuse_state(name());
    n_classes_ = state_whole(name(), n_classes[0], 0, 1e6);
    machine_.classes.begin = {0};
    for (size_t c = 0; c < labels.size(); ++c) {
      machine_.classes.labels.push_back(state_whole(name(), labels[c], 0, n_classes_ - 1));
      machine_.classes.begin.push_back(machine_.classes.begin.back() +
                                       state_whole(name(), n_support[c], 0, static_cast<double>(support_.rows)));
    }
    const size_t count = labels.size();
    const bool fits = count >= 2 && std::is_sorted(labels.begin(), labels.end()) &&
                      static_cast<size_t>(machine_.classes.rows()) == support_.rows &&
                      machine_.dual.rows == count - 1 && machine_.dual.columns == support_.rows &&
                      machine_.intercept.size() == count * (count - 1) / 2;
    if (!fits) refuse_state(name());
    if (option().probability) {
      const auto a = numbers("probA"), b = numbers("probB");
      if (a.size() != machine_.intercept.size() || b.size() != a.size()) refuse_state(name());
      for (size_t pair = 0; pair < a.size(); ++pair) machine_.sigmoids.push_back({a[pair], b[pair]});
    }
    kernel_ = kernel_of(option(), support_);
    if (kernel_.shape == Shape::linear) return;
    const auto gamma = numbers("gamma");
    if (gamma.size() != 1) refuse_state(name());
    kernel_.gamma = gamma[0];
  }

 private:
  static Predictions answers_for(size_t rows, int n_classes, const SVCOptions& options) {
    const ScoreKind kind = options.probability ? ScoreKind::probabilities : ScoreKind::decisions;
    return {std::vector<int>(rows), Matrix(rows, static_cast<size_t>(n_classes)), kind};
  }

  /// Answers for the rows of a kernel, the first of which is row `begin` of the answers.
  static void answer_by(const Machine& machine, const Matrix& kernel_rows, size_t begin, Predictions& answers) {
    for_decisions(machine, kernel_rows, [&](size_t i, std::span<const double> decisions) {
      answers.predicted[begin + i] = vote(machine.classes, decisions);
      if (machine.sigmoids.empty()) {
        rank(machine.classes, decisions, answers.scores.row(begin + i));
      } else {
        estimate(machine, decisions, answers.scores.row(begin + i));
      }
    });
  }

  /// Drops the rows that no pair leans on.
  void keep_support(const Matrix& x, Machine all) {
    std::vector<int> kept;
    machine_ = {};
    machine_.classes.labels = all.classes.labels;
    machine_.classes.begin = {0};
    machine_.intercept = std::move(all.intercept);
    machine_.sigmoids = std::move(all.sigmoids);
    for (int c = 0; c < all.classes.count(); ++c) {
      for (int i = all.classes.first(c); i < all.classes.first(c + 1); ++i) {
        bool supports = false;
        for (size_t line = 0; line < all.dual.rows; ++line) supports |= all.dual(line, static_cast<size_t>(i)) != 0;
        if (supports) kept.push_back(i);
      }
      machine_.classes.begin.push_back(static_cast<int>(kept.size()));
    }
    support_ = x.take(kept);
    machine_.dual = Matrix(all.dual.rows, kept.size());
    for (size_t line = 0; line < all.dual.rows; ++line) {
      for (size_t i = 0; i < kept.size(); ++i) machine_.dual(line, i) = all.dual(line, static_cast<size_t>(kept[i]));
    }
  }

  Kernel kernel_;
  Matrix support_;
  Machine machine_;
};

LUMIR_ESTIMATOR(SVC,
                {
                    .summary = "Support vector machine: the widest gap between each two classes, curved by a kernel.",
                    .returns = "a classifier; scores are scikit-learn's decision_function of form ovr, or "
                               "probabilities where 'probability' is true",
                    .example = "learn.SVC { C = 10, gamma = 'scale' }",
                    .source = "Chang and Lin, LIBSVM (2011); agrees with scikit-learn's SVC",
                });

}  // namespace
}  // namespace lumir::learn
