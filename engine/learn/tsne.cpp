// TSNE: rows as points of the plane, neighbours beside each other.
//
// scikit-learn's schedule: every point pushes every other one (learn/repulsion), only near rows pull, by a sparse table
// of affinities. That table is most of what a step reads, so points that have come near each other are put beside each
// other in memory now and then.

#include "learn/tsne.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <functional>
#include <limits>
#include <numeric>
#include <utility>

#include "core/interrupt.h"
#include "core/observer.h"
#include "core/random.h"
#include "learn/affinities.h"
#include "learn/repulsion.h"
#include "learn/vectorised.h"

namespace lumir::learn {
namespace {

constexpr int kExaggerated = 250;  // iterations of the first stage
constexpr int kCheckEvery = 50;    // iterations between looks at the divergence
constexpr int kPatience = 300;     // iterations without progress that end the second stage
constexpr double kLeastGradient = 1e-7;
constexpr double kSpread = 1e-4;               // standard deviation of the first places
constexpr size_t kLanes = Affinities::kLanes;  // points that pull together
constexpr size_t kWorthProgress = 2000;

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

using Eight = float __attribute__((vector_size(32)));
using EightInts = int __attribute__((vector_size(32)));
using FourPairs = double __attribute__((vector_size(32)));  // x and y of a point as one number of 64 bits
static_assert(kLanes == 8);

/// What pulls point i of the plane. `pairs` holds x and y of each point side by side: one load brings both.
LUMIR_VECTORISED Force pull_in_plane(const double* pairs, const int* other, const float* share, size_t n, size_t i) {
  std::array<float, 2> at;
  std::memcpy(at.data(), pairs + i, sizeof at);
  Eight x{}, y{};
  for (size_t k = 0; k < n; k += kLanes) {
    const int* to = other + k;
    const FourPairs some{pairs[to[0]], pairs[to[1]], pairs[to[4]], pairs[to[5]]};
    const FourPairs others{pairs[to[2]], pairs[to[3]], pairs[to[6]], pairs[to[7]]};
    Eight a, b, shares;
    std::memcpy(&a, &some, sizeof a);
    std::memcpy(&b, &others, sizeof b);
    std::memcpy(&shares, share + k, sizeof shares);
    const Eight dx = at[0] - __builtin_shuffle(a, b, EightInts{0, 2, 8, 10, 4, 6, 12, 14});
    const Eight dy = at[1] - __builtin_shuffle(a, b, EightInts{1, 3, 9, 11, 5, 7, 13, 15});
    const Eight weight = shares / (1 + dx * dx + dy * dy);
    x += weight * dx;
    y += weight * dy;
  }
  Force pull;
  for (int lane = 0; lane < static_cast<int>(kLanes); ++lane) {
    pull.along[0] += x[lane];
    pull.along[1] += y[lane];
  }
  return pull;
}

LUMIR_VECTORISED Force pull_in_space(const float* const* all, const int* other, const float* share, size_t n,
                                     size_t i) {
  const float *xs = all[0], *ys = all[1], *zs = all[2];
  const float at_x = xs[i], at_y = ys[i], at_z = zs[i];
  float x = 0, y = 0, z = 0;
#pragma omp simd reduction(+ : x, y, z)
  for (size_t k = 0; k < n; ++k) {
    const float dx = at_x - xs[other[k]], dy = at_y - ys[other[k]], dz = at_z - zs[other[k]];
    const float weight = share[k] / (1 + dx * dx + dy * dy + dz * dz);
    x += weight * dx;
    y += weight * dy;
    z += weight * dz;
  }
  return {{x, y, z}, 0};
}

/// Natural logarithm of normal numbers, within 1e-7 of the result or of 1 (polynomial of Cephes' logf).
[[gnu::always_inline]] inline float log_of(float x) {
  const auto bits = std::bit_cast<int32_t>(x);
  const int32_t exponent = (bits - 0x3f3504f3) >> 23;  // mantissa in sqrt(1/2) .. sqrt(2)
  const float f = std::bit_cast<float>(bits - exponent * (1 << 23)) - 1.0f;
  float series = 7.0376836292e-2f;
  series = series * f - 1.1514610310e-1f;
  series = series * f + 1.1676998740e-1f;
  series = series * f - 1.2420140846e-1f;
  series = series * f + 1.4249322787e-1f;
  series = series * f - 1.6668057665e-1f;
  series = series * f + 2.0000714765e-1f;
  series = series * f - 2.4999993993e-1f;
  series = series * f + 3.3333331174e-1f;
  const float square = f * f;
  return series * f * square - 0.5f * square + f + 0.693147180559945f * static_cast<float>(exponent);
}

/// The sum of share log(1 + r^2) over what pulls point i.
LUMIR_VECTORISED float spread_of(const float* const* all, const int* other, const float* share, size_t n, size_t i) {
  const float *xs = all[0], *ys = all[1], *zs = all[2];
  const float at_x = xs[i], at_y = ys[i], at_z = zs[i];
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (size_t k = 0; k < n; ++k) {
    const float dx = at_x - xs[other[k]], dy = at_y - ys[other[k]], dz = at_z - zs[other[k]];
    sum += share[k] * log_of(1 + dx * dx + dy * dy + dz * dz);
  }
  return sum;
}

/// Gradient descent with momentum and a gain for each coordinate, as scikit-learn does it.
class Descent {
 public:
  Descent(Affinities affinities, Points first, int dimensions, double learning_rate)
      : affinities_(std::move(affinities)),
        points_(std::move(first)),
        dimensions_(static_cast<size_t>(dimensions)),
        n_(points_.size()),
        learning_rate_(static_cast<float>(learning_rate)),
        repulsion_(n_, dimensions_),
        pushes_(n_),
        pulls_(n_),
        pairs_(n_),
        gradient_(n_),
        move_(n_),
        gain_(n_),
        row_of_(n_) {
    std::iota(row_of_.begin(), row_of_.end(), 0);
    for (const double share : affinities_.share) {
      if (share > 0) share_logs_ += share * std::log(share);
      shares_ += share;
    }
    restart();
  }

