// Kenny, Boulianne and Dumouchel, Eigenvoice Modeling with Sparse Training Data (2005), propositions 1 and 3;
// behind each round the minimum-divergence step of Kenny, Joint Factor Analysis of Speaker and Session
// Variability (2005): the places of all recordings have a variance of 1, so that rounds gain more.

#include "learn/total_variability.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "core/error.h"
#include "core/interrupt.h"
#include "core/parallel.h"
#include "core/random.h"
#include "tensor/linear_algebra.h"

namespace lumir::learn {
namespace {

constexpr size_t kTogether = 256;  // recordings whose matrices stand in memory

/// The lines of a matrix that belong to one cloud.
Matrix lines_of(const Matrix& directions, size_t cloud, size_t columns) {
  Matrix part(columns, directions.columns);
  const auto from = directions.values.begin() + static_cast<ptrdiff_t>(cloud * columns * directions.columns);
  std::copy_n(from, part.values.size(), part.values.begin());
  return part;
}

Matrix unit_matrix(size_t n) {
  Matrix unit(n, n);
  for (size_t i = 0; i < n; ++i) unit(i, i) = 1;
  return unit;
}

Matrix square_of(std::span<const double> line, size_t n) {
  Matrix square(n, n);
  std::copy(line.begin(), line.end(), square.values.begin());
  return square;
}

Matrix rows_between(const Matrix& m, size_t begin, size_t end) {
  Matrix part(end - begin, m.columns);
  std::copy_n(m.values.begin() + static_cast<ptrdiff_t>(begin * m.columns), part.values.size(), part.values.begin());
  return part;
}

/// The normal distribution of each recording's place, by blocks of recordings.
class Expectation {
 public:
  Expectation(const std::string& who, const CloudStatistics& statistics, const Matrix& directions)
      : who_(who),
        statistics_(statistics),
        dimension_(directions.columns),
        seen_(tensor::multiply(statistics.sums, directions)) {
    const size_t clouds = statistics.counts.columns, columns = directions.rows / clouds;
    products_ = Matrix(clouds, dimension_ * dimension_);
    parallel_for(clouds, [&](size_t c) {
      const Matrix part = lines_of(directions, c, columns);
      const Matrix product = tensor::gram(part);
      std::copy(product.values.begin(), product.values.end(), products_.row(c).begin());
    });
  }

  /// Calls take(i, covariance, mean) for each recording, on all cores, then block(begin, end).
  template <class Take, class Block>
  void run(const Take& take, const Block& block) const {
    const Matrix unit = unit_matrix(dimension_);
    for (size_t begin = 0; begin < statistics_.counts.rows; begin += kTogether) {
      check_interrupt();
      const size_t end = std::min(begin + kTogether, statistics_.counts.rows);
      const Matrix sums = tensor::multiply(rows_between(statistics_.counts, begin, end), products_);
      parallel_for(end - begin, [&](size_t at) {
        Matrix precision = square_of(sums.row(at), dimension_);
        for (size_t d = 0; d < dimension_; ++d) precision(d, d) += 1;
        const auto covariance = tensor::solve_positive(precision, unit);
        if (!covariance) throw ArgumentError(who_ + ": the columns' numbers are too large for it");
        take(begin + at, *covariance, tensor::multiply(rows_between(seen_, begin + at, begin + at + 1), *covariance));
      });
      block(begin, end);
    }
  }

