// SVC: support vector machines, one for each pair of classes, as libsvm and scikit-learn have them.
//
// Distances of rows are formed once and serve every kernel of a grid; the kernel of a pair serves every cost.

#include <algorithm>
#include <map>

#include "learn/pairwise.h"
#include "learn/shares_work.h"
#include "learn/svc_decisions.h"
#include "learn/svc_trainer.h"

namespace lumir::learn {
namespace {

class SVC final : public Described<Estimator, SVCOptions>, public SharesWork {
 public:
  using Described::Described;
  bool is(Role role) const override { return role == Role::classifier; }

  void fit_rows(const Training& training) override {
    check_classes(name(), training);
    SvcKernel kernel = kernel_of(option(), training.x);
    std::vector<int> order;
    PairwiseMachine machine;
    {
      const SvcTrainer trainer(training, option().cache_size);
      machine = std::move(trainer.fit(kernel, {option()}).front());
      order = trainer.order();
    }  // its copy of the rows goes before that of the vectors comes
    keep_support(training.x, order, std::move(machine));
    kernel_.kernel = kernel;
    n_classes_ = training.n_classes;
  }

  bool fitted() const override { return support_.columns > 0; }

  Predictions answer_rows(const Matrix& x) const override {
    Predictions answers = answers_for(x.rows, n_classes_, option());
    check_columns(name(), x, support_.columns);
    for_decisions(x, support_, squares_, {&kernel_, 1},
                  [&](size_t, size_t, size_t row, auto decisions) { answer_by(machine(), decisions, row, answers); });
    return answers;
  }

  /// Settings with one kernel share its matrix, and all share the distances of rows.
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
    if (by_kernel.empty()) return trials;
    const SvcTrainer trainer(training, option().cache_size, by_kernel.size());
    std::vector<KernelMachines> kernels;
    std::vector<std::vector<size_t>> settings_of;
    for (const auto& [kernel, members] : by_kernel) {
      std::vector<SVCOptions> these;
      for (const size_t s : members) these.push_back(read[s]);
      try {
        kernels.push_back({kernel, trainer.fit(kernel, these)});
        settings_of.push_back(members);
      } catch (const ArgumentError& problem) {
        for (const size_t s : members) trials[s].reason = problem.what();
      }
      for (const size_t s : members) {
        if (trials[s].reason.empty()) trials[s].answers = answers_for(test.rows, training.n_classes, read[s]);
        done();
      }
    }
    for_decisions(test, trainer.x(), trainer.squares(), kernels, [&](size_t k, size_t m, size_t row, auto decisions) {
      answer_by(kernels[k].machines[m], decisions, row, trials[settings_of[k][m]].answers);
    });
    return trials;
  }

  /// libsvm's names and layout; "n_support" counts the support vectors of each class, "classes" says which they are.
  State state() const override {
    std::vector<double> n_support, labels(machine().classes.labels.begin(), machine().classes.labels.end());
    for (int c = 0; c < machine().classes.count(); ++c) n_support.push_back(machine().classes.size(c));
    State state = {{"support_vectors", to_array(support_)},
                   {"dual_coef", to_array(machine().dual)},
                   {"intercept", machine().intercept},
                   {"n_support", n_support},
                   {"classes", labels},
                   {"n_classes", {static_cast<double>(n_classes_)}},
                   {"gamma", {kernel_.kernel.gamma}}};
    if (!option().probability) return state;
    std::vector<double> a, b;
    for (const Sigmoid& sigmoid : machine().sigmoids) {
      a.push_back(sigmoid.a);
      b.push_back(sigmoid.b);
    }
    state["probA"] = a;
    state["probB"] = b;
    return state;
  }

