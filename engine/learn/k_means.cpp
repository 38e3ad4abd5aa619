// KMeans: rows in groups around middles.
//
// Distances come from products of the rows less their common middle, so that an offset of all does not drown their
// differences; the inertia is measured exactly.

#include "learn/k_means.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/interrupt.h"
#include "core/parallel.h"
#include "core/random.h"
#include "learn/column_squares.h"
#include "learn/estimator.h"
#include "learn/nearest_centers.h"
#include "learn/row_sums.h"
#include "learn/vectors.h"
#include "tensor/linear_algebra.h"

namespace lumir::learn {
namespace {

/// The rows less their middle, which is added again at the end.
class Lloyd {
 public:
  Lloyd(const Matrix& x, size_t clusters, uint64_t seed)
      : middle_(tensor::column_means(x)), x_(less_middle(x)), random_(seed, "KMeans"), centers_(clusters, x.columns) {
    choose_centers();
  }

  Clusters run(const ClusterLimits& limits) {
    double variance = 0;
    for (const double value : x_.values) variance += value * value;
    const double enough = limits.tol * variance / static_cast<double>(x_.values.size());
    Clusters found;
    for (found.iterations = 1; found.iterations <= limits.max_iter; ++found.iterations) {
      check_interrupt();
      const std::vector<int> labels = nearest_centers(x_, centers_);
      const bool same = labels == found.labels;
      found.labels = labels;
      if (same) break;
      if (move_centers(found.labels) <= enough) break;
    }
    found.iterations = std::min(found.iterations, limits.max_iter);
    found.labels = nearest_centers(x_, centers_);
    found.inertia = sum_over_rows(x_.rows, [&](size_t begin, size_t end) {
      double sum = 0;
      for (size_t i = begin; i < end; ++i) sum += distance_from(i, static_cast<size_t>(found.labels[i]));
      return sum;
    });
    for (size_t c = 0; c < centers_.rows; ++c) {
      for (size_t j = 0; j < centers_.columns; ++j) centers_(c, j) += middle_[j];
    }
    found.centers = std::move(centers_);
    return found;
  }

 private:
  Matrix less_middle(Matrix x) const {
    for (size_t i = 0; i < x.rows; ++i) {
      for (size_t j = 0; j < x.columns; ++j) x(i, j) -= middle_[j];
    }
    return x;
  }

  double distance_from(size_t row, size_t center) const {
    return squared_distance(x_.row(row).data(), centers_.row(center).data(), x_.columns);
  }

  /// Each further centre is the best of several rows that are drawn as likely as the square of their distance from
  /// those before it.
  void choose_centers() {
    const size_t tries = 2 + static_cast<size_t>(std::log(static_cast<double>(centers_.rows)));
    std::vector<double> nearest(x_.rows, std::numeric_limits<double>::infinity());
    take_center(0, random_.below(static_cast<uint32_t>(x_.rows)), nearest);
    for (size_t c = 1; c < centers_.rows; ++c) {
      std::vector<double> best;
      double least = std::numeric_limits<double>::infinity();
      size_t chosen = 0;
      for (size_t t = 0; t < tries; ++t) {
        const size_t row = drawn_row(nearest);
        std::vector<double> with = nearest;
        take_center(c, row, with);
        const double left = std::accumulate(with.begin(), with.end(), 0.0);
        if (left >= least) continue;
        least = left;
        best = std::move(with);
        chosen = row;
      }
      std::copy(x_.row(chosen).begin(), x_.row(chosen).end(), centers_.row(c).begin());
      if (!best.empty()) nearest = std::move(best);
    }
  }

  void take_center(size_t center, size_t row, std::vector<double>& nearest) {
    std::copy(x_.row(row).begin(), x_.row(row).end(), centers_.row(center).begin());
    constexpr size_t kPiece = 1024;
    parallel_for((x_.rows + kPiece - 1) / kPiece, [&](size_t piece) {
      for (size_t i = piece * kPiece; i < std::min((piece + 1) * kPiece, x_.rows); ++i) {
        nearest[i] = std::min(nearest[i], distance_from(i, center));
      }
    });
  }

  size_t drawn_row(const std::vector<double>& chances) {
    const double all = std::accumulate(chances.begin(), chances.end(), 0.0);
    if (!(all > 0)) return random_.below(static_cast<uint32_t>(x_.rows));
    double place = random_.uniform() * all;
    for (size_t i = 0; i < chances.size(); ++i) {
      place -= chances[i];
      if (place < 0) return i;
    }
    return chances.size() - 1;
  }

  /// To the means of their rows; one without rows goes to the row that is farthest from its centre. Returns the sum of
  /// the squares of their ways.
  double move_centers(const std::vector<int>& labels) {
    // of each the sums of the columns, then how many rows
    const Matrix sums = sums_over_rows(x_.rows, centers_.rows, centers_.columns + 1, [&](size_t row, Matrix& all) {
      const auto to = all.row(static_cast<size_t>(labels[row]));
      add_scaled(1, x_.row(row).data(), to.data(), x_.columns);
      ++to.back();
    });
    std::vector<char> taken(x_.rows);
    double moved = 0;
    for (size_t c = 0; c < centers_.rows; ++c) {
      std::vector<double> place(centers_.columns);
      if (const double count = sums(c, centers_.columns); count > 0) {
        for (size_t j = 0; j < place.size(); ++j) place[j] = sums(c, j) / count;
      } else {
        const auto far = x_.row(farthest_row(labels, taken));
        place.assign(far.begin(), far.end());
      }
      moved += squared_distance(place.data(), centers_.row(c).data(), place.size());
      std::copy(place.begin(), place.end(), centers_.row(c).begin());
    }
    return moved;
  }

