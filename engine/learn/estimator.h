// What a learner's file includes. A learner is one file: options, how it is fitted, what it answers, its state, a
// registration; nothing else to edit.
//
//   struct StandardScalerOptions { bool with_mean = true; static Schema schema() {...} };
//
//   class StandardScaler final : public Described<Transformer, StandardScalerOptions> {
//     using Described::Described;
//     void fit_rows(const Training& training) override { ... option().with_mean ... }
//     Matrix transform_rows(const Matrix& x) const override { ... }
//     ...
//   };
//   LUMIR_ESTIMATOR(StandardScaler, {.summary = "...", .returns = "...", .example = "...", .source = "..."});
//
// The room model/estimator.h says what all of them are; one test (test_every_estimator) tries each that is registered.

#pragma once

#include "model/checks.h"
#include "model/estimator.h"

namespace lumir::learn {

using model::check_classes;
using model::check_columns;
using model::check_count_or_share;
using model::check_finite;
using model::check_numbers;
using model::check_rows;
using model::Child;
using model::Described;
using model::Estimator;
using model::EstimatorPtr;
using model::Predictions;
using model::refuse_state;
using model::Role;
using model::state_array;
using model::state_matrix;
using model::state_numbers;
using model::state_whole;
using model::to_array;
using model::Training;
using model::TrainingRows;
using model::Trial;

/// Changes columns: scalers, selection, projection.
class Transformer : public Estimator {
 public:
  bool is(Role role) const override { return role == Role::transformer; }

 protected:
  using Estimator::Estimator;
};

/// Ranks classes.
class Classifier : public Estimator {
 public:
  bool is(Role role) const override { return role == Role::classifier; }

 protected:
  using Estimator::Estimator;
  /// [rows, n_classes], higher is likelier.
  virtual Matrix score_rows(const Matrix&) const { return {}; }
  virtual ScoreKind score_kind() const { return ScoreKind::probabilities; }
  /// The class of the highest score, unless overridden.
  Predictions answer_rows(const Matrix& x) const override;
};

/// Foretells numbers.
class Regressor : public Estimator {
 public:
  bool is(Role role) const override { return role == Role::regressor; }

 protected:
  using Estimator::Estimator;
  /// [rows, numbers of each].
  virtual Matrix number_rows(const Matrix& x) const = 0;
  Predictions answer_rows(const Matrix& x) const override { return {{}, number_rows(x), ScoreKind::decisions}; }
};

/// Registers a class under its own name: see the top of this file.
#define LUMIR_ESTIMATOR(Class, ...) \
  const ::lumir::model::RegisterEstimator<Class> Class##_registered { "learn", #Class, __VA_ARGS__ }

}  // namespace lumir::learn
