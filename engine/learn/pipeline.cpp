// Pipeline: estimators that are fitted one after the other, each on what the one before it makes.
//
// It is what its last step is: a classifier where that classifies, a transformer where that transforms. State names
// are those of its steps: "steps.1.center". Pipelines inside it are laid flat.

#include <optional>

#include "learn/estimator.h"

namespace lumir::learn {
namespace {

struct PipelineOptions {
  Value steps;
  static Schema schema() {
    return {Option{"steps", &PipelineOptions::steps, "transformers, then a classifier or one more transformer",
                   Kind{"steps"}, kListed}};
  }
};

/// The options with every step described in full and pipelines inside laid flat.
Map flattened(const Map& options) {
  const auto found = options.find("steps");
  if (found == options.end() || !found->second.list()) return options;
  List flat;
  for (const auto& step : *found->second.list()) {
    if (!step["name"].text()) {
      throw ArgumentError("Pipeline: step " + std::to_string(flat.size() + 1) + " must be an estimator, got " +
                          show(step));
    }
    const EstimatorPtr made = model::make_estimator(step);
    for (const Estimator* stage : made->stages()) flat.push_back(stage->description());
  }
  Map out = options;
  out["steps"] = std::move(flat);
  return out;
}

std::string prefix_of(size_t step) { return "steps." + std::to_string(step) + "."; }

class Pipeline final : public Described<Estimator, PipelineOptions> {
 public:
  Pipeline(const Entry& entry, const Map& options) : Described(entry, flattened(options)) {
    const List* steps = option().steps.list();
    if (!steps || steps->empty()) throw ArgumentError("Pipeline: needs at least one step");
    for (size_t i = 0; i < steps->size(); ++i) {
      const EstimatorPtr step = model::make_estimator((*steps)[i]);
      const bool last = i + 1 == steps->size();
      const bool answers = step->is(Role::classifier) || step->is(Role::regressor);
      if (!step->is(Role::transformer) && !(last && answers)) {
        throw ArgumentError("Pipeline: step " + std::to_string(i + 1) + " must be a transformer, got " +
                            model::show_estimator(*step));
      }
      steps_.push_back(step);
    }
  }

  bool is(Role role) const override { return steps_.back()->is(role); }
  bool takes_missing() const override { return steps_.front()->takes_missing(); }
  bool fitted() const override { return steps_.back()->fitted(); }

  State state() const override {
    State all;
    for (size_t i = 0; i < steps_.size(); ++i) add_part(all, prefix_of(i), steps_[i]->state());
    return all;
  }

  std::vector<Child> children() const override { return model::listed_children(steps_, "steps"); }

  std::vector<const Estimator*> stages() const override {
    std::vector<const Estimator*> stages;
    for (const auto& step : steps_) {
      const auto inner = step->stages();
      stages.insert(stages.end(), inner.begin(), inner.end());
    }
    return stages;
  }

  using Estimator::seen;
  Matrix seen(const Matrix& x) const override {
    Matrix changed;
    return steps_.back()->seen(before_last(x, changed));
  }

  std::vector<std::string> columns_out(const std::vector<std::string>& columns) const override {
    std::vector<std::string> names = columns;
    for (const auto& step : steps_) {
      if (step->is(Role::transformer)) names = step->columns_out(names);
    }
    return names;
  }

 protected:
  void fit_rows(const Training& training) override {
    Before before;
    fit_before_last(training, before);
    steps_.back()->fit(*before.seen);
    n_classes_ = training.n_classes;
  }

  Matrix fit_transform_rows(const Training& training) override {
    Before before;
    fit_before_last(training, before);
    return steps_.back()->fit_transform(*before.seen);
  }

  void load_state(const State& state) override {
    for (size_t i = 0; i < steps_.size(); ++i) steps_[i]->load(part_of(state, prefix_of(i)));
    n_classes_ = steps_.back()->n_classes();
  }

  Predictions answer_rows(const Matrix& x) const override {
    Matrix changed;
    return steps_.back()->answer(before_last(x, changed));
  }

  Matrix transform_rows(const Matrix& x) const override {
    Matrix changed;
    return steps_.back()->transform(before_last(x, changed));
  }

  /// Its steps have looked at theirs.
  void check_fit() const override {}

 private:
  /// What the steps before the last have made, and what the last one sees of it.
  struct Before {
    SharedMatrix x;
    std::vector<std::string> columns;
    std::optional<Training> seen;
  };

  void fit_before_last(const Training& training, Before& before) {
    before.seen.emplace(training);
    for (size_t i = 0; i + 1 < steps_.size(); ++i) {
      before.x = steps_[i]->fit_transform(*before.seen);
      if (training.columns) before.columns = steps_[i]->columns_out(*before.seen->columns);
      before.seen.emplace(training.with(before.x, training.columns ? &before.columns : nullptr));
    }
  }

  /// The rows as the last step sees them: `x` itself, or what stands in `changed` then.
  const Matrix& before_last(const Matrix& x, Matrix& changed) const {
    for (size_t i = 0; i + 1 < steps_.size(); ++i) changed = steps_[i]->transform(i == 0 ? x : changed);
    return steps_.size() == 1 ? x : changed;
  }

  std::vector<EstimatorPtr> steps_;
};

LUMIR_ESTIMATOR(
    Pipeline,
    {
        .summary = "Transformers and a last classifier, regressor or transformer, fitted and asked as one.",
        .returns = "a classifier, or what else the last step is",
        .example = "learn.Pipeline { learn.RobustScaler(), learn.SelectKBest { k = 100 }, learn.SVC { C = 10 } }",
        .source = "scikit-learn's Pipeline",
    });

}  // namespace
}  // namespace lumir::learn
