// All distances of some queries come from one matrix product; the few that are near are then measured
// exactly, so that rounding of the product decides nothing.

#include "learn/neighbours.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "core/error.h"
#include "core/interrupt.h"
#include "core/parallel.h"
#include "learn/vectors.h"
#include "tensor/linear_algebra.h"

namespace lumir::learn {
namespace {

constexpr size_t kQueries = 256;  // answered by one product
constexpr size_t kSpare = 8;      // candidates beyond k that are measured exactly
constexpr int kNobody = -1;

using Found = std::pair<double, int>;  // squared distance, row: compares as neighbours are ordered

double square(std::span<const double> a) {
  double sum = 0;
  for (const double value : a) sum += value * value;
  return sum;
}

double squared_distance(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (size_t j = 0; j < a.size(); ++j) sum += (a[j] - b[j]) * (a[j] - b[j]);
  return sum;
}

class Search {
 public:
  Search(const Matrix& queries, const Matrix& rows, size_t k, bool within)
      : queries_(queries), rows_(rows), within_(within), candidates_(std::min(k + kSpare, rows.rows - within)) {
    std::vector<int> all(rows.rows);
    std::iota(all.begin(), all.end(), 0);
    middle_ = mean_of(rows, all);
    centred_ = centred(rows);
    for (size_t i = 0; i < rows.rows; ++i) squares_.push_back(square(centred_.row(i)));
    largest_ = squares_.empty() ? 0 : *std::max_element(squares_.begin(), squares_.end());
    found_.k = k;
    found_.rows.resize(queries.rows * k);
    found_.distances.resize(queries.rows * k);
  }

  Neighbours run() {
    for (size_t begin = 0; begin < queries_.rows; begin += kQueries) {
      check_interrupt();
      std::vector<int> some(std::min(kQueries, queries_.rows - begin));
      std::iota(some.begin(), some.end(), static_cast<int>(begin));
      const Matrix here = centred(queries_.take(some));
      const Matrix products = tensor::multiply_transposed(here, centred_);
      parallel_for(some.size(), [&](size_t i) { answer(begin + i, square(here.row(i)), products.row(i)); });
    }
    return std::move(found_);
  }

 private:
  /// Less the middle of the rows: an offset that all have would drown their differences in the products.
  Matrix centred(Matrix x) const {
    for (size_t i = 0; i < x.rows; ++i) {
      const auto row = x.row(i);
      for (size_t j = 0; j < row.size(); ++j) row[j] -= middle_[j];
    }
    return x;
  }

  void answer(size_t query, double square_of_query, std::span<const double> products) {
    const int self = within_ ? static_cast<int>(query) : kNobody;
    std::vector<Found> near = nearest(products, self);
    const double farthest = near.empty() ? 0 : near.front().first + square_of_query;
    for (auto& [distance, row] : near) distance = exact(query, row);
    std::sort(near.begin(), near.end());
    // what was passed over is at least this far, but for the rounding of the products
    const double rounding = 4 * std::numeric_limits<double>::epsilon() * static_cast<double>(rows_.columns + 4) *
                            (square_of_query + largest_);
    const bool all = near.size() + within_ >= rows_.rows;
    if (!all && !(near[found_.k - 1].first < farthest - rounding)) near = measured(query, self);
    if (!std::isfinite(near[found_.k - 1].first)) {
      throw ArgumentError("KNeighbors: the distances of row " + std::to_string(query + 1) +
                          " are infinite; the columns' numbers are too large for it");
    }
    for (size_t n = 0; n < found_.k; ++n) {
      found_.distances[query * found_.k + n] = std::sqrt(near[n].first);
      found_.rows[query * found_.k + n] = near[n].second;
    }
  }

  double exact(size_t query, int row) const {
    return squared_distance(queries_.row(query), rows_.row(static_cast<size_t>(row)));
  }

  /// The nearest by the distances of all rows, where products cannot tell them.
  std::vector<Found> measured(size_t query, int self) const {
    std::vector<Found> all;
    for (int row = 0; row < static_cast<int>(rows_.rows); ++row) {
      if (row != self) all.emplace_back(exact(query, row), row);
    }
    std::partial_sort(all.begin(), all.begin() + static_cast<ptrdiff_t>(found_.k), all.end());
    return all;
  }

