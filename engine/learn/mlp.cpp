// MLP: a small network of full layers, trained in batches.
//
// A batch is cut into pieces of rows that cores take; each piece is a few matrix products, and their slopes are added
// up in order, so that the number of threads changes nothing.

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/interrupt.h"
#include "core/observer.h"
#include "core/parallel.h"
#include "core/random.h"
#include "learn/held_out.h"
#include "learn/lbfgs.h"
#include "learn/present_classes.h"
#include "tensor/linear_algebra.h"

namespace lumir::learn {
namespace {

struct MLPOptions {
  std::vector<int> hidden_layer_sizes = {100};
  std::string activation = "relu";
  std::string solver = "adam";
  double alpha = 1e-4;
  std::variant<int, std::string> batch_size = "auto";
  std::string learning_rate = "constant";
  double learning_rate_init = 1e-3;
  double power_t = 0.5;
  int max_iter = 200;
  bool shuffle = true;
  double tol = 1e-4;
  double momentum = 0.9;
  bool nesterovs_momentum = true;
  bool early_stopping = false;
  double validation_fraction = 0.1;
  double beta_1 = 0.9;
  double beta_2 = 0.999;
  double epsilon = 1e-8;
  int n_iter_no_change = 10;
  std::optional<int> seed;
  static Schema schema() {
    using S = MLPOptions;
    return {Option{"hidden_layer_sizes", &S::hidden_layer_sizes, "units of each layer between columns and classes",
                   Range{1, 1e6}},
            Option{"activation", &S::activation, "what a unit makes of its sum",
                   Choices{"relu", "tanh", "logistic", "identity"}},
            Option{"solver", &S::solver, "'adam' and 'sgd' go by batches, 'lbfgs' by all rows",
                   Choices{"adam", "sgd", "lbfgs"}},
            Option{"alpha", &S::alpha, "pull of all weights towards 0", kNonNegative},
            Option{"batch_size", &S::batch_size, "rows of a step; 'auto' for 200", Choices{"auto"}, Range{1, 1e9}},
            Option{"learning_rate", &S::learning_rate,
                   "of 'sgd': the same throughout, lower with every step, or a fifth where nothing is won",
                   Choices{"constant", "invscaling", "adaptive"}},
            Option{"learning_rate_init", &S::learning_rate_init, "length of a step", kPositive},
            Option{"power_t", &S::power_t, "how fast 'invscaling' lowers it", kNonNegative},
            Option{"max_iter", &S::max_iter, "times that all rows are seen", Range{1}},
            Option{"shuffle", &S::shuffle, "deal rows into batches anew each time"},
            Option{"tol", &S::tol, "what counts as a gain", kNonNegative},
            Option{"momentum", &S::momentum, "of 'sgd'", Range{0, 1}},
            Option{"nesterovs_momentum", &S::nesterovs_momentum, "of 'sgd'"},
            Option{"early_stopping", &S::early_stopping,
                   "hold rows out, stop when they are foretold no better, and keep "
                   "the weights that foretold them best"},
            Option{"validation_fraction", &S::validation_fraction, "share of rows held out", Range{above(0), below(1)}},
            Option{"beta_1", &S::beta_1, "of 'adam'", Range{0, below(1)}},
            Option{"beta_2", &S::beta_2, "of 'adam'", Range{0, below(1)}},
            Option{"epsilon", &S::epsilon, "of 'adam'", kPositive},
            Option{"n_iter_no_change", &S::n_iter_no_change, "times without a gain that stop it", Range{1}},
            Option{"seed", &S::seed, "of what is random; 'none' takes that of lumir.seed"}};
  }
};

constexpr size_t kPiece = 64;  // rows of a batch, for one worker

/// Weights of each layer, [units, inputs], and what is added to each unit's sum.
struct Layers {
  std::vector<Matrix> weights;
  std::vector<std::vector<double>> biases;

  size_t count() const { return weights.size(); }
  /// Calls use(numbers) for the arrays of all layers in their order.
  template <class Use>
  void each(const Use& use) {
    for (size_t layer = 0; layer < count(); ++layer) {
      use(weights[layer].values);
      use(biases[layer]);
    }
  }
  Layers zeros() const {
    Layers out = *this;
    out.each([](std::vector<double>& numbers) { std::fill(numbers.begin(), numbers.end(), 0); });
    return out;
  }
};

enum class Activation { relu, tanh, logistic, identity };

double logistic(double x) { return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x)); }

