// Columns of several transformers, side by side.

#pragma once

#include <string>
#include <vector>

#include "learn/members.h"

namespace lumir::learn {

/// Those of a list; at least one. Throws ArgumentError, begun by `who`, for what is no transformer.
std::vector<EstimatorPtr> transformers_from(const std::string& who, const Value& list);
/// Puts the columns of `more` behind those of `to`, which may have no rows yet.
void append_columns(Matrix& to, const Matrix& more);
/// Some columns (0-based), in that order.
Matrix columns_of(const Matrix& x, const std::vector<int>& which);

}  // namespace lumir::learn