  void restart() {
    for (size_t d = 0; d < dimensions_; ++d) {
      std::fill(move_.along(d).begin(), move_.along(d).end(), 0);
      std::fill(gain_.along(d).begin(), gain_.along(d).end(), 1);
    }
  }

  /// Puts points that are beside each other in the embedding beside each other in memory: what pulls is near at hand.
  void tidy() {
    if (n_ < kWorthThreads) return;  // all are near at hand
    const auto order = repulsion_.along_curve(points_);
    for (Points* each : {&points_, &move_, &gain_}) {
      for (size_t d = 0; d < dimensions_; ++d) each->along(d) = picked(each->along(d), order);
    }
    row_of_ = picked(row_of_, order);
    affinities_ = affinities_.in_order(order);
  }

  /// The gradient where the points are now.
  void look(float exaggeration) {
    repulsion_.find(points_, pushes_);
    find_normaliser();
    find_pulls();
    const auto scale = static_cast<float>(1 / normaliser_);
    for (size_t d = 0; d < dimensions_; ++d) {
      auto& slopes = gradient_.along(d);
      for (size_t i = 0; i < n_; ++i) {
        slopes[i] = 4 * (exaggeration * pulls_[i].along[d] - pushes_[i].along[d] * scale);
      }
    }
  }

  /// Moves the points by the gradient of look().
  void go(float momentum) {
    for (size_t d = 0; d < dimensions_; ++d) {
      advance(points_.along(d), gradient_.along(d), move_.along(d), gain_.along(d), momentum);
    }
  }

  /// Kullback and Leibler's divergence of the affinities of places from those of the rows; after look().
  double divergence(double exaggeration) const {
    const float* all[] = {points_.along(0).data(), points_.along(1).data(), points_.along(2).data()};
    std::vector<float> spreads(n_);
    for_pieces(n_, [&](size_t first, size_t last) {
      for (size_t i = first; i < last; ++i) {
        const size_t begin = affinities_.begin[i], n = affinities_.begin[i + 1] - begin;
        spreads[i] = spread_of(all, affinities_.other.data() + begin, affinities_.share.data() + begin, n, i);
      }
    });
    double spread = 0;
    for (const float some : spreads) spread += some;
    return exaggeration * (share_logs_ + shares_ * std::log(exaggeration * normaliser_) + spread);
  }

  /// The same at the end, without the small error of the normaliser of many points.
  double exact_divergence() {
    repulsion_.find_by_pairs(points_, pushes_);
    find_normaliser();
    return divergence(1);
  }

