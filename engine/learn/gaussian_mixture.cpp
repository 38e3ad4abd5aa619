// GaussianMixture: rows as drawn from several clouds, each a normal distribution.

#include "core/random.h"
#include "learn/estimator.h"
#include "learn/mixture.h"

namespace lumir::learn {
namespace {

struct GaussianMixtureOptions : MixtureOptions {
  int n_init = 1;
  std::optional<int> seed;
  static Schema schema() {
    using S = GaussianMixtureOptions;
    return {Option{"n_components", &S::n_components, "clouds", Range{1}},
            Option{"covariance_type", &S::covariance_type,
                   "a shape for each cloud, one for all, one along the columns only, or balls",
                   Choices{"full", "tied", "diag", "spherical"}},
            Option{"tol", &S::tol, "gain of the mean log-likelihood that goes on", kNonNegative},
            Option{"reg_covar", &S::reg_covar, "added to every variance", kNonNegative},
            Option{"max_iter", &S::max_iter, "rounds of expectation and maximisation", Range{1}},
            Option{"n_init", &S::n_init, "beginnings, of which the likeliest counts", Range{1, 10000}},
            Option{"seed", &S::seed, "of the k-means that it begins with; 'none' takes that of lumir.seed"}};
  }
};

class GaussianMixture final : public Described<Transformer, GaussianMixtureOptions> {
 public:
  using Described::Described;

  void fit_rows(const Training& training) override {
    check_rows(name(), training.x);
    const uint64_t seed = seed_or_global(option().seed);
    for (int begin = 0; begin < option().n_init; ++begin) {
      Mixture found = find_mixture(name(), training.x, option(), mixed(seed + static_cast<uint64_t>(begin)));
      if (begin == 0 || found.lower_bound > found_.lower_bound) found_ = std::move(found);
    }
  }
  bool fitted() const override { return !found_.weights.empty(); }

  /// How likely each cloud is to be a row's.
  Matrix transform_rows(const Matrix& x) const override {
    check_columns(name(), x, found_.means.columns);
    Matrix shares;
    share_out(name(), x, found_, option().covariance_type, shares);
    return shares;
  }
  std::vector<std::string> columns_out(const std::vector<std::string>&) const override {
    std::vector<std::string> names;
    for (int c = 1; c <= option().n_components; ++c) names.push_back("cloud" + std::to_string(c));
    return names;
  }

  /// scikit-learn's names without the underscore.
  State state() const override {
    return {{"weights", found_.weights},
            {"means", to_array(found_.means)},
            {"covariances", to_array(found_.covariances)},
            {"lower_bound", {found_.lower_bound}},
            {"converged", {found_.converged ? 1.0 : 0.0}}};
  }
  void load_state(const State& state) override {
    Mixture loaded;
    loaded.weights = state_numbers(name(), state, "weights");
    loaded.means = state_matrix(name(), state, "means");
    loaded.covariances = state_matrix(name(), state, "covariances");
    const auto bound = state_numbers(name(), state, "lower_bound"),
               converged = state_numbers(name(), state, "converged");
    const auto clouds = static_cast<size_t>(option().n_components);
    if (!loaded.fits(clouds, option().covariance_type) || bound.size() != 1 || converged.size() != 1) {
      refuse_state(name());
    }
    loaded.lower_bound = bound[0];
    loaded.converged = converged[0] != 0;
    found_ = std::move(loaded);
  }

 private:
  Mixture found_;
};

LUMIR_ESTIMATOR(
    GaussianMixture,
    {
        .summary = "Describes rows as drawn from several clouds, each a normal distribution.",
        .returns = "a transformer; how likely each cloud is to be a row's, [rows, n_components], comes out. "
                   "'lower_bound' is the mean log-likelihood of a row",
        .example = "learn.GaussianMixture { n_components = 2 }",
        .source = "Dempster, Laird and Rubin (1977); scikit-learn's GaussianMixture",
    });

}  // namespace
}  // namespace lumir::learn