  size_t farthest_row(const std::vector<int>& labels, std::vector<char>& taken) const {
    size_t found = 0;
    double most = -1;
    for (size_t i = 0; i < x_.rows; ++i) {
      const double distance = distance_from(i, static_cast<size_t>(labels[i]));
      if (taken[i] || distance <= most) continue;
      most = distance;
      found = i;
    }
    taken[found] = 1;
    return found;
  }

  std::vector<double> middle_;
  Matrix x_;
  Random random_;
  Matrix centers_;
};

struct KMeansOptions {
  int n_clusters = 8;
  int n_init = 1;
  int max_iter = 300;
  double tol = 1e-4;
  std::optional<int> seed;
  static Schema schema() {
    using S = KMeansOptions;
    return {Option{"n_clusters", &S::n_clusters, "groups", Range{1}},
            Option{"n_init", &S::n_init, "beginnings, of which that of least inertia counts", Range{1, 10000}},
            Option{"max_iter", &S::max_iter, "rounds of each", Range{1}},
            Option{"tol", &S::tol, "how little middles move at the end, as a share of the columns' mean variance",
                   kNonNegative},
            Option{"seed", &S::seed, "of the beginnings; 'none' takes that of lumir.seed"}};
  }
};

class KMeans final : public Described<Transformer, KMeansOptions> {
 public:
  using Described::Described;

  void fit_rows(const Training& training) override {
    const Matrix& x = training.x;
    check_rows(name(), x);
    const auto clusters = static_cast<size_t>(option().n_clusters);
    if (clusters > x.rows) {
      throw ArgumentError("KMeans: 'n_clusters' = " + std::to_string(clusters) + " is more than the " +
                          std::to_string(x.rows) + " rows");
    }
    check_distances(x);
    const uint64_t seed = seed_or_global(option().seed);
    for (int begin = 0; begin < option().n_init; ++begin) {
      Clusters found =
          find_clusters(x, clusters, {option().max_iter, option().tol}, mixed(seed + static_cast<uint64_t>(begin)));
      if (begin == 0 || found.inertia < found_.inertia) found_ = std::move(found);
    }
  }
  bool fitted() const override { return found_.centers.rows > 0; }

  /// Distances from the middles.
  Matrix transform_rows(const Matrix& x) const override {
    check_columns(name(), x, found_.centers.columns);
    Matrix out(x.rows, found_.centers.rows);
    parallel_for(x.rows, [&](size_t i) {
      for (size_t c = 0; c < out.columns; ++c)
        out(i, c) = std::sqrt(squared_distance(x.row(i).data(), found_.centers.row(c).data(), x.columns));
    });
    return out;
  }
  std::vector<std::string> columns_out(const std::vector<std::string>&) const override {
    std::vector<std::string> names;
    for (int c = 1; c <= option().n_clusters; ++c) names.push_back("cluster" + std::to_string(c));
    return names;
  }

  /// scikit-learn's names without the underscore; labels count from 1.
  State state() const override {
    std::vector<double> labels;
    for (const int label : found_.labels) labels.push_back(label + 1);
    return {{"cluster_centers", to_array(found_.centers)}, {"labels", labels}, {"inertia", {found_.inertia}}};
  }
  void load_state(const State& state) override {
    Clusters loaded;
    loaded.centers = state_matrix(name(), state, "cluster_centers");
    const auto inertia = state_numbers(name(), state, "inertia");
    if (inertia.size() != 1 || loaded.centers.rows != static_cast<size_t>(option().n_clusters)) refuse_state(name());
    loaded.inertia = inertia[0];
    for (const double label : state_numbers(name(), state, "labels")) {
      loaded.labels.push_back(state_whole(name(), label, 1, option().n_clusters) - 1);
    }
    found_ = std::move(loaded);
  }

 private:
  /// Throws ArgumentError where distances of rows, squared and summed over all rows, may be infinite: no distance is
  /// longer than two of those from the middle.
  void check_distances(const Matrix& x) const {
    const auto squares = column_squares(name(), x, tensor::column_means(x));
    const double most = 4 * std::accumulate(squares.begin(), squares.end(), 0.0) * static_cast<double>(x.rows);
    if (std::isfinite(most)) return;
    throw ArgumentError(name() +
                        ": the squared distances of rows are not finite; the columns' numbers are too large for it");
  }

  Clusters found_;
};

LUMIR_ESTIMATOR(KMeans, {
                            .summary = "Groups rows around middles, without being told classes.",
                            .returns = "a transformer; distances from the middles, [rows, n_clusters], come out. After "
                                       "a fit 'labels' has the group of each row, 'cluster_centers' the middles",
                            .example = "learn.KMeans { n_clusters = 2 }",
                            .source = "Lloyd (1982); Arthur and Vassilvitskii, k-means++ (2007); scikit-learn's KMeans",
                        });

}  // namespace

Clusters find_clusters(const Matrix& x, size_t clusters, const ClusterLimits& limits, uint64_t seed) {
  return Lloyd(x, clusters, seed).run(limits);
}

}  // namespace lumir::learn