void activate(Activation how, std::vector<double>& values) {
  switch (how) {
    case Activation::relu:
      for (double& v : values) v = v > 0 ? v : 0;
      break;
    case Activation::tanh:
      for (double& v : values) v = std::tanh(v);
      break;
    case Activation::logistic:
      for (double& v : values) v = logistic(v);
      break;
    case Activation::identity: break;
  }
}

/// Slopes behind a layer become slopes before its activation; `values` are what came out of it.
void turn_back(Activation how, const std::vector<double>& values, std::vector<double>& slopes) {
  for (size_t i = 0; i < values.size(); ++i) {
    const double v = values[i];
    if (how == Activation::relu) slopes[i] = v > 0 ? slopes[i] : 0;
    if (how == Activation::tanh) slopes[i] *= 1 - v * v;
    if (how == Activation::logistic) slopes[i] *= v * (1 - v);
  }
}

class Network {
 public:
  Network(Activation activation, const PresentRows& rows, Layers layers)
      : activation_(activation), rows_(rows), layers_(std::move(layers)) {}

  Layers& layers() { return layers_; }

  /// The mean loss of some rows with half the squares of the weights, and its slopes.
  double derive(std::span<const int> which, double alpha, Layers& slopes) const {
    const size_t pieces = (which.size() + kPiece - 1) / kPiece;
    std::vector<Layers> parts(pieces);
    std::vector<double> losses(pieces);
    double total = 0;
    for (const int row : which) total += rows_.weights[static_cast<size_t>(row)];
    parallel_for(pieces, [&](size_t piece) {
      const size_t begin = piece * kPiece, n = std::min(kPiece, which.size() - begin);
      losses[piece] = derive_piece(which.subspan(begin, n), parts[piece]);
    });
    double loss = 0;
    slopes = std::move(parts.front());
    for (size_t piece = 0; piece < pieces; ++piece) {
      loss += losses[piece];
      if (piece > 0) add(parts[piece], slopes);
    }
    slopes.each([&](std::vector<double>& numbers) {
      for (double& number : numbers) number /= total;
    });
    double squares = 0;
    for (size_t layer = 0; layer < layers_.count(); ++layer) {
      const auto& weights = layers_.weights[layer].values;
      for (size_t i = 0; i < weights.size(); ++i) {
        squares += weights[i] * weights[i];
        slopes.weights[layer].values[i] += alpha / total * weights[i];
      }
    }
    return (loss + alpha / 2 * squares) / total;
  }

  /// What comes out behind the last layer, before it is turned into probabilities.
  static Matrix run(const Layers& layers, Activation activation, Matrix x, std::vector<Matrix>* between = nullptr) {
    for (size_t layer = 0; layer < layers.count(); ++layer) {
      Matrix next = tensor::multiply_transposed(x, layers.weights[layer]);
      const auto& biases = layers.biases[layer];
      for (size_t i = 0; i < next.rows; ++i) {
        const auto row = next.row(i);
        for (size_t unit = 0; unit < biases.size(); ++unit) row[unit] += biases[unit];
      }
      if (layer + 1 < layers.count()) activate(activation, next.values);
      if (between) between->push_back(std::move(x));
      x = std::move(next);
    }
    return x;
  }

 private:
  /// The loss of a piece of rows and its slopes, both by the weights of rows.
  double derive_piece(std::span<const int> which, Layers& slopes) const {
    std::vector<Matrix> inputs;  // of each layer
    Matrix out = run(layers_, activation_, rows_.x().take(which), &inputs);
    const double loss = losses(which, out);
    slopes.weights.resize(layers_.count());
    slopes.biases.resize(layers_.count());
    for (size_t layer = layers_.count(); layer-- > 0;) {
      slopes.weights[layer] = tensor::transposed_multiply(out, inputs[layer]);
      auto& biases = slopes.biases[layer];
      biases.assign(out.columns, 0);
      for (size_t i = 0; i < out.rows; ++i) {
        for (size_t unit = 0; unit < out.columns; ++unit) biases[unit] += out(i, unit);
      }
      if (layer == 0) break;
      out = tensor::multiply(out, layers_.weights[layer]);
      turn_back(activation_, inputs[layer].values, out.values);
    }
    return loss;
  }

