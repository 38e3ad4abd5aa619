// Estimators inside an estimator.

#include "learn/members.h"

#include <algorithm>

#include "core/random.h"

namespace lumir::learn {
namespace {

std::string prefix_of(size_t member) { return "estimators." + std::to_string(member) + "."; }

}  // namespace

EstimatorPtr classifier_from(const std::string& who, const Value& description, const char* fallback,
                             const Map& fallback_options) {
  const EstimatorPtr made =
      description.is_nil() ? model::make_estimator(fallback, fallback_options) : model::make_estimator(description);
  if (!made->is(Role::classifier)) {
    throw ArgumentError(who + ": needs a classifier, got " + model::show_estimator(*made));
  }
  return made;
}

std::vector<EstimatorPtr> classifiers_from(const std::string& who, const Value& list) {
  std::vector<EstimatorPtr> made;
  if (list.list()) {
    for (const Value& description : *list.list()) made.push_back(classifier_from(who, description, ""));
  }
  if (made.empty()) throw ArgumentError(who + ": needs at least one classifier");
  return made;
}

EstimatorPtr fresh_with_seed(const Estimator& estimator, uint64_t seed) {
  Map options = estimator.options();
  const auto found = options.find("seed");
  if (found != options.end()) found->second = static_cast<double>(mixed(seed) >> 33);
  return model::make_estimator(estimator.entry().full_name(), options);
}

std::vector<Child> child_of_option(const Value& description, const EstimatorPtr& estimator) {
  if (description.is_nil()) return {};
  return {{"estimator", estimator, "estimator"}};
}

void add_members(State& state, const std::vector<EstimatorPtr>& members) {
  for (size_t m = 0; m < members.size(); ++m) add_part(state, prefix_of(m), members[m]->state());
}

void load_members(const State& state, const std::vector<EstimatorPtr>& members) {
  for (size_t m = 0; m < members.size(); ++m) members[m]->load(part_of(state, prefix_of(m)));
}

bool all_take_missing(const std::vector<EstimatorPtr>& members) {
  return std::all_of(members.begin(), members.end(), [](const auto& member) { return member->takes_missing(); });
}

Matrix as_columns(const Predictions& answers) {
  if (answers.scores.columns != 2) return answers.scores;
  Matrix second(answers.scores.rows, 1);
  for (size_t i = 0; i < second.rows; ++i) second(i, 0) = answers.scores(i, 1);
  return second;
}

}  // namespace lumir::learn
