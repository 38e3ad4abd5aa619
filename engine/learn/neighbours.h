// Nearest rows: what k-NN votes with and t-SNE draws by.

#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/matrix.h"
#include "core/schema.h"

namespace lumir::learn {

/// The k nearest rows for each query, nearest first; equal distances in the order of the rows.
struct Neighbours {
  size_t k = 0;
  std::vector<int> rows;          // [queries, k]
  std::vector<double> distances;  // [queries, k], not squared

  std::span<const int> rows_of(size_t query) const { return {rows.data() + query * k, k}; }
  std::span<const double> distances_of(size_t query) const { return {distances.data() + query * k, k}; }
};

/// How far rows are from each other.
struct Distance {
  std::string metric = "minkowski";  // "euclidean", "manhattan", "cosine", "correlation"
  double p = 2;                      // of minkowski: 1 is manhattan, 2 euclidean
};

/// What learners by nearest rows have in common.
struct NeighbourOptions {
  int n_neighbors = 5;
  std::string weights = "uniform";
  std::string metric = "minkowski";
  double p = 2;
  Distance distance() const { return {metric, p}; }
};
/// `rows` says what the nearest rows do, `counted` what each of them gives.
template <class S>
Schema neighbour_schema(const std::string& rows, const std::string& counted) {
  return {Option{"n_neighbors", &S::n_neighbors, rows, Range{1}},
          Option{"weights", &S::weights, "'distance' counts each " + counted + " by 1 / distance",
                 Choices{"uniform", "distance"}},
          Option{"metric", &S::metric, "how far rows are from each other",
                 Choices{"minkowski", "euclidean", "manhattan", "cosine", "correlation"}},
          Option{"p", &S::p, "of 'minkowski': 1 is manhattan, 2 euclidean", Range{1, 1000}}};
}
/// Throws ArgumentError where there are fewer rows than neighbours.
void check_enough(const std::string& who, const NeighbourOptions& options, size_t rows);

/// k is at most the number of rows. Throws ArgumentError, begun by `who`, for rows whose distances are infinite.
Neighbours find_neighbours(const std::string& who, const Matrix& queries, const Matrix& rows, size_t k,
                           const Distance& distance = {});

/// How much the first k neighbours of a query count: alike, or by 1 / distance; then rows equal to the query count alone.
std::vector<double> vote_weights(const Neighbours& found, size_t query, size_t k, bool by_distance);

/// Of each row among all others; k is below the number of rows. Throws as find_neighbours does.
Neighbours find_neighbours_within(const std::string& who, const Matrix& rows, size_t k);

}  // namespace lumir::learn
