// UMAP: rows as points of the plane, by the graph of their neighbours.
//
// The graph and the curve of the low dimension are umap-learn's. Its descent moves both ends of an edge at once, one
// edge after the other, which no two threads can share; here each point moves through its own edges, all of a block
// side by side while the others rest, block after block. So threads never change a result.

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/interrupt.h"
#include "core/observer.h"
#include "core/parallel.h"
#include "core/random.h"
#include "learn/estimator.h"
#include "learn/neighbours.h"
#include "tensor/linear_algebra.h"

namespace lumir::learn {
namespace {

constexpr float kStretch = 10;       // of the first places, as in umap-learn
constexpr float kMostSlope = 4;      // of one coordinate in one move
constexpr size_t kBlocks = 32;       // that take turns
constexpr size_t kBeside = 64;       // points that a worker takes at a time
constexpr size_t kManyRows = 10000;  // from which 200 epochs suffice

struct UMAPOptions {
  int n_components = 2;
  int n_neighbors = 15;
  double min_dist = 0.1;
  double spread = 1;
  std::optional<int> n_epochs;
  double learning_rate = 1;
  int negative_sample_rate = 5;
  double repulsion_strength = 1;
  std::string init = "pca";
  std::optional<int> seed;
  static Schema schema() {
    using S = UMAPOptions;
    return {Option{"n_components", &S::n_components, "dimensions of the points", Range{1, 100}},
            Option{"n_neighbors", &S::n_neighbors, "rows that a row is near to, itself among them", Range{2}},
            Option{"min_dist", &S::min_dist, "how near points may lie to each other", kNonNegative},
            Option{"spread", &S::spread, "how far clouds lie from each other", kPositive},
            Option{"n_epochs", &S::n_epochs, "how often edges pull; 'none': 500 up to 10,000 rows, else 200", Range{1}},
            Option{"learning_rate", &S::learning_rate, "how far a point moves at first", kPositive},
            Option{"negative_sample_rate", &S::negative_sample_rate, "points that push for each edge that pulls",
                   Range{0, 1000}},
            Option{"repulsion_strength", &S::repulsion_strength, "how strongly points push", kNonNegative},
            Option{"init", &S::init, "where points begin: on the first principal components, or anywhere",
                   Choices{"pca", "random"}},
            Option{"seed", &S::seed, "of what is drawn; 'none' takes that of lumir.seed"}};
  }
};

/// Which rows are near to which, and how much (0 to 1); both directions are there.
struct Graph {
  std::vector<size_t> begin;  // of each row; one more at the end
  std::vector<int> other;
  std::vector<float> weight;
};

/// The width of a row's neighbourhood: exp(-(distance - nearest) / width) of all neighbours sums to log2(k).
double width_of(std::span<const double> distances, double nearest, double k, double mean) {
  constexpr double kEnough = 1e-5, kLeastShare = 1e-3;
  double low = 0, high = std::numeric_limits<double>::infinity(), width = 1;
  for (int step = 0; step < 64; ++step) {
    double sum = 0;
    for (const double distance : distances) {
      const double beyond = distance - nearest;
      sum += beyond > 0 ? std::exp(-beyond / width) : 1;
    }
    if (std::fabs(sum - std::log2(k)) < kEnough) break;
    (sum > std::log2(k) ? high : low) = width;
    width = std::isinf(high) ? width * 2 : (low + high) / 2;
  }
  return std::max(width, kLeastShare * mean);
}

/// A row's memberships: 1 for its nearest neighbour that is not itself.
std::vector<double> memberships(std::span<const double> distances, double k, double mean_of_all) {
  const auto first = std::find_if(distances.begin(), distances.end(), [](double d) { return d > 0; });
  const double nearest = first == distances.end() ? 0 : *first;
  const double own = std::accumulate(distances.begin(), distances.end(), 0.0) / k;
  const double width = width_of(distances, nearest, k, nearest > 0 ? own : mean_of_all);
  std::vector<double> out;
  for (const double distance : distances) {
    const double beyond = distance - nearest;
    out.push_back(beyond <= 0 || width == 0 ? 1 : std::exp(-beyond / width));
  }
  return out;
}

/// The union of both rows' views: a + b - a * b.
Graph graph_of(const Matrix& x, const UMAPOptions& options) {
  const auto k = static_cast<size_t>(options.n_neighbors) - 1;  // umap-learn counts the row itself
  const Neighbours near = find_neighbours_within("UMAP", x, k);
  const double mean = std::accumulate(near.distances.begin(), near.distances.end(), 0.0) /
                      static_cast<double>(x.rows * static_cast<size_t>(options.n_neighbors));
  struct Edge {
    int other;
    double there, back;
  };
  std::vector<std::vector<Edge>> rows(x.rows);
  for (size_t i = 0; i < x.rows; ++i) {
    const auto shares = memberships(near.distances_of(i), options.n_neighbors, mean);
    for (size_t n = 0; n < k; ++n) {
      const int j = near.rows_of(i)[n];
      rows[i].push_back({j, shares[n], 0});
      rows[static_cast<size_t>(j)].push_back({static_cast<int>(i), 0, shares[n]});
    }
  }
  Graph graph;
  graph.begin = {0};
  for (auto& row : rows) {
    std::sort(row.begin(), row.end(), [](const Edge& a, const Edge& b) { return a.other < b.other; });
    for (size_t n = 0; n < row.size(); ++n) {
      Edge edge = row[n];
      if (n + 1 < row.size() && row[n + 1].other == edge.other) {
        edge.there += row[n + 1].there;
        edge.back += row[n + 1].back;
        ++n;
      }
      graph.other.push_back(edge.other);
      graph.weight.push_back(static_cast<float>(edge.there + edge.back - edge.there * edge.back));
    }
    graph.begin.push_back(graph.other.size());
  }
  return graph;
}

/// 1 / (1 + a d^2b), as near as can be to 1 up to min_dist and exp(-(d - min_dist) / spread) beyond.
struct Curve {
  double a = 1, b = 1;
};

/// Gauss and Newton's least squares, with Levenberg's damping.
Curve fitted_curve(double spread, double min_dist) {
  constexpr int kPlaces = 300;
  std::vector<double> places, wanted;
  for (int i = 1; i < kPlaces; ++i) {
    const double d = 3 * spread * i / (kPlaces - 1);
    places.push_back(d);
    wanted.push_back(d < min_dist ? 1 : std::exp(-(d - min_dist) / spread));
  }
  const auto error_of = [&](const Curve& c) {
    double sum = 0;
    for (size_t i = 0; i < places.size(); ++i) {
      const double off = wanted[i] - 1 / (1 + c.a * std::pow(places[i], 2 * c.b));
      sum += off * off;
    }
    return sum;
  };
  Curve curve;
  double damping = 1e-3, error = error_of(curve);
  for (int step = 0; step < 200; ++step) {
    double aa = 0, ab = 0, bb = 0, ra = 0, rb = 0;
    for (size_t i = 0; i < places.size(); ++i) {
      const double power = std::pow(places[i], 2 * curve.b), value = 1 / (1 + curve.a * power);
      const double by_a = -power * value * value, by_b = 2 * curve.a * std::log(places[i]) * by_a;
      const double off = wanted[i] - value;
      aa += by_a * by_a;
      ab += by_a * by_b;
      bb += by_b * by_b;
      ra += by_a * off;
      rb += by_b * off;
    }
    const double left = aa * (1 + damping), right = bb * (1 + damping), determinant = left * right - ab * ab;
    const Curve next{curve.a + (right * ra - ab * rb) / determinant, curve.b + (left * rb - ab * ra) / determinant};
    const double less = next.a > 0 && next.b > 0 ? error_of(next) : std::numeric_limits<double>::infinity();
    if (less < error) {
      const bool settled = error - less < 1e-15;
      curve = next;
      error = less;
      damping /= 10;
      if (settled) break;
    } else if ((damping *= 10) > 1e12) {
      break;
    }
  }
  return curve;
}

/// A function of squared distances, known at 256 places of each power of two and straight between: the powers of the
/// curve would cost more than all the rest.
class Table {
 public:
  template <class Function>
  explicit Table(const Function& function) {
    for (uint32_t place = 0; place <= kPlaces; ++place) {
      values_.push_back(static_cast<float>(function(std::bit_cast<float>((kFirst + place) << kShift))));
    }
  }
  float operator()(float square) const {
    const uint32_t bits = std::bit_cast<uint32_t>(std::clamp(square, kLeast, kMost));
    const uint32_t place = std::min((bits >> kShift) - kFirst, kPlaces - 1);
    const float beyond = static_cast<float>(bits - ((kFirst + place) << kShift)) / static_cast<float>(1u << kShift);
    return values_[place] + beyond * (values_[place + 1] - values_[place]);
  }

