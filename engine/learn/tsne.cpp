// TSNE: rows as points of the plane, neighbours beside each other.
//
// scikit-learn's schedule: every point pushes every other one (learn/repulsion), only near rows pull, by a sparse table
// of affinities.

#include "learn/tsne.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/interrupt.h"
#include "core/observer.h"
#include "core/parallel.h"
#include "core/random.h"
#include "learn/neighbours.h"
#include "learn/repulsion.h"
#include "learn/vectorised.h"

namespace lumir::learn {
namespace {

constexpr int kExaggerated = 250;  // iterations of the first stage
constexpr int kCheckEvery = 50;    // iterations between looks at the divergence
constexpr int kPatience = 300;     // iterations without progress that end the second stage
constexpr double kLeastGradient = 1e-7;
constexpr double kSpread = 1e-4;  // standard deviation of the first places
constexpr float kLeast = std::numeric_limits<float>::min();
constexpr size_t kWorthThreads = 1000;  // points from which threads pay for their start
constexpr size_t kWorthProgress = 2000;

/// How near rows are to each other: for each row, others and their shares of the whole (all sum to 1).
struct Affinities {
  std::vector<size_t> begin;  // of each row; one more at the end
  std::vector<int> other;
  std::vector<float> share;
};

/// Gaussian shares of a row's neighbours whose entropy is that of `perplexity` equal ones; found by bisection.
std::vector<double> gaussian_shares(std::span<const double> distances, double perplexity) {
  const double nearest = distances[0] * distances[0];
  const double wanted = std::log(perplexity);
  double precision = 1, low = 0, high = std::numeric_limits<double>::infinity();
  std::vector<double> shares(distances.size());
  double sum = 0;
  for (int step = 0; step < 100; ++step) {
    sum = 0;
    double weighted = 0;
    for (size_t n = 0; n < shares.size(); ++n) {
      const double beyond = distances[n] * distances[n] - nearest;
      shares[n] = std::exp(-beyond * precision);
      sum += shares[n];
      weighted += beyond * shares[n];
    }
    const double difference = std::log(sum) + precision * weighted / sum - wanted;
    if (std::fabs(difference) <= 1e-5) break;
    (difference > 0 ? low : high) = precision;
    precision = std::isinf(high) ? precision * 2 : (low + high) / 2;
  }
  for (double& share : shares) share /= sum;
  return shares;
}

Affinities affinities_of(const Matrix& x, double perplexity) {
  const size_t k = std::min(x.rows - 1, static_cast<size_t>(3 * perplexity + 1));
  const Neighbours near = find_neighbours_within(x, k);
  std::vector<std::vector<std::pair<int, double>>> rows(x.rows);  // both directions
  for (size_t i = 0; i < x.rows; ++i) {
    const auto shares = gaussian_shares(near.distances_of(i), perplexity);
    for (size_t n = 0; n < k; ++n) {
      const int j = near.rows_of(i)[n];
      rows[i].emplace_back(j, shares[n]);
      rows[static_cast<size_t>(j)].emplace_back(static_cast<int>(i), shares[n]);
    }
  }
  Affinities out;
  out.begin = {0};
  const double total = 2 * static_cast<double>(x.rows);  // the shares of each row sum to 1, and each counts twice
  for (auto& row : rows) {
    std::sort(row.begin(), row.end());
    for (size_t n = 0; n < row.size(); ++n) {
      const bool again = n > 0 && row[n].first == row[n - 1].first;
      if (!again) {
        out.other.push_back(row[n].first);
        out.share.push_back(0);
      }
      out.share.back() += static_cast<float>(row[n].second / total);
    }
    out.begin.push_back(out.other.size());
  }
  return out;
}

/// Where the points begin: on the first principal components, or scattered.
Points first_places(const Matrix& rows, const TSNEOptions& options) {
  Points points(rows.rows);
  Random random(seed_or_global(options.seed), "t-SNE");
  for (size_t i = 0; i < rows.rows; ++i) {
    for (size_t d = 0; d < static_cast<size_t>(options.n_components); ++d) {
      points.along(d)[i] = static_cast<float>(kSpread * random.normal());
    }
  }
  if (options.init == "random") return points;
  const auto directions = std::min({static_cast<size_t>(options.n_components), rows.rows, rows.columns});
  const auto pca = model::make_estimator("PCA", {{"n_components", directions}});
  const std::vector<int> no_labels;
  const std::vector<std::string> no_groups;
  const Matrix projected = pca->fit_transform({rows, no_labels, 0, no_groups});
  double squares = 0;
  for (size_t i = 0; i < rows.rows; ++i) squares += projected(i, 0) * projected(i, 0);
  const double deviation = std::sqrt(squares / static_cast<double>(rows.rows));
  if (deviation < std::numeric_limits<double>::min()) return points;  // all rows are equal: scattered
  for (size_t i = 0; i < rows.rows; ++i) {
    for (size_t d = 0; d < directions; ++d) {
      points.along(d)[i] = static_cast<float>(projected(i, d) / deviation * kSpread);
    }
  }
  return points;
}

template <size_t D>
[[gnu::always_inline]] inline Force pull_of(const float* const* all, const int* other, const float* share, size_t n,
                                            size_t i) {
  const float *xs = all[0], *ys = all[1], *zs = all[2];
  const float at_x = xs[i], at_y = ys[i], at_z = zs[i];
  float x = 0, y = 0, z = 0;
#pragma omp simd reduction(+ : x, y, z)
  for (size_t k = 0; k < n; ++k) {
    const float dx = at_x - xs[other[k]], dy = at_y - ys[other[k]];
    float square = 1 + dx * dx + dy * dy, dz = 0;
    if constexpr (D > 2) {
      dz = at_z - zs[other[k]];
      square += dz * dz;
    }
    const float weight = share[k] / square;
    x += weight * dx;
    y += weight * dy;
    if constexpr (D > 2) z += weight * dz;
  }
  return {{x, y, z}, 0};
}

LUMIR_VECTORISED Force pull_in_plane(const float* const* all, const int* other, const float* share, size_t n,
                                     size_t i) {
  return pull_of<2>(all, other, share, n, i);
}
LUMIR_VECTORISED Force pull_in_space(const float* const* all, const int* other, const float* share, size_t n,
                                     size_t i) {
  return pull_of<3>(all, other, share, n, i);
}

/// Gradient descent with momentum and a gain for each coordinate, as scikit-learn does it.
class Descent {
 public:
  Descent(const Affinities& affinities, Points first, int dimensions, double learning_rate)
      : affinities_(affinities),
        points_(std::move(first)),
        dimensions_(static_cast<size_t>(dimensions)),
        n_(points_.size()),
        learning_rate_(static_cast<float>(learning_rate)),
        repulsion_(n_, dimensions_),
        pushes_(n_),
        pulls_(n_),
        gradient_(n_),
        move_(n_),
        gain_(n_) {
    restart();
  }