  void load_state(const State& state) override {
    const auto numbers = [&](const char* array) { return state_numbers(name(), state, array); };
    lean_on(state_matrix(name(), state, "support_vectors"));
    machine().dual = state_matrix(name(), state, "dual_coef");
    machine().intercept = numbers("intercept");
    const auto n_classes = numbers("n_classes"), labels = numbers("classes"), n_support = numbers("n_support");
    if (n_classes.size() != 1 || n_support.size() != labels.size()) refuse_state(name());
    n_classes_ = state_whole(name(), n_classes[0], 0, 1e6);
    machine().classes.begin = {0};
    for (size_t c = 0; c < labels.size(); ++c) {
      machine().classes.labels.push_back(state_whole(name(), labels[c], 0, n_classes_ - 1));
      machine().classes.begin.push_back(machine().classes.begin.back() +
                                        state_whole(name(), n_support[c], 0, static_cast<double>(support_.rows)));
    }
    const size_t count = labels.size();
    const bool fits = count >= 2 && std::is_sorted(labels.begin(), labels.end()) &&
                      static_cast<size_t>(machine().classes.rows()) == support_.rows &&
                      machine().dual.rows == count - 1 && machine().dual.columns == support_.rows &&
                      machine().intercept.size() == count * (count - 1) / 2;
    if (!fits) refuse_state(name());
    if (option().probability) {
      const auto a = numbers("probA"), b = numbers("probB");
      if (a.size() != machine().intercept.size() || b.size() != a.size()) refuse_state(name());
      for (size_t pair = 0; pair < a.size(); ++pair) machine().sigmoids.push_back({a[pair], b[pair]});
    }
    kernel_.kernel = kernel_of(option(), support_);
    if (kernel_.kernel.shape == Shape::linear) return;
    const auto gamma = numbers("gamma");
    if (gamma.size() != 1) refuse_state(name());
    kernel_.kernel.gamma = gamma[0];
  }

 private:
  static Predictions answers_for(size_t rows, int n_classes, const SVCOptions& options) {
    const ScoreKind kind = options.probability ? ScoreKind::probabilities : ScoreKind::decisions;
    return {std::vector<int>(rows), Matrix(rows, static_cast<size_t>(n_classes)), kind};
  }

  static void answer_by(const PairwiseMachine& machine, std::span<const double> decisions, size_t row,
                        Predictions& answers) {
    answers.predicted[row] = vote(machine.classes, decisions);
    if (machine.sigmoids.empty()) {
      rank(machine.classes, decisions, answers.scores.row(row));
    } else {
      estimate(machine, decisions, answers.scores.row(row));
    }
  }

  /// Drops the rows that no pair leans on.
  void keep_support(const Matrix& x, const std::vector<int>& order, PairwiseMachine all) {
    std::vector<int> kept;
    PairwiseMachine own;
    own.classes.labels = all.classes.labels;
    own.classes.begin = {0};
    own.intercept = std::move(all.intercept);
    own.sigmoids = std::move(all.sigmoids);
    for (int c = 0; c < all.classes.count(); ++c) {
      for (int i = all.classes.first(c); i < all.classes.first(c + 1); ++i) {
        bool supports = false;
        for (size_t line = 0; line < all.dual.rows; ++line) supports |= all.dual(line, static_cast<size_t>(i)) != 0;
        if (supports) kept.push_back(i);
      }
      own.classes.begin.push_back(static_cast<int>(kept.size()));
    }
    own.dual = Matrix(all.dual.rows, kept.size());
    for (size_t line = 0; line < all.dual.rows; ++line) {
      for (size_t i = 0; i < kept.size(); ++i) own.dual(line, i) = all.dual(line, static_cast<size_t>(kept[i]));
    }
    machine() = std::move(own);
    lean_on(x.take(taken(order, kept)));
  }

  void lean_on(Matrix support) {
    support_ = std::move(support);
    squares_ = squared_lengths(support_);
  }

  PairwiseMachine& machine() { return kernel_.machines.front(); }
  const PairwiseMachine& machine() const { return kernel_.machines.front(); }

  KernelMachines kernel_{{}, std::vector<PairwiseMachine>(1)};
  Matrix support_;
  std::vector<double> squares_;  // of its rows
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
