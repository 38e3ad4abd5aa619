// k-means for those that begin with it.

#pragma once

#include <cstdint>
#include <vector>

#include "core/matrix.h"

namespace lumir::learn {

struct Clusters {
  Matrix centers;           // [clusters, columns]
  std::vector<int> labels;  // of each row, from 0
  double inertia = 0;       // sum of squared distances from the own centre
  int iterations = 0;
};

struct ClusterLimits {
  int max_iter = 300;
  double tol = 1e-4;  // of the mean variance of the columns: how little centres move at the end
};

/// Lloyd's algorithm from centres drawn far from each other (Arthur and Vassilvitskii, k-means++, 2007). There are at
/// least as many rows as clusters.
Clusters find_clusters(const Matrix& x, size_t clusters, const ClusterLimits& limits, uint64_t seed);

}  // namespace lumir::learn