  void restart() {
    for (size_t d = 0; d < dimensions_; ++d) {
      std::fill(move_.along(d).begin(), move_.along(d).end(), 0);
      std::fill(gain_.along(d).begin(), gain_.along(d).end(), 1);
    }
  }

  void step(float exaggeration, float momentum) {
    find_gradient(exaggeration);
    for (size_t d = 0; d < dimensions_; ++d) {
      advance(points_.along(d), gradient_.along(d), move_.along(d), gain_.along(d), momentum);
    }
  }

  /// Kullback and Leibler's divergence of the affinities of places from those of the rows.
  double divergence(float exaggeration) {
    find_gradient(exaggeration);  // for the normaliser of these places
    return divergence_here(exaggeration);
  }

  /// The same at the end, without the tree's small error in the normaliser.
  double exact_divergence() {
    repulsion_.find_by_pairs(points_, pushes_);
    find_normaliser();
    return divergence_here(1);
  }

  /// The length of the last gradient, gains included.
  double gradient_length() const {
    double squares = 0;
    for (size_t d = 0; d < dimensions_; ++d) {
      for (const float slope : gradient_.along(d)) squares += slope * slope;
    }
    return std::sqrt(squares);
  }
  const Points& points() const { return points_; }

 private:
  double divergence_here(float exaggeration) const {
    double sum = 0;
    for (size_t i = 0; i < n_; ++i) {
      for (size_t k = affinities_.begin[i]; k < affinities_.begin[i + 1]; ++k) {
        const auto j = static_cast<size_t>(affinities_.other[k]);
        const double p = exaggeration * affinities_.share[k];
        const double q = 1 / (1 + squared_distance(i, j)) / normaliser_;
        sum += p * std::log(std::max<double>(p, kLeast) / std::max<double>(q, kLeast));
      }
    }
    return sum;
  }