  /// The length of the last gradient, gains included.
  double gradient_length() const {
    double squares = 0;
    for (size_t d = 0; d < dimensions_; ++d) {
      for (const float slope : gradient_.along(d)) squares += slope * slope;
    }
    return std::sqrt(squares);
  }
  /// The places of the rows, in their order: [rows, dimensions].
  Matrix places() const {
    Matrix out(n_, dimensions_);
    for (size_t i = 0; i < n_; ++i) {
      for (size_t d = 0; d < dimensions_; ++d) out(row_of_[i], d) = points_.along(d)[i];
    }
    return out;
  }

 private:
  template <class T>
  static std::vector<T> picked(const std::vector<T>& all, const std::vector<size_t>& order) {
    std::vector<T> out;
    out.reserve(all.size());
    for (const size_t i : order) out.push_back(all[i]);
    return out;
  }

  void find_normaliser() {
    double total = 0;
    for (const Force& force : pushes_) total += force.closeness;
    normaliser_ = std::max(total, std::numeric_limits<double>::min());
  }

  void find_pulls() {
    const float* all[] = {points_.along(0).data(), points_.along(1).data(), points_.along(2).data()};
    for (size_t i = 0; i < n_; ++i) pairs_[i] = std::bit_cast<double>(std::array{all[0][i], all[1][i]});
    for_pieces(n_, [&](size_t first, size_t last) {
      for (size_t i = first; i < last; ++i) {
        const size_t begin = affinities_.begin[i], n = affinities_.begin[i + 1] - begin;
        const int* other = affinities_.other.data() + begin;
        const float* share = affinities_.share.data() + begin;
        pulls_[i] =
            dimensions_ > 2 ? pull_in_space(all, other, share, n, i) : pull_in_plane(pairs_.data(), other, share, n, i);
      }
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

  Affinities affinities_;
  double shares_ = 0, share_logs_ = 0;  // sums of shares, and of shares times their logarithms
  Points points_;
  size_t dimensions_;
  size_t n_;
  float learning_rate_;
  Repulsion repulsion_;
  std::vector<Force> pushes_, pulls_;
  std::vector<double> pairs_;  // x and y of each point side by side
  Points gradient_, move_, gain_;
  std::vector<size_t> row_of_;  // of each point
  double normaliser_ = 1;
};

/// At the beginning of a stage, and less and less often: points that have found their neighbours stay beside them.
bool is_time_to_tidy(int iteration) {
  return iteration % kCheckEvery == 0 && std::popcount(static_cast<unsigned>(iteration / kCheckEvery)) <= 1;
}

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
    if (is_time_to_tidy(i - stage.begin)) descent.tidy();
    descent.look(stage.exaggeration);
    const bool checked = (i + 1) % kCheckEvery == 0;
    const double divergence = checked ? descent.divergence(stage.exaggeration) : 0;
    descent.go(stage.momentum);
    tell();
    if (!checked) continue;
    const double length = descent.gradient_length();
    if (!std::isfinite(length)) {
      const double* rate = std::get_if<double>(&options.learning_rate);
      throw ArgumentError("TSNE: 'learning_rate' = " + (rate ? show_number(*rate) : "'auto'") +
                          " is too large for these rows: the points ran away");
    }
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
  if (x.rows < 3 || x.columns == 0) {  // two places are as near as every other two
    throw ArgumentError("TSNE: needs at least three rows and one column, got " + std::to_string(x.rows) + " and " +
                        std::to_string(x.columns));
  }
  check_finite("TSNE", x);
  check_reach(x);
  if (options.perplexity >= static_cast<double>(x.rows)) {
    throw ArgumentError("TSNE: 'perplexity' = " + show_number(options.perplexity) + " must be below the " +
                        std::to_string(x.rows) + " rows");
  }
  const double* given = std::get_if<double>(&options.learning_rate);
  const double automatic = std::max(static_cast<double>(x.rows) / options.early_exaggeration / 4, 50.0);
  Descent descent(affinities_of("TSNE", x, options.perplexity), first_places(x, options), options.n_components,
                  given ? *given : automatic);

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
  embedding.points = descent.places();
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
        .source =
            "van der Maaten and Hinton, Visualizing Data using t-SNE (2008); schedule of scikit-learn's TSNE; forces "
            "of many points by a grid: Linderman et al., Fast interpolation-based t-SNE (2019), Essmann et al., A "
            "smooth particle mesh Ewald method (1995)",
    });

}  // namespace
}  // namespace lumir::learn
