// MLP: a small network of full layers, trained in batches.

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/denormals.h"
#include "core/interrupt.h"
#include "core/observer.h"
#include "core/random.h"
#include "learn/column_squares.h"
#include "learn/held_out.h"
#include "learn/lbfgs.h"
#include "learn/mlp_network.h"
#include "learn/vectorised.h"
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

/// Adam's step for some weights, with the running means of slopes and of their squares.
LUMIR_VECTORISED void adam(float* to, const float* by, float* mean, float* square, size_t n, float fresh_mean,
                           float fresh_square, float rate, float epsilon) {
#pragma omp simd
  for (size_t i = 0; i < n; ++i) {
    mean[i] += fresh_mean * (by[i] - mean[i]);
    square[i] += fresh_square * (by[i] * by[i] - square[i]);
    to[i] -= rate * mean[i] / (std::sqrt(square[i]) + epsilon);
  }
}

/// One step along slopes: Kingma and Ba's Adam (2014), or momentum.
class Stepper {
 public:
  using Layers = DenseLayers<float>;
  Stepper(const MLPOptions& options, const Layers& layers)
      : options_(options),
        first_(zeros_like<float>(layers)),
        second_(zeros_like<float>(layers)),
        rate_(options.learning_rate_init) {}

  void step(Layers& layers, const Layers& slopes) {
    const FlushDenormals flush;  // means of slopes that are 0 fade
    ++steps_;
    for (size_t at = 0; at < layers.size(); ++at) {
      step(layers[at].weights, slopes[at].weights, first_[at].weights, second_[at].weights);
      step(layers[at].biases, slopes[at].biases, first_[at].biases, second_[at].biases);
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
  using Numbers = std::vector<float>;

  void step(Numbers& to, const Numbers& by, Numbers& m, Numbers& v) const {
    if (options_.solver != "adam") return momentum(to, by, m);
    const double b1 = options_.beta_1, b2 = options_.beta_2;
    const double rate = rate_ * std::sqrt(1 - std::pow(b2, steps_)) / (1 - std::pow(b1, steps_));
    adam(to.data(), by.data(), m.data(), v.data(), to.size(), static_cast<float>(1 - b1), static_cast<float>(1 - b2),
         static_cast<float>(rate), std::max(static_cast<float>(options_.epsilon), std::numeric_limits<float>::min()));
  }

  void momentum(Numbers& to, const Numbers& by, Numbers& velocity) const {
    const auto kept = static_cast<float>(options_.momentum), rate = static_cast<float>(rate_);
    for (size_t i = 0; i < to.size(); ++i) {
      velocity[i] = kept * velocity[i] - rate * by[i];
      to[i] += options_.nesterovs_momentum ? kept * velocity[i] - rate * by[i] : velocity[i];
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
    curve_.clear();
    if (option().solver == "lbfgs") {
      check_column_squares(name(), rows.x());
      MlpNetwork<double> network(activation(), rows, begin(rows));
      fit_at_once(network, rows);
      layers_ = std::move(network.layers());
    } else {
      std::vector<double> squares = column_squares(name(), rows.x());
      for (double& number : squares) {  // batches are of float
        if (number > std::numeric_limits<float>::max()) number = INFINITY;
      }
      check_squares(name(), squares);
      MlpNetwork<float> network(activation(), rows, converted<float>(begin(rows)));
      fit_by_batches(network, rows);
      layers_ = converted<double>(network.layers());
    }
  }

  Matrix score_present(const Matrix& x) const override {
    Matrix out = run_layers(layers_, activation(), x);
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
    for (size_t at = 0; at < layers_.size(); ++at) {
      Matrix weights(layers_[at].units, layers_[at].inputs);
      weights.values = layers_[at].weights;
      state["coefs." + std::to_string(at)] = to_array(tensor::transposed(weights));
      state["intercepts." + std::to_string(at)] = layers_[at].biases;
    }
    return state;
  }

  size_t load_present(const State& state) override {
    DenseLayers<double> layers;
    for (size_t at = 0; at <= option().hidden_layer_sizes.size(); ++at) {
      const Matrix weights = tensor::transposed(state_matrix(name(), state, "coefs." + std::to_string(at)));
      DenseLayer<double>& layer = layers.emplace_back(weights.rows, weights.columns);
      layer.weights = weights.values;
      layer.biases = state_numbers(name(), state, "intercepts." + std::to_string(at));
      const bool last = at == option().hidden_layer_sizes.size();
      const size_t units = last ? outputs(classes().count()) : static_cast<size_t>(option().hidden_layer_sizes[at]);
      const bool follows = at == 0 || layer.inputs == layers[at - 1].units;
      if (layer.units != units || layer.biases.size() != units || !follows) refuse_state(name());
    }
    curve_ = state_numbers(name(), state, "loss_curve");
    layers_ = std::move(layers);
    return layers_.front().inputs;
  }

 private:
  static size_t outputs(size_t classes) { return classes == 2 ? 1 : classes; }

  Activation activation() const {
    if (option().activation == "relu") return Activation::relu;
    if (option().activation == "tanh") return Activation::tanh;
    return option().activation == "logistic" ? Activation::logistic : Activation::identity;
  }

  /// Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks (2010).
  DenseLayers<double> begin(const PresentRows& rows) const {
    DenseLayers<double> layers;
    Random random(seed_or_global(option().seed), "weights");
    size_t inputs = rows.x().columns;
    std::vector<size_t> sizes(option().hidden_layer_sizes.begin(), option().hidden_layer_sizes.end());
    sizes.push_back(outputs(rows.classes.count()));
    for (const size_t units : sizes) {
      const double factor = option().activation == "logistic" ? 2 : 6;
      const double most = std::sqrt(factor / static_cast<double>(inputs + units));
      DenseLayer<double>& layer = layers.emplace_back(units, inputs);
      for (double& number : layer.weights) number = random.uniform(-most, most);
      for (double& number : layer.biases) number = random.uniform(-most, most);
      inputs = units;
    }
    return layers;
  }

  void fit_at_once(MlpNetwork<double>& network, const PresentRows& rows) {
    const std::vector<int> all = all_rows(rows.rows());
    std::vector<double> flat;
    each_array(network.layers(), [&](auto& numbers) { flat.insert(flat.end(), numbers.begin(), numbers.end()); });
    const auto put = [&](std::span<const double> w) {
      size_t at = 0;
      each_array(network.layers(), [&](auto& numbers) {
        std::copy_n(w.begin() + static_cast<ptrdiff_t>(at), numbers.size(), numbers.begin());
        at += numbers.size();
      });
    };
    auto slopes = zeros_like<double>(network.layers());
    LbfgsOptions options;
    options.max_iterations = option().max_iter;
    options.tolerance = option().tol;
    const LbfgsResult result = minimise(
        [&](std::span<const double> w, std::span<double> gradient) {
          put(w);
          const double loss = network.derive(all, option().alpha, slopes);
          size_t at = 0;
          each_array(slopes, [&](auto& numbers) {
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

  void fit_by_batches(MlpNetwork<float>& network, const PresentRows& rows) {
    const uint64_t seed = seed_or_global(option().seed);
    HeldOut sides{all_rows(rows.rows()), {}};
    if (option().early_stopping) sides = hold_out(name(), rows.y, option().validation_fraction, seed);
    const int* given = std::get_if<int>(&option().batch_size);
    const size_t batch = std::min<size_t>(given ? static_cast<size_t>(*given) : 200, sides.train.size());
    Stepper stepper(option(), network.layers());
    Random random(seed, "batches");
    DenseLayers<float> slopes = zeros_like<float>(network.layers()), best = network.layers();
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
        throw ArgumentError(name() +
                            ": the loss is no number any more; the columns' numbers are too large for it, or the "
                            "weights of rows too small");
      }
      if (still <= option().n_iter_no_change) continue;
      if (!stepper.goes_on()) break;
      still = 0;
    }
    if (still <= option().n_iter_no_change) warn_of_max_iter();
    if (option().early_stopping) network.layers() = std::move(best);
  }

  double share_right(const DenseLayers<float>& layers, const PresentRows& rows, const std::vector<int>& which) const {
    const Matrix out = run_layers(layers, activation(), rows.x().take(which));
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

  DenseLayers<double> layers_;
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