  void find_normaliser() {
    double total = 0;
    for (const Force& force : pushes_) total += force.closeness;
    normaliser_ = std::max(total, std::numeric_limits<double>::min());
  }

  double squared_distance(size_t i, size_t j) const {
    double sum = 0;
    for (size_t d = 0; d < dimensions_; ++d) {
      const double off = points_.along(d)[i] - points_.along(d)[j];
      sum += off * off;
    }
    return sum;
  }

  void find_gradient(float exaggeration) {
    repulsion_.find(points_, pushes_);
    const float* all[] = {points_.along(0).data(), points_.along(1).data(), points_.along(2).data()};
    const auto kernel = dimensions_ > 2 ? pull_in_space : pull_in_plane;
    for_points([&](size_t i) {
      const size_t begin = affinities_.begin[i], n = affinities_.begin[i + 1] - begin;
      pulls_[i] = kernel(all, affinities_.other.data() + begin, affinities_.share.data() + begin, n, i);
    });
    find_normaliser();
    const auto scale = static_cast<float>(1 / normaliser_);
    for (size_t d = 0; d < dimensions_; ++d) {
      auto& slopes = gradient_.along(d);
      for (size_t i = 0; i < n_; ++i) {
        slopes[i] = 4 * (exaggeration * pulls_[i].along[d] - pushes_[i].along[d] * scale);
      }
    }
  }

  void for_points(const std::function<void(size_t)>& body) const {
    constexpr size_t kPoints = 64;
    if (n_ < kWorthThreads) {
      for (size_t i = 0; i < n_; ++i) body(i);
      return;
    }
    parallel_for((n_ + kPoints - 1) / kPoints, [&](size_t block) {
      for (size_t i = block * kPoints; i < std::min(n_, (block + 1) * kPoints); ++i) body(i);
    });
  }

  void advance(std::vector<float>& place, std::vector<float>& gradient, std::vector<float>& move,
               std::vector<float>& gain, float momentum) const {
    for (size_t i = 0; i < n_; ++i) {
      gain[i] = move[i] * gradient[i] < 0 ? gain[i] + 0.2f : std::max(gain[i] * 0.8f, 0.01f);
      gradient[i] *= gain[i];
      move[i] = momentum * move[i] - learning_rate_ * gradient[i];
      place[i] += move[i];
    }
  }