  /// Sums of the rows' losses; puts their slopes in the place of what came out.
  double losses(std::span<const int> which, Matrix& out) const {
    double sum = 0;
    for (size_t i = 0; i < which.size(); ++i) {
      const auto row = static_cast<size_t>(which[i]);
      const auto label = static_cast<size_t>(rows_.y[row]);
      const double weight = rows_.weights[row];
      const auto values = out.row(i);
      if (values.size() == 1) {
        const double margin = label == 1 ? values[0] : -values[0];
        sum += weight * (std::log1p(std::exp(-std::fabs(margin))) + std::max(-margin, 0.0));
        values[0] = weight * (logistic(values[0]) - (label == 1));
        continue;
      }
      const double most = *std::max_element(values.begin(), values.end()), own = values[label];
      double total = 0;
      for (double& value : values) total += value = std::exp(value - most);
      for (double& value : values) value *= weight / total;
      values[label] -= weight;
      sum += weight * (std::log(total) + most - own);
    }
    return sum;
  }

  static void add(Layers& from, Layers& to) {
    for (size_t layer = 0; layer < to.count(); ++layer) {
      for (size_t i = 0; i < to.weights[layer].values.size(); ++i) {
        to.weights[layer].values[i] += from.weights[layer].values[i];
      }
      for (size_t i = 0; i < to.biases[layer].size(); ++i) to.biases[layer][i] += from.biases[layer][i];
    }
  }

  Activation activation_;
  const PresentRows& rows_;
  Layers layers_;
};

/// One step along slopes: Kingma and Ba's Adam (2014), or momentum.
class Stepper {
 public:
  Stepper(const MLPOptions& options, const Layers& layers)
      : options_(options), first_(layers.zeros()), second_(layers.zeros()), rate_(options.learning_rate_init) {}

  void step(Layers& layers, Layers& slopes) {
    ++steps_;
    std::vector<std::vector<double>*> to, by, m, v;
    layers.each([&](auto& numbers) { to.push_back(&numbers); });
    slopes.each([&](auto& numbers) { by.push_back(&numbers); });
    first_.each([&](auto& numbers) { m.push_back(&numbers); });
    second_.each([&](auto& numbers) { v.push_back(&numbers); });
    for (size_t at = 0; at < to.size(); ++at) {
      if (options_.solver == "adam") {
        adam(*to[at], *by[at], *m[at], *v[at]);
      } else {
        momentum(*to[at], *by[at], *m[at]);
      }
    }
  }

  /// Of 'sgd', after all rows were seen `rows_seen` times in all.
  void lower(double rows_seen) {
    if (options_.solver == "sgd" && options_.learning_rate == "invscaling") {
      rate_ = options_.learning_rate_init / std::pow(rows_seen + 1, options_.power_t);
    }
  }

  /// Where nothing was won: true where it goes on, at a lower rate.
  bool goes_on() {
    if (options_.solver != "sgd" || options_.learning_rate != "adaptive" || rate_ <= 1e-6) return false;
    rate_ /= 5;
    return true;
  }

 private:
  void adam(std::vector<double>& to, const std::vector<double>& by, std::vector<double>& m,
            std::vector<double>& v) const {
    const double b1 = options_.beta_1, b2 = options_.beta_2;
    const double rate = rate_ * std::sqrt(1 - std::pow(b2, steps_)) / (1 - std::pow(b1, steps_));
#pragma omp simd
    for (size_t i = 0; i < to.size(); ++i) {
      m[i] = b1 * m[i] + (1 - b1) * by[i];
      v[i] = b2 * v[i] + (1 - b2) * by[i] * by[i];
      to[i] -= rate * m[i] / (std::sqrt(v[i]) + options_.epsilon);
    }
  }

  void momentum(std::vector<double>& to, const std::vector<double>& by, std::vector<double>& velocity) const {
    for (size_t i = 0; i < to.size(); ++i) {
      velocity[i] = options_.momentum * velocity[i] - rate_ * by[i];
      to[i] += options_.nesterovs_momentum ? options_.momentum * velocity[i] - rate_ * by[i] : velocity[i];
    }
  }

