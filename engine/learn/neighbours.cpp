// Distances of blocks of queries to blocks of rows come from matrix products; the few rows that are near are then
// measured exactly. Products are of single precision first: twice as fast, and where they leave a doubt, which is rare,
// the query is asked again in double precision and at last of every row. So rounding of products decides nothing.

#include "learn/neighbours.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "core/error.h"
#include "core/interrupt.h"
#include "core/parallel.h"
#include "learn/vectorised.h"
#include "learn/vectors.h"
#include "tensor/linear_algebra.h"

namespace lumir::learn {
namespace {

constexpr size_t kQueries = 128;  // answered by one worker at a time
constexpr size_t kRows = 2048;    // of a product: it stays in the second cache
constexpr size_t kTogether = 64;  // distances whose least is looked at before each of them
constexpr size_t kSpare = 8;      // candidates beyond k that are measured exactly
constexpr int kNobody = -1;

using Found = std::pair<double, int>;  // squared distance, row: compares as neighbours are ordered

/// Rows less a middle, as products of this precision take them: an offset that all have would drown their differences.
template <class T>
class Centred {
 public:
  Centred(const Matrix& x, std::span<const int> which, const std::vector<double>& middle)
      : columns_(middle.size()), values_(which.size() * columns_), squares_(which.size()) {
    constexpr size_t kPiece = 256;
    parallel_for((which.size() + kPiece - 1) / kPiece, [&](size_t piece) {
      for (size_t i = piece * kPiece; i < std::min((piece + 1) * kPiece, which.size()); ++i) {
        const auto row = x.row(static_cast<size_t>(which[i]));
        T* to = values_.data() + i * columns_;
        double square = 0;
        for (size_t j = 0; j < columns_; ++j) {
          const double value = row[j] - middle[j];
          to[j] = static_cast<T>(value);
          square += value * value;
        }
        squares_[i] = static_cast<T>(square);
      }
    });
  }

  size_t rows() const { return squares_.size(); }
  std::span<const T> rows(size_t begin, size_t end) const {
    return std::span(values_).subspan(begin * columns_, (end - begin) * columns_);
  }
  /// Of each row's distance from the middle.
  const std::vector<T>& squares() const { return squares_; }

 private:
  size_t columns_;
  std::vector<T> values_, squares_;
};

/// distances[i] = squares[i] - 2 * distances[i]; returns the least, which is no NaN.
template <class T>
[[gnu::always_inline]] inline T to_distances(const T* squares, T* distances, size_t n) {
  T least = std::numeric_limits<T>::infinity();
#pragma omp simd reduction(min : least)
  for (size_t i = 0; i < n; ++i) {
    distances[i] = squares[i] - 2 * distances[i];
    least = distances[i] < least ? distances[i] : least;
  }
  return least;
}
LUMIR_VECTORISED float least_distance(const float* squares, float* distances, size_t n) {
  return to_distances(squares, distances, n);
}
LUMIR_VECTORISED double least_distance(const double* squares, double* distances, size_t n) {
  return to_distances(squares, distances, n);
}

/// The best so far, and some that came after them: these are thinned out when they are as many again.
class Nearest {
 public:
  Nearest(size_t most, int self) : most_(most), self_(self) { found_.reserve(2 * most); }

  /// Products of the query with rows from `first` on; they become distances less the query's own square, which is the
  /// same for all. A distance that is no number counts as the largest, so that there are as many as were asked for.
  template <class T>
  void look_at(const T* squares, T* products, size_t n, size_t first) {
    for (size_t begin = 0; begin < n; begin += kTogether) {
      const size_t end = std::min(begin + kTogether, n);
      const T least = least_distance(squares + begin, products + begin, end - begin);
      if (found_.size() >= most_ && !(least < threshold_)) continue;
      for (size_t i = begin; i < end; ++i) consider(products[i], static_cast<int>(first + i));
    }
  }
  /// The farthest first, the others in any order.
  std::vector<Found> take() {
    if (found_.size() > most_) thin_out();
    std::iter_swap(found_.begin(), std::max_element(found_.begin(), found_.end()));
    return std::move(found_);
  }