  const Affinities& affinities_;
  Points points_;
  size_t dimensions_;
  size_t n_;
  float learning_rate_;
  Repulsion repulsion_;
  std::vector<Force> pushes_, pulls_;
  Points gradient_, move_, gain_;
  double normaliser_ = 1;
};

struct Stage {
  float exaggeration;
  float momentum;
  int begin, end;
  int patience;
};

/// Runs iterations stage.begin .. stage.end - 1 or until nothing moves; returns the next iteration.
int run(Descent& descent, const Stage& stage, const TSNEOptions& options, const std::function<void()>& tell) {
  double best = std::numeric_limits<double>::max();
  int best_at = stage.begin;
  descent.restart();
  for (int i = stage.begin; i < stage.end; ++i) {
    check_interrupt();
    descent.step(stage.exaggeration, stage.momentum);
    tell();
    if ((i + 1) % kCheckEvery != 0) continue;
    const double length = descent.gradient_length();
    if (!std::isfinite(length)) {
      const double* rate = std::get_if<double>(&options.learning_rate);
      throw ArgumentError("TSNE: 'learning_rate' = " + (rate ? show_number(*rate) : "'auto'") +
                          " is too large for these rows: the points ran away");
    }
    const double divergence = descent.divergence(stage.exaggeration);
    if (divergence < best) {
      best = divergence;
      best_at = i;
    } else if (i - best_at > stage.patience) {
      return i + 1;
    }
    if (length <= kLeastGradient) return i + 1;
  }
  return stage.end;
}

/// Throws ArgumentError where rows lie so far apart that the square of their distance is no number.
void check_reach(const Matrix& x) {
  double squares = 0;
  for (size_t j = 0; j < x.columns; ++j) {
    double low = x(0, j), high = low;
    for (size_t i = 1; i < x.rows; ++i) {
      low = std::min(low, x(i, j));
      high = std::max(high, x(i, j));
    }
    squares += (high - low) * (high - low);
  }
  if (!std::isfinite(squares))
    throw ArgumentError("TSNE: the distances of rows are infinite; the columns' numbers are too large for it");
}

}  // namespace

Schema TSNEOptions::schema() {
  return {Option{"n_components", &TSNEOptions::n_components, "1 for a line, 2 for a plane, 3 for a space", Range{1, 3}},
          Option{"perplexity", &TSNEOptions::perplexity, "how many neighbours a row has, about", kPositive},
          Option{"early_exaggeration", &TSNEOptions::early_exaggeration, "pull of the first 250 iterations", Range{1}},
          Option{"learning_rate", &TSNEOptions::learning_rate, "'auto' is rows / early_exaggeration / 4, at least 50",
                 Choices{"auto"}, kPositive},
          Option{"max_iter", &TSNEOptions::max_iter, "iterations", Range{250}},
          Option{"init", &TSNEOptions::init, "where points begin", Choices{"pca", "random"}},
          Option{"seed", &TSNEOptions::seed, "of a random beginning; 'none' takes that of lumir.seed"}};
}

Embedding tsne(const Matrix& x, const TSNEOptions& options) {
  if (x.rows < 2 || x.columns == 0) throw ArgumentError("TSNE: needs at least two rows and one column");
  check_finite("TSNE", x);
  check_reach(x);
  if (options.perplexity >= static_cast<double>(x.rows)) {
    throw ArgumentError("TSNE: 'perplexity' = " + show_number(options.perplexity) + " must be below the " +
                        std::to_string(x.rows) + " rows");
  }
  const double* given = std::get_if<double>(&options.learning_rate);
  const double automatic = std::max(static_cast<double>(x.rows) / options.early_exaggeration / 4, 50.0);
  const Affinities affinities = affinities_of(x, options.perplexity);
  Descent descent(affinities, first_places(x, options), options.n_components, given ? *given : automatic);

  const bool shown = x.rows >= kWorthProgress;
  if (shown) observer().begin("t-SNE", static_cast<size_t>(options.max_iter), "iterations");
  const auto tell = [&] {
    if (shown) observer().advance(1);
  };
  const auto exaggeration = static_cast<float>(options.early_exaggeration);
  int next = run(descent, {exaggeration, 0.5f, 0, kExaggerated, kExaggerated}, options, tell);
  next = run(descent, {1, 0.8f, next, options.max_iter, kPatience}, options, tell);
  if (shown) observer().end("");

  Embedding embedding;
  embedding.iterations = next;
  embedding.kl_divergence = descent.exact_divergence();
  embedding.points = Matrix(x.rows, static_cast<size_t>(options.n_components));
  for (size_t i = 0; i < x.rows; ++i) {
    for (size_t d = 0; d < embedding.points.columns; ++d) embedding.points(i, d) = descent.points().along(d)[i];
  }
  return embedding;
}

namespace {

class TSNE final : public Described<Transformer, TSNEOptions> {
 public:
  using Described::Described;
  void fit_rows(const Training& training) override {
    const Embedding embedding = tsne(training.x, option());
    points_ = embedding.points;
    divergence_ = embedding.kl_divergence;
  }
  bool fitted() const override { return points_.rows > 0; }
  Matrix fit_transform_rows(const Training& training) override {
    fit_rows(training);
    return points_;
  }
  Matrix transform_rows(const Matrix&) const override {
    throw ArgumentError("TSNE: places only the rows that it is fitted on; call fit_transform");
  }
  std::vector<std::string> columns_out(const std::vector<std::string>&) const override {
    std::vector<std::string> names;
    for (int d = 1; d <= option().n_components; ++d) names.push_back("tsne" + std::to_string(d));
    return names;
  }
  /// scikit-learn's names without the underscore.
  State state() const override { return {{"embedding", to_array(points_)}, {"kl_divergence", {divergence_}}}; }
  void load_state(const State& state) override {
    points_ = state_matrix(name(), state, "embedding");
    const auto divergence = state_numbers(name(), state, "kl_divergence");
    if (divergence.size() != 1) refuse_state(name());
    divergence_ = divergence[0];
  }

 private:
  Matrix points_;
  double divergence_ = 0;
};

LUMIR_ESTIMATOR(
    TSNE,
    {
        .summary = "Places rows in the plane, or a space, so that neighbours stay neighbours; closeness is Student's t "
                   "of one degree of freedom, in three dimensions too.",
        .returns = "a transformer for fit_transform; [rows, n_components] come out",
        .example = "learn.TSNE { perplexity = 20 }",
        .source = "van der Maaten and Hinton, Visualizing Data using t-SNE (2008); schedule of scikit-learn's TSNE",
    });

}  // namespace
}  // namespace lumir::learn