 private:
  static constexpr int kShift = 15;  // of a float's bits: eight of the fraction are left
  static constexpr float kLeast = 0x1p-30f, kMost = 0x1p+30f;
  static constexpr uint32_t kFirst = std::bit_cast<uint32_t>(kLeast) >> kShift;
  static constexpr uint32_t kPlaces = (std::bit_cast<uint32_t>(kMost) >> kShift) - kFirst;
  std::vector<float> values_;
};

/// Points one after the other, [rows, dimensions].
std::vector<float> first_places(const Matrix& x, const UMAPOptions& options, uint64_t seed) {
  const auto dimensions = static_cast<size_t>(options.n_components);
  std::vector<float> places(x.rows * dimensions);
  Random random(seed, "UMAP");
  for (float& place : places) place = static_cast<float>(random.uniform(-kStretch, kStretch));
  if (options.init == "random") return places;
  const size_t directions = std::min({dimensions, x.rows, x.columns});
  const auto pca = model::make_estimator("PCA", {{"n_components", directions}, {"seed", 0}});
  const std::vector<int> no_labels;
  const std::vector<std::string> no_groups;
  const Matrix projected = pca->fit_transform({x, no_labels, 0, no_groups});
  double most = 0;
  for (const double value : projected.values) most = std::max(most, std::fabs(value));
  if (most == 0) return places;
  for (size_t i = 0; i < x.rows; ++i) {
    for (size_t d = 0; d < directions; ++d) {
      places[i * dimensions + d] = static_cast<float>(projected(i, d) / most * kStretch + 1e-4 * random.normal());
    }
  }
  return places;
}

class Layout {
 public:
  Layout(const Graph& graph, std::vector<float> places, const UMAPOptions& options, int epochs, uint64_t seed)
      : graph_(graph),
        options_(options),
        epochs_(epochs),
        seed_(seed),
        dimensions_(static_cast<size_t>(options.n_components)),
        curve_(fitted_curve(options.spread, options.min_dist)),
        pull_([&](double square) {
          const double power = std::pow(square, curve_.b);
          return -2 * curve_.a * curve_.b * power / square / (curve_.a * power + 1);
        }),
        push_([&](double square) {
          const double below = (0.001 + square) * (curve_.a * std::pow(square, curve_.b) + 1);
          return 2 * options.repulsion_strength * curve_.b / below;
        }),
        places_(std::move(places)),
        moved_(places_),
        most_(*std::max_element(graph.weight.begin(), graph.weight.end())) {}

