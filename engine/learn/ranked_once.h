// One ranking of rows for all trees that are grown on them by whoever fits many learners on the same rows.

#pragma once

#include <memory>

#include "learn/tree.h"

namespace lumir::learn {

/// While it lives, trees grown on this very matrix share one ranking, which the first of them makes. The matrix is not
/// written meanwhile.
class RankedOnce {
 public:
  explicit RankedOnce(const Matrix& x);
  ~RankedOnce();
  RankedOnce(const RankedOnce&) = delete;
  RankedOnce& operator=(const RankedOnce&) = delete;

 private:
  const Matrix& x_;
};

/// The shared ranking of the matrix; one of its own where nobody shares it.
std::shared_ptr<const RankedColumns> ranked(const Matrix& x);

}  // namespace lumir::learn