 private:
  void consider(double distance, int row) {
    if (row == self_ || (found_.size() >= most_ && !(distance < threshold_))) return;
    found_.emplace_back(std::isnan(distance) ? std::numeric_limits<double>::infinity() : distance, row);
    if (found_.size() == 2 * most_) thin_out();
  }

  void thin_out() {
    const auto last = found_.begin() + static_cast<ptrdiff_t>(most_) - 1;
    std::nth_element(found_.begin(), last, found_.end());
    threshold_ = last->first;
    found_.resize(most_);
  }

  size_t most_;
  int self_;
  double threshold_ = std::numeric_limits<double>::infinity();
  std::vector<Found> found_;
};

/// Throws ArgumentError where the farthest of a query's nearest rows is infinitely far.
void check_farthest(const std::string& who, size_t query, double distance) {
  if (std::isfinite(distance)) return;
  throw ArgumentError(who + ": the distances of row " + std::to_string(query + 1) +
                      " are infinite; the columns' numbers are too large for it");
}

class Search {
 public:
  Search(const std::string& who, const Matrix& queries, const Matrix& rows, size_t k, bool within)
      : who_(who),
        queries_(queries),
        rows_(rows),
        within_(within),
        candidates_(std::min(k + kSpare, rows.rows - within)),
        middle_(tensor::column_means(rows)) {
    found_.k = k;
    found_.rows.resize(queries.rows * k);
    found_.distances.resize(queries.rows * k);
  }

  Neighbours run() {
    std::vector<int> open(queries_.rows);
    std::iota(open.begin(), open.end(), 0);
    open = by_products<float>(open);
    if (!open.empty()) open = by_products<double>(open);
    parallel_for(open.size(), [&](size_t i) { write_down(open[i], measured(open[i])); });
    return std::move(found_);
  }

 private:
  /// Answers what products of precision T can; returns the queries that they leave open.
  template <class T>
  std::vector<int> by_products(const std::vector<int>& queries) {
    std::vector<int> all(rows_.rows);
    std::iota(all.begin(), all.end(), 0);
    const Centred<T> rows(rows_, all, middle_);
    const T largest = *std::max_element(rows.squares().begin(), rows.squares().end());
    std::vector<char> open(queries.size());
    parallel_for((queries.size() + kQueries - 1) / kQueries, [&](size_t block) {
      const size_t begin = block * kQueries, end = std::min(begin + kQueries, queries.size());
      const auto some = std::span(queries).subspan(begin, end - begin);
      const Centred<T> here(queries_, some, middle_);
      auto nearest = nearest_of(here, some, rows);
      for (size_t i = 0; i < some.size(); ++i) {
        open[begin + i] = !answer<T>(some[i], nearest[i].take(), here.squares()[i], largest);
      }
    });
    std::vector<int> left;
    for (size_t i = 0; i < queries.size(); ++i) {
      if (open[i]) left.push_back(queries[i]);
    }
    return left;
  }

  template <class T>
  std::vector<Nearest> nearest_of(const Centred<T>& here, std::span<const int> queries, const Centred<T>& rows) const {
    std::vector<Nearest> nearest;
    for (const int query : queries) nearest.emplace_back(candidates_, within_ ? query : kNobody);
    std::vector<T> products(queries.size() * kRows);
    for (size_t first = 0; first < rows.rows(); first += kRows) {
      check_interrupt();
      const size_t end = std::min(first + kRows, rows.rows()), n = end - first;
      const auto some = std::span(products).first(queries.size() * n);
      tensor::multiply_block(here.rows(0, queries.size()), rows.rows(first, end), middle_.size(), some);
      for (size_t i = 0; i < queries.size(); ++i) {
        nearest[i].look_at(rows.squares().data() + first, some.data() + i * n, n, first);
      }
    }
    return nearest;
  }

