// A fitted transformer as a step: songs:map(scaler). What it has learnt stands in the step's options, so it travels in
// cache keys and model files as every step does.

#pragma once

#include "core/step.h"
#include "model/model.h"

namespace lumir::model {

/// Changes descriptions, and tensors of [..., columns] row by row: frames of [time, features] are rows. Throws
/// ArgumentError where the estimator is no transformer or is not fitted.
StepPtr transform_step(const Model& model);
/// The transformer of such a step; null for any other.
EstimatorPtr transformer_of(const Step& step);

}  // namespace lumir::model
