// How well groups of rows stand apart.

#pragma once

#include <string>
#include <vector>

#include "core/matrix.h"

namespace lumir::learn {

/// The mean over rows of (b - a) / max(a, b): a is the mean distance from the others of the own group, b that from the
/// nearest other group; 0 for a row that is alone in its group (Rousseeuw, Silhouettes, 1987). Labels count from 0.
/// Throws ArgumentError, begun by `who`, where there are fewer than two groups or as many as rows.
double silhouette_score(const std::string& who, const Matrix& x, const std::vector<int>& labels);

}  // namespace lumir::learn