  void run() {
    observer().begin("UMAP", static_cast<size_t>(epochs_), "epochs");
    const size_t n = graph_.begin.size() - 1;
    for (int epoch = 0; epoch < epochs_; ++epoch) {
      check_interrupt();
      rate_ = static_cast<float>(options_.learning_rate * (1 - static_cast<double>(epoch) / epochs_));
      for (size_t block = 0; block < kBlocks; ++block) move_block(epoch, block, n);
      observer().advance(1);
    }
    observer().end("");
  }
  const std::vector<float>& places() const { return places_; }

 private:
  /// Points block, block + kBlocks, ...: neighbours in the table, which may be alike, take turns.
  void move_block(int epoch, size_t block, size_t n) {
    const size_t members = (n - std::min(n, block) + kBlocks - 1) / kBlocks;
    parallel_for((members + kBeside - 1) / kBeside, [&](size_t some) {
      for (size_t m = some * kBeside; m < std::min((some + 1) * kBeside, members); ++m) {
        move_point(epoch, block + m * kBlocks);
      }
    });
    for (size_t i = block; i < n; i += kBlocks) {
      std::copy_n(moved_.begin() + static_cast<ptrdiff_t>(i * dimensions_), dimensions_,
                  places_.begin() + static_cast<ptrdiff_t>(i * dimensions_));
    }
  }