  /// Measures the candidates; false where the rounding of products of precision T may have passed a nearer row over.
  template <class T>
  bool answer(int query, std::vector<Found> near, double square_of_query, double largest) {
    const double farthest = near.front().first + square_of_query;
    for (auto& [distance, row] : near) distance = exact(query, row);
    std::sort(near.begin(), near.end());
    // what was passed over is at least this far, but for the rounding of the products
    const double rounding =
        4 * std::numeric_limits<T>::epsilon() * static_cast<double>(rows_.columns + 4) * (square_of_query + largest);
    const bool all = near.size() + within_ >= rows_.rows;
    if (!all && !(near[found_.k - 1].first < farthest - rounding)) return false;
    write_down(query, near);
    return true;
  }

  /// The nearest by the distances of all rows.
  std::vector<Found> measured(int query) const {
    std::vector<Found> all;
    for (int row = 0; row < static_cast<int>(rows_.rows); ++row) {
      if (!within_ || row != query) all.emplace_back(exact(query, row), row);
    }
    std::partial_sort(all.begin(), all.begin() + static_cast<ptrdiff_t>(found_.k), all.end());
    return all;
  }

  double exact(int query, int row) const {
    return squared_distance(queries_.row(static_cast<size_t>(query)).data(), rows_.row(static_cast<size_t>(row)).data(),
                            rows_.columns);
  }

  void write_down(int query, const std::vector<Found>& near) {
    const auto line = static_cast<size_t>(query);
    check_farthest(who_, line, near[found_.k - 1].first);
    for (size_t n = 0; n < found_.k; ++n) {
      found_.distances[line * found_.k + n] = std::sqrt(near[n].first);
      found_.rows[line * found_.k + n] = near[n].second;
    }
  }

  const std::string& who_;
  const Matrix& queries_;
  const Matrix& rows_;
  bool within_;
  size_t candidates_;
  std::vector<double> middle_;  // of each column of the rows
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
Neighbours find_by_angle(const std::string& who, const Matrix& queries, const Matrix& rows, size_t k, bool centre) {
  Neighbours found = Search(who, of_length_one(queries, centre), of_length_one(rows, centre), k, false).run();
  for (double& distance : found.distances) distance = distance * distance / 2;
  return found;
}

/// Minkowski's distance, from that to every row.
Neighbours find_by_power(const std::string& who, const Matrix& queries, const Matrix& rows, size_t k, double p) {
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
    check_farthest(who, query, all[k - 1].first);
    for (size_t n = 0; n < k; ++n) {
      found.distances[query * k + n] = p == 1 ? all[n].first : std::pow(all[n].first, 1 / p);
      found.rows[query * k + n] = all[n].second;
    }
  });
  return found;
}

}  // namespace

Neighbours find_neighbours(const std::string& who, const Matrix& queries, const Matrix& rows, size_t k,
                           const Distance& distance) {
  if (distance.metric == "cosine") return find_by_angle(who, queries, rows, k, false);
  if (distance.metric == "correlation") return find_by_angle(who, queries, rows, k, true);
  const double p = distance.metric == "manhattan" ? 1 : distance.metric == "euclidean" ? 2 : distance.p;
  return p == 2 ? Search(who, queries, rows, k, false).run() : find_by_power(who, queries, rows, k, p);
}

std::vector<double> vote_weights(const Neighbours& found, size_t query, size_t k, bool by_distance) {
  std::vector<double> weights(k, 1);
  if (!by_distance) return weights;
  const auto distances = found.distances_of(query).first(k);
  const bool has_equal = distances[0] == 0;
  for (size_t n = 0; n < k; ++n) weights[n] = has_equal ? distances[n] == 0 : 1 / distances[n];
  return weights;
}

Neighbours find_neighbours_within(const std::string& who, const Matrix& rows, size_t k) {
  return Search(who, rows, rows, k, true).run();
}

void check_enough(const std::string& who, const NeighbourOptions& options, size_t rows) {
  if (static_cast<size_t>(options.n_neighbors) <= rows) return;
  throw ArgumentError(who + ": 'n_neighbors' = " + std::to_string(options.n_neighbors) + " is more than the " +
                      std::to_string(rows) + " training rows");
}

}  // namespace lumir::learn