  const MLPOptions& options_;
  Layers first_, second_;
  double rate_;
  long steps_ = 0;
};

class MLP final : public Described<PresentClassifier, MLPOptions> {
 public:
  using Described::Described;

 protected:
  void fit_present(const PresentRows& rows) override {
    Network network(activation(), rows, begin(rows));
    curve_.clear();
    if (option().solver == "lbfgs") {
      fit_at_once(network, rows);
    } else {
      fit_by_batches(network, rows);
    }
    layers_ = std::move(network.layers());
  }

  Matrix score_present(const Matrix& x) const override {
    Matrix out = Network::run(layers_, activation(), x);
    if (out.columns == 1) {
      Matrix two(out.rows, 2);
      for (size_t i = 0; i < out.rows; ++i) two(i, 1) = out(i, 0);
      out = std::move(two);
    }
    softmax(out);
    return out;
  }

  /// scikit-learn's: "coefs.0" [inputs, units], "intercepts.0" ... and "loss_curve".
  State state_present() const override {
    State state = {{"loss_curve", curve_}};
    for (size_t layer = 0; layer < layers_.count(); ++layer) {
      state["coefs." + std::to_string(layer)] = to_array(turned(layers_.weights[layer]));
      state["intercepts." + std::to_string(layer)] = layers_.biases[layer];
    }
    return state;
  }

  size_t load_present(const State& state) override {
    Layers layers;
    size_t inputs = 0;
    for (size_t layer = 0; layer <= option().hidden_layer_sizes.size(); ++layer) {
      layers.weights.push_back(turned(state_matrix(name(), state, "coefs." + std::to_string(layer))));
      layers.biases.push_back(state_numbers(name(), state, "intercepts." + std::to_string(layer)));
      const Matrix& weights = layers.weights.back();
      const bool last = layer == option().hidden_layer_sizes.size();
      const size_t units = last ? outputs(classes().count()) : static_cast<size_t>(option().hidden_layer_sizes[layer]);
      if (weights.rows != units || layers.biases.back().size() != units || (layer > 0 && weights.columns != inputs)) {
        refuse_state(name());
      }
      inputs = units;
    }
    curve_ = state_numbers(name(), state, "loss_curve");
    layers_ = std::move(layers);
    return layers_.weights.front().columns;
  }

 private:
  static size_t outputs(size_t classes) { return classes == 2 ? 1 : classes; }

  static Matrix turned(const Matrix& m) {
    Matrix out(m.columns, m.rows);
    for (size_t i = 0; i < m.rows; ++i) {
      for (size_t j = 0; j < m.columns; ++j) out(j, i) = m(i, j);
    }
    return out;
  }

  Activation activation() const {
    if (option().activation == "relu") return Activation::relu;
    if (option().activation == "tanh") return Activation::tanh;
    return option().activation == "logistic" ? Activation::logistic : Activation::identity;
  }

  /// Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks (2010).
  Layers begin(const PresentRows& rows) const {
    Layers layers;
    Random random(seed_or_global(option().seed), "weights");
    size_t inputs = rows.x().columns;
    std::vector<size_t> sizes(option().hidden_layer_sizes.begin(), option().hidden_layer_sizes.end());
    sizes.push_back(outputs(rows.classes.count()));
    for (const size_t units : sizes) {
      const double factor = option().activation == "logistic" ? 2 : 6;
      const double most = std::sqrt(factor / static_cast<double>(inputs + units));
      Matrix weights(units, inputs);
      std::vector<double> biases(units);
      for (double& number : weights.values) number = random.uniform(-most, most);
      for (double& number : biases) number = random.uniform(-most, most);
      layers.weights.push_back(std::move(weights));
      layers.biases.push_back(std::move(biases));
      inputs = units;
    }
    return layers;
  }

