// Learners that are fitted on the same rows again and again, with other weights, faster than each time anew.

#pragma once

#include <memory>

#include "learn/estimator.h"

namespace lumir::learn {

/// A mark beside the class of the learner, which weighs rows: whoever fits many of them on the same rows, as boosting
/// and bagging do, has the rows prepared once, and puts what that gave into Training::prepared.
class PreparesRows {
 public:
  /// What all fits of this learner on these rows may share, whatever these weigh. The rows must outlive it unchanged.
  virtual std::unique_ptr<const model::Prepared> prepare(const Matrix& x) const = 0;

 protected:
  PreparesRows() = default;
  virtual ~PreparesRows() = default;
  PreparesRows(const PreparesRows&) = default;
  PreparesRows(PreparesRows&&) = default;
  PreparesRows& operator=(const PreparesRows&) = default;
  PreparesRows& operator=(PreparesRows&&) = default;
};

/// What the learner makes of the rows; null for one that prepares nothing.
inline std::unique_ptr<const model::Prepared> prepared_rows(const Estimator& learner, const Matrix& x) {
  const auto* prepares = dynamic_cast<const PreparesRows*>(&learner);
  return prepares ? prepares->prepare(x) : nullptr;
}

}  // namespace lumir::learn
