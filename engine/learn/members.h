// Estimators inside an estimator that votes, stacks, boosts or calibrates: how they are made, seeded and kept.

#pragma once

#include <string>
#include <vector>

#include "learn/estimator.h"

namespace lumir::learn {

/// The classifier that an option describes; where it describes none, `fallback` of those options. Throws
/// ArgumentError, begun by `who`, for what is no classifier.
EstimatorPtr classifier_from(const std::string& who, const Value& description, const char* fallback,
                             const Map& fallback_options = {});
/// Those of a list; at least one.
std::vector<EstimatorPtr> classifiers_from(const std::string& who, const Value& list);
/// An equal one that is not fitted; where it has an option `seed`, with that one.
EstimatorPtr fresh_with_seed(const Estimator& estimator, uint64_t seed);
inline EstimatorPtr fresh(const Estimator& estimator) { return model::make_estimator(estimator.description()); }

/// The child that an option describes; none where it describes none.
std::vector<Child> child_of_option(const Value& description, const EstimatorPtr& estimator);

/// Their states under "estimators.0.", "estimators.1." ...
void add_members(State& state, const std::vector<EstimatorPtr>& members);
/// Loads them again.
void load_members(const State& state, const std::vector<EstimatorPtr>& members);
/// True where all of them take rows with missing numbers.
bool all_take_missing(const std::vector<EstimatorPtr>& members);

/// What a classifier's answers are to one that learns from them: probabilities or shares of votes of all classes, or
/// decisions; of two classes those of the second alone.
Matrix as_columns(const Predictions& answers);

}  // namespace lumir::learn