  void fit_at_once(Network& network, const PresentRows& rows) {
    const std::vector<int> all = all_rows(rows.rows());
    std::vector<double> flat;
    network.layers().each([&](auto& numbers) { flat.insert(flat.end(), numbers.begin(), numbers.end()); });
    const auto put = [&](std::span<const double> w) {
      size_t at = 0;
      network.layers().each([&](auto& numbers) {
        std::copy_n(w.begin() + static_cast<ptrdiff_t>(at), numbers.size(), numbers.begin());
        at += numbers.size();
      });
    };
    Layers slopes;
    LbfgsOptions options;
    options.max_iterations = option().max_iter;
    options.tolerance = option().tol;
    const LbfgsResult result = minimise(
        [&](std::span<const double> w, std::span<double> gradient) {
          put(w);
          const double loss = network.derive(all, option().alpha, slopes);
          size_t at = 0;
          slopes.each([&](auto& numbers) {
            std::copy(numbers.begin(), numbers.end(), gradient.begin() + static_cast<ptrdiff_t>(at));
            at += numbers.size();
          });
          return loss;
        },
        flat, options);
    put(flat);
    curve_ = {result.value};
    if (!result.converged) warn_of_max_iter();
  }

  void fit_by_batches(Network& network, const PresentRows& rows) {
    const uint64_t seed = seed_or_global(option().seed);
    HeldOut sides{all_rows(rows.rows()), {}};
    if (option().early_stopping) sides = hold_out(name(), rows.y, option().validation_fraction, seed);
    const int* given = std::get_if<int>(&option().batch_size);
    const size_t batch = std::min<size_t>(given ? static_cast<size_t>(*given) : 200, sides.train.size());
    Stepper stepper(option(), network.layers());
    Random random(seed, "batches");
    Layers slopes, best = network.layers();
    double best_loss = INFINITY, best_score = -INFINITY;
    int still = 0;
    for (int epoch = 0; epoch < option().max_iter; ++epoch) {
      check_interrupt();
      std::vector<int> order = sides.train;
      if (option().shuffle) order = taken(sides.train, random.permutation(static_cast<int>(order.size())));
      double loss = 0;
      for (size_t begin = 0; begin < order.size(); begin += batch) {
        const auto some = std::span(order).subspan(begin, std::min(batch, order.size() - begin));
        loss += network.derive(some, option().alpha, slopes) * static_cast<double>(some.size());
        stepper.step(network.layers(), slopes);
      }
      curve_.push_back(loss / static_cast<double>(order.size()));
      stepper.lower(static_cast<double>(epoch + 1) * static_cast<double>(order.size()));
      if (option().early_stopping) {
        const double score = share_right(network.layers(), rows, sides.held);
        still = score < best_score + option().tol ? still + 1 : 0;
        if (score > best_score) {
          best_score = score;
          best = network.layers();
        }
      } else {
        still = curve_.back() > best_loss - option().tol ? still + 1 : 0;
        best_loss = std::min(best_loss, curve_.back());
      }
      if (!std::isfinite(curve_.back())) {
        throw ArgumentError(name() + ": the loss is no number any more; the columns' numbers are too large for it");
      }
      if (still <= option().n_iter_no_change) continue;
      if (!stepper.goes_on()) break;
      still = 0;
    }
    if (still <= option().n_iter_no_change) warn_of_max_iter();
    if (option().early_stopping) network.layers() = std::move(best);
  }

  double share_right(const Layers& layers, const PresentRows& rows, const std::vector<int>& which) const {
    const Matrix out = Network::run(layers, activation(), rows.x().take(which));
    double right = 0, all = 0;
    for (size_t i = 0; i < which.size(); ++i) {
      const auto row = static_cast<size_t>(which[i]);
      const int said = out.columns == 1 ? out(i, 0) > 0 : first_largest(out.row(i));
      right += said == rows.y[row] ? rows.weights[row] : 0;
      all += rows.weights[row];
    }
    return right / all;
  }

  void warn_of_max_iter() const {
    observer().warn("MLP: stopped at 'max_iter' = " + std::to_string(option().max_iter) + " before it had converged");
  }

  Layers layers_;
  std::vector<double> curve_;  // the loss of each time that all rows were seen
};

LUMIR_ESTIMATOR(MLP, {
                         .summary = "A small network of full layers, trained in batches.",
                         .returns = "a classifier; scores are probabilities",
                         .example = "learn.MLP { hidden_layer_sizes = { 8 }, max_iter = 20 }",
                         .source = "agrees with scikit-learn's MLPClassifier",
                     });

}  // namespace
}  // namespace lumir::learn
