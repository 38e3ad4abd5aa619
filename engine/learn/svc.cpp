// SVC: support vector machines, one for each pair of classes, as libsvm and scikit-learn have them.
//
// Products of rows are formed once and serve every kernel of a grid; the kernel of a pair serves every cost.

#include <algorithm>
#include <map>

#include "learn/pairwise.h"
#include "learn/shares_work.h"
#include "learn/svc_kernel.h"
#include "learn/svc_trainer.h"

namespace lumir::learn {
namespace {

class SVC final : public Described<Estimator, SVCOptions>, public SharesWork {
 public:
  using Described::Described;
  bool is(Role role) const override { return role == Role::classifier; }

  void fit_rows(const Training& training) override {
    check_classes(name(), training);
    const SvcTrainer trainer(training, option().cache_size);
    kernel_ = kernel_of(option(), training.x);
    keep_support(trainer.x(), std::move(trainer.fit(kernel_, {option()}).front()));
    n_classes_ = training.n_classes;
  }

  bool fitted() const override { return support_.columns > 0; }

  Predictions answer_rows(const Matrix& x) const override {
    Predictions answers = answers_for(x.rows, n_classes_, option());
    check_columns(name(), x, support_.columns);
    for_row_blocks(x, support_, [&](size_t begin, const RowProducts& products) {
      answer_by(machine_, apply_kernel(kernel_, products), begin, answers);
    });
    return answers;
  }

  /// Settings with one kernel share its matrix, and all share the products of rows.
  std::vector<Trial> try_settings(const std::vector<Map>& settings, const Training& training, const Matrix& test,
                                  const std::function<void()>& done) const override {
    std::vector<Trial> trials(settings.size());
    std::map<SvcKernel, std::vector<size_t>> by_kernel;
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
    const SvcTrainer trainer(training, option().cache_size, by_kernel.size());
    std::map<SvcKernel, std::vector<PairwiseMachine>> machines;
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
    for_row_blocks(test, trainer.x(), [&](size_t begin, const RowProducts& products) {
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
  static void answer_by(const PairwiseMachine& machine, const Matrix& kernel_rows, size_t begin, Predictions& answers) {
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
  void keep_support(const Matrix& x, PairwiseMachine all) {
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

  SvcKernel kernel_;
  Matrix support_;
  PairwiseMachine machine_;
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
