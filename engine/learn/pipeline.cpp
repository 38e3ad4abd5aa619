// Steps that are fitted one after the other, each on what the one before it makes.

#include "learn/pipeline.h"

namespace lumir::learn {
namespace {

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
    const EstimatorPtr made = make_estimator(step);
    if (const auto* inner = dynamic_cast<const Pipeline*>(made.get())) {
      for (const auto& nested : inner->steps()) flat.push_back(nested->description());
    } else {
      flat.push_back(made->description());
    }
  }
  Map out = options;
  out["steps"] = std::move(flat);
  return out;
}

std::string prefix_of(size_t step) { return "steps." + std::to_string(step) + "."; }

}  // namespace

Schema PipelineOptions::schema() {
  return {Option{"steps", &PipelineOptions::steps, "transformers, then a classifier", Kind{"steps"}, kListed}};
}

Pipeline::Pipeline(const Entry& entry, const Map& options) : Described(entry, flattened(options)) {
  const List* steps = option().steps.list();
  if (!steps || steps->empty()) throw ArgumentError("Pipeline: needs at least one step");
  for (size_t i = 0; i < steps->size(); ++i) {
    const EstimatorPtr step = make_estimator((*steps)[i]);
    const bool last = i + 1 == steps->size();
    if (last && !dynamic_cast<Classifier*>(step.get())) {
      throw ArgumentError("Pipeline: the last step must be a classifier, got " + show_estimator(*step));
    }
    if (!last && !dynamic_cast<Transformer*>(step.get())) {
      throw ArgumentError("Pipeline: step " + std::to_string(i + 1) + " must be a transformer, got " +
                          show_estimator(*step));
    }
    steps_.push_back(step);
  }
}

const Classifier& Pipeline::last() const { return static_cast<const Classifier&>(*steps_.back()); }

void Pipeline::fit(const Training& training) {
  const Matrix* x = &training.x;
  Matrix changed;
  for (size_t i = 0; i + 1 < steps_.size(); ++i) {
    changed = static_cast<Transformer&>(*steps_[i]).fit_transform(training.with(*x));
    x = &changed;
  }
  steps_.back()->fit(training.with(*x));
  n_classes_ = training.n_classes;
}

bool Pipeline::fitted() const { return steps_.back()->fitted(); }

State Pipeline::state() const {
  State all;
  for (size_t i = 0; i < steps_.size(); ++i) {
    for (auto& [name, array] : steps_[i]->state()) all[prefix_of(i) + name] = array;
  }
  return all;
}

void Pipeline::load(const State& state) {
  for (size_t i = 0; i < steps_.size(); ++i) {
    const std::string prefix = prefix_of(i);
    State own;
    for (const auto& [name, array] : state) {
      if (name.starts_with(prefix)) own[name.substr(prefix.size())] = array;
    }
    steps_[i]->load(own);
  }
  n_classes_ = last().n_classes();
}

Matrix Pipeline::transform(const Matrix& x) const {
  Matrix changed = x;
  for (size_t i = 0; i + 1 < steps_.size(); ++i) {
    changed = static_cast<const Transformer&>(*steps_[i]).transform(changed);
  }
  return changed;
}

std::vector<std::string> Pipeline::columns_out(std::vector<std::string> columns) const {
  for (size_t i = 0; i + 1 < steps_.size(); ++i) {
    columns = static_cast<const Transformer&>(*steps_[i]).columns_out(columns);
  }
  return columns;
}

Matrix Pipeline::scores(const Matrix& x) const { return last().scores(transform(x)); }
std::vector<int> Pipeline::predict(const Matrix& x) const { return last().predict(transform(x)); }

namespace {
LUMIR_ESTIMATOR(
    Pipeline,
    {
        .summary = "Transformers and a last classifier, fitted and asked as one.",
        .returns = "a classifier",
        .example = "learn.Pipeline { learn.RobustScaler(), learn.SelectKBest { k = 100 }, learn.SVC { C = 10 } }",
        .source = "scikit-learn's Pipeline",
    });
}  // namespace

}  // namespace lumir::learn
