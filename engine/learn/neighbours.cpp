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
    for (size_t i = 0; i < rows.rows; ++i) squares_.push_back(square(rows.row(i)));
    found_.k = k;
    found_.rows.resize(queries.rows * k);
    found_.distances.resize(queries.rows * k);
  }

  Neighbours run() {
    for (size_t begin = 0; begin < queries_.rows; begin += kQueries) {
      check_interrupt();
      std::vector<int> some(std::min(kQueries, queries_.rows - begin));
      std::iota(some.begin(), some.end(), static_cast<int>(begin));
      const Matrix products = tensor::multiply_transposed(queries_.take(some), rows_);
      parallel_for(some.size(), [&](size_t i) { answer(begin + i, products.row(i)); });
    }
    return std::move(found_);
  }

 private:
  void answer(size_t query, std::span<const double> products) {
    const int self = within_ ? static_cast<int>(query) : kNobody;
    std::vector<Found> near = nearest(products, self);
    for (auto& [distance, row] : near) {
      distance = squared_distance(queries_.row(query), rows_.row(static_cast<size_t>(row)));
      if (!std::isfinite(distance)) {
        throw ArgumentError("KNeighbors: the distances of row " + std::to_string(query + 1) +
                            " are infinite; the columns' numbers are too large for it");
      }
    }
    std::sort(near.begin(), near.end());
    for (size_t n = 0; n < found_.k; ++n) {
      found_.distances[query * found_.k + n] = std::sqrt(near[n].first);
      found_.rows[query * found_.k + n] = near[n].second;
    }
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
  std::vector<double> squares_;
  Neighbours found_;
};

}  // namespace

Neighbours find_neighbours(const Matrix& queries, const Matrix& rows, size_t k) {
  return Search(queries, rows, k, false).run();
}

Neighbours find_neighbours_within(const Matrix& rows, size_t k) { return Search(rows, rows, k, true).run(); }

}  // namespace lumir::learn
