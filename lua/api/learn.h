// An estimator as Lua holds it: what other files of this folder take and give.

#pragma once

#include <memory>

#include "bind/bind.h"
#include "evaluate/model_file.h"
#include "learn/estimator.h"

namespace lumir::lua {

/// An estimator and, once fitted on a table, where its rows came from. `model` without a classifier for transformers.
struct Learner {
  learn::EstimatorPtr estimator;
  evaluate::Model model;
};
using LearnerPtr = std::shared_ptr<Learner>;

}  // namespace lumir::lua