  /// An edge pulls as often as its weight is a share of the largest; umap-learn moves the point once as the edge's
  /// beginning and once as the end of the same edge the other way round.
  void move_point(int epoch, size_t i) {
    float* at = moved_.data() + i * dimensions_;
    uint64_t drawn = mixed(seed_ ^ mixed(static_cast<uint64_t>(epoch) << 40 ^ i));
    const size_t n = graph_.begin.size() - 1;
    for (size_t e = graph_.begin[i]; e < graph_.begin[i + 1]; ++e) {
      const double share = static_cast<double>(graph_.weight[e]) / most_;
      if (std::floor(share * (epoch + 1)) == std::floor(share * epoch)) continue;
      const float* other = places_.data() + static_cast<size_t>(graph_.other[e]) * dimensions_;
      pull(at, other);
      for (int negative = 0; negative < options_.negative_sample_rate; ++negative) {
        drawn = mixed(drawn);
        const auto far = static_cast<size_t>((drawn >> 32) * n >> 32);
        if (far != i) push(at, places_.data() + far * dimensions_);
      }
      pull(at, other);
    }
  }

  float square_of(const float* a, const float* b) const {
    float sum = 0;
    for (size_t d = 0; d < dimensions_; ++d) sum += (a[d] - b[d]) * (a[d] - b[d]);
    return sum;
  }

  void pull(float* at, const float* other) const {
    const float square = square_of(at, other);
    if (square > 0) move(at, other, pull_(square));
  }

  void push(float* at, const float* other) const {
    const float square = square_of(at, other);
    if (square > 0) move(at, other, push_(square));
  }

  void move(float* at, const float* other, float slope) const {
    for (size_t d = 0; d < dimensions_; ++d) {
      at[d] += rate_ * std::clamp(slope * (at[d] - other[d]), -kMostSlope, kMostSlope);
    }
  }

  const Graph& graph_;
  const UMAPOptions& options_;
  int epochs_;
  uint64_t seed_;
  size_t dimensions_;
  Curve curve_;
  Table pull_, push_;  // slopes by squared distance
  std::vector<float> places_, moved_;
  float most_;
  float rate_ = 1;
};

class UMAP final : public Described<Transformer, UMAPOptions> {
 public:
  using Described::Described;
  void fit_rows(const Training& training) override {
    const Matrix& x = training.x;
    check_rows(name(), x);
    if (static_cast<size_t>(option().n_neighbors) > x.rows) {
      throw ArgumentError("UMAP: 'n_neighbors' = " + std::to_string(option().n_neighbors) + " is more than the " +
                          std::to_string(x.rows) + " rows");
    }
    const uint64_t seed = seed_or_global(option().seed);
    const Graph graph = graph_of(x, option());
    const int epochs = option().n_epochs.value_or(x.rows <= kManyRows ? 500 : 200);
    Layout layout(graph, first_places(x, option(), seed), option(), epochs, mixed(seed));
    layout.run();
    points_ = Matrix(x.rows, static_cast<size_t>(option().n_components));
    std::copy(layout.places().begin(), layout.places().end(), points_.values.begin());
  }
  bool fitted() const override { return points_.rows > 0; }
  Matrix fit_transform_rows(const Training& training) override {
    fit_rows(training);
    return points_;
  }
  Matrix transform_rows(const Matrix&) const override {
    throw ArgumentError("UMAP: places only the rows that it is fitted on; call fit_transform");
  }
  std::vector<std::string> columns_out(const std::vector<std::string>&) const override {
    std::vector<std::string> names;
    for (int d = 1; d <= option().n_components; ++d) names.push_back("umap" + std::to_string(d));
    return names;
  }
  /// umap-learn's name without the underscore.
  State state() const override { return {{"embedding", to_array(points_)}}; }
  void load_state(const State& state) override { points_ = state_matrix(name(), state, "embedding"); }

 private:
  Matrix points_;
};

LUMIR_ESTIMATOR(UMAP, {
                          .summary = "Places rows in the plane, or a space, by the graph of their neighbours.",
                          .returns = "a transformer for fit_transform; [rows, n_components] come out",
                          .example = "learn.UMAP { n_neighbors = 3 }",
                          .source = "McInnes, Healy and Melville, UMAP (2018); graph and curve of umap-learn",
                      });

}  // namespace
}  // namespace lumir::learn