 private:
  const std::string& who_;
  const CloudStatistics& statistics_;
  size_t dimension_;
  Matrix seen_;      // [recordings, dimension]
  Matrix products_;  // of each cloud's lines with themselves
};

/// Recordings' places, and what a maximisation needs of their distributions.
struct Moments {
  Matrix places;   // [recordings, dimension]
  Matrix within;   // [clouds, dimension * dimension]: squares of places, as often as frames are in the cloud
  Matrix squares;  // [dimension, dimension]: the mean square of a place
};

Moments moments_of(const std::string& who, const CloudStatistics& statistics, const Matrix& directions) {
  const size_t recordings = statistics.counts.rows, n = directions.columns;
  Moments moments{Matrix(recordings, n), Matrix(statistics.counts.columns, n * n), Matrix(n, n)};
  Matrix seconds(std::min(kTogether, recordings), n * n);
  const auto take = [&](size_t i, const Matrix& covariance, const Matrix& mean) {
    std::copy(mean.values.begin(), mean.values.end(), moments.places.row(i).begin());
    const auto second = seconds.row(i % kTogether);
    for (size_t a = 0; a < n; ++a) {
      for (size_t b = 0; b < n; ++b) second[a * n + b] = covariance(a, b) + mean.values[a] * mean.values[b];
    }
  };
  const auto block = [&](size_t begin, size_t end) {
    seconds.rows = end - begin;  // the last block may be a short one
    seconds.values.resize(seconds.rows * n * n);
    const Matrix within = tensor::transposed_multiply(rows_between(statistics.counts, begin, end), seconds);
    for (size_t e = 0; e < within.values.size(); ++e) moments.within.values[e] += within.values[e];
    for (size_t at = 0; at < seconds.rows; ++at) {
      const auto row = seconds.row(at);
      for (size_t e = 0; e < n * n; ++e) moments.squares.values[e] += row[e] / static_cast<double>(recordings);
    }
  };
  Expectation(who, statistics, directions).run(take, block);
  return moments;
}

/// Each cloud's lines anew; those of a cloud that no frame is in stay.
void maximise(const CloudStatistics& statistics, const Moments& moments, Matrix& directions) {
  const size_t clouds = statistics.counts.columns, columns = directions.rows / clouds, n = directions.columns;
  const Matrix together = tensor::transposed_multiply(statistics.sums, moments.places);
  parallel_for(clouds, [&](size_t c) {
    const auto lines =
        tensor::solve_positive(square_of(moments.within.row(c), n), tensor::transposed(lines_of(together, c, columns)));
    if (!lines) return;
    const Matrix turned = tensor::transposed(*lines);
    std::copy(turned.values.begin(), turned.values.end(),
              directions.values.begin() + static_cast<ptrdiff_t>(c * columns * n));
  });
}

/// Turns and stretches the directions so that places have a mean square of 1 along each, and falls from the first
/// on.
Matrix evened(const Matrix& directions, const Matrix& squares) {
  const tensor::Eigen parts = tensor::symmetric_eigen(squares);
  const size_t n = directions.columns;
  Matrix stretching(n, n);
  for (size_t d = 0; d < n; ++d) {
    for (size_t e = 0; e < n; ++e) {
      stretching(e, d) = parts.vectors(e, n - 1 - d) * std::sqrt(std::max(0.0, parts.values[n - 1 - d]));
    }
  }
  return tensor::multiply(directions, stretching);
}

}  // namespace

double numbers_for_directions(size_t recordings, size_t clouds, size_t dimension) {
  const auto squares = static_cast<double>(std::max(clouds, std::min(kTogether, recordings)));
  return squares * static_cast<double>(dimension) * static_cast<double>(dimension);
}

Matrix find_directions(const std::string& who, const CloudStatistics& statistics, size_t dimension, int rounds,
                       uint64_t seed) {
  Random random(seed, "IVector");
  Matrix directions(statistics.sums.columns, dimension);
  for (double& value : directions.values) value = random.normal();
  for (int round = 0; round < rounds; ++round) {
    const Moments moments = moments_of(who, statistics, directions);
    maximise(statistics, moments, directions);
    directions = evened(directions, moments.squares);
  }
  return directions;
}

Matrix places_along(const std::string& who, const CloudStatistics& statistics, const Matrix& directions) {
  Matrix places(statistics.counts.rows, directions.columns);
  const auto take = [&](size_t i, const Matrix&, const Matrix& mean) {
    std::copy(mean.values.begin(), mean.values.end(), places.row(i).begin());
  };
  Expectation(who, statistics, directions).run(take, [](size_t, size_t) {});
  return places;
}

}  // namespace lumir::learn