  /// A heap of the best so far, its worst on top.
  std::vector<Found> nearest(std::span<const double> products, int self) const {
    std::vector<Found> heap;
    heap.reserve(candidates_ + 1);
    double threshold = std::numeric_limits<double>::infinity();
    for (size_t i = 0; i < products.size(); ++i) {
      const double distance = squares_[i] - 2 * products[i];  // less the query's own square, the same for all
      // a distance that is no number counts as the largest, so that there are always as many as were asked for
      if (static_cast<int>(i) == self || (heap.size() == candidates_ && !(distance < threshold))) continue;
      heap.emplace_back(std::isnan(distance) ? std::numeric_limits<double>::infinity() : distance, static_cast<int>(i));
      std::push_heap(heap.begin(), heap.end());
      if (heap.size() > candidates_) {
        std::pop_heap(heap.begin(), heap.end());
        heap.pop_back();
      }
      if (heap.size() == candidates_) threshold = heap.front().first;
    }
    return heap;
  }

  const Matrix& queries_;
  const Matrix& rows_;
  bool within_;
  size_t candidates_;
  std::vector<double> middle_;   // of each column of the rows
  Matrix centred_;               // the rows less that
  std::vector<double> squares_;  // of the centred rows
  double largest_ = 0;           // of these squares
  Neighbours found_;
};

/// Rows of length 1, of which the Euclidean distance orders others as the angle does; with `centre`, after each row's
/// mean was taken away. A row of zeros stays one.
Matrix of_length_one(Matrix x, bool centre) {
  for (size_t i = 0; i < x.rows; ++i) {
    const auto row = x.row(i);
    double mean = 0, most = 0, sum = 0;
    for (const double value : row) mean += value / static_cast<double>(row.size());
    for (double& value : row) most = std::max(most, std::fabs(value -= centre ? mean : 0));
    if (most == 0) continue;
    for (double& value : row) {
      value /= most;
      sum += value * value;
    }
    for (double& value : row) value /= std::sqrt(sum);
  }
  return x;
}

/// 1 less the cosine.
Neighbours find_by_angle(const Matrix& queries, const Matrix& rows, size_t k, bool centre) {
  Neighbours found = Search(of_length_one(queries, centre), of_length_one(rows, centre), k, false).run();
  for (double& distance : found.distances) distance = distance * distance / 2;
  return found;
}

/// Minkowski's distance, from that to every row.
Neighbours find_by_power(const Matrix& queries, const Matrix& rows, size_t k, double p) {
  Neighbours found{k, std::vector<int>(queries.rows * k), std::vector<double>(queries.rows * k)};
  parallel_for(queries.rows, [&](size_t query) {
    const auto from = queries.row(query);
    std::vector<Found> all;
    all.reserve(rows.rows);
    for (size_t row = 0; row < rows.rows; ++row) {
      double sum = 0;
      if (p == 1) {
        sum = sum_of_differences(from.data(), rows.row(row).data(), from.size());
      } else {
        for (size_t j = 0; j < from.size(); ++j) sum += std::pow(std::fabs(from[j] - rows(row, j)), p);
      }
      all.emplace_back(sum, static_cast<int>(row));
    }
    std::partial_sort(all.begin(), all.begin() + static_cast<ptrdiff_t>(k), all.end());
    if (!std::isfinite(all[k - 1].first)) {
      throw ArgumentError("KNeighbors: the distances of row " + std::to_string(query + 1) +
                          " are infinite; the columns' numbers are too large for it");
    }
    for (size_t n = 0; n < k; ++n) {
      found.distances[query * k + n] = p == 1 ? all[n].first : std::pow(all[n].first, 1 / p);
      found.rows[query * k + n] = all[n].second;
    }
  });
  return found;
}

}  // namespace

Neighbours find_neighbours(const Matrix& queries, const Matrix& rows, size_t k, const Distance& distance) {
  if (distance.metric == "cosine") return find_by_angle(queries, rows, k, false);
  if (distance.metric == "correlation") return find_by_angle(queries, rows, k, true);
  const double p = distance.metric == "manhattan" ? 1 : distance.metric == "euclidean" ? 2 : distance.p;
  return p == 2 ? Search(queries, rows, k, false).run() : find_by_power(queries, rows, k, p);
}

std::vector<double> vote_weights(const Neighbours& found, size_t query, size_t k, bool by_distance) {
  std::vector<double> weights(k, 1);
  if (!by_distance) return weights;
  const auto distances = found.distances_of(query).first(k);
  const bool has_equal = distances[0] == 0;
  for (size_t n = 0; n < k; ++n) weights[n] = has_equal ? distances[n] == 0 : 1 / distances[n];
  return weights;
}

Neighbours find_neighbours_within(const Matrix& rows, size_t k) { return Search(rows, rows, k, true).run(); }

}  // namespace lumir::learn
