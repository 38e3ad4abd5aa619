// An estimator as Lua holds it: what other files of this folder take and give.

#pragma once

#include <memory>

#include "bind/bind.h"
#include "data/table.h"
#include "evaluate/model_file.h"
#include "learn/estimator.h"

namespace lumir::lua {

/// An estimator and, once fitted on a table, where its rows came from. `model` without a classifier for transformers.
struct Learner {
  learn::EstimatorPtr estimator;
  evaluate::Model model;
  double fit_seconds = 0;
};
using LearnerPtr = std::shared_ptr<Learner>;

/// Argument i as a described table: a Table, a Dataset, which is described now, or one written by hand.
data::Table described_at(Call& call, int i, const char* name);
/// The learner as a fitted classifier that takes the table's columns; ArgumentError otherwise.
const learn::Classifier& fitted_classifier(const Learner& learner, const data::Table& table, const std::string& who);
/// What a model file holds of it: of a search, the best model.
evaluate::Model model_of(const Learner& learner, const std::string& who);

}  // namespace lumir::lua
