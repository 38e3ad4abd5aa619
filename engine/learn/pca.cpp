// PCA: the directions in which rows differ most.

#include <algorithm>
#include <cmath>

#include "learn/estimator.h"
#include "tensor/linear_algebra.h"

namespace lumir::learn {
namespace {

struct PCAOptions {
  std::optional<double> n_components;
  bool whiten = false;
  static Schema schema() {
    return {
        Option{"n_components", &PCAOptions::n_components,
               "directions to keep; below 1: as many as explain that share of the variance; 'none' for all", kPositive},
        Option{"whiten", &PCAOptions::whiten, "give every direction variance 1"}};
  }
};

class PCA final : public Described<Transformer, PCAOptions> {
 public:
  PCA(const Entry& entry, const Map& options) : Described(entry, options) {
    if (const auto n = option().n_components) check_count_or_share(name(), "n_components", *n);
  }

  void fit_rows(const Training& training) override {
    const Matrix& x = training.x;
    if (x.rows < 2 || x.columns == 0) throw ArgumentError("PCA: needs at least two rows and one column");
    check_finite(name(), x);
    std::vector<double> mean(x.columns);
    for (size_t i = 0; i < x.rows; ++i) {
      for (size_t j = 0; j < x.columns; ++j) mean[j] += x(i, j) / static_cast<double>(x.rows);
    }
    Matrix centred = x;
    for (size_t i = 0; i < x.rows; ++i) {
      for (size_t j = 0; j < x.columns; ++j) centred(i, j) -= mean[j];
    }
    const tensor::Svd parts = tensor::svd(centred);

    std::vector<double> variance;
    for (const double value : parts.values) variance.push_back(value * value / static_cast<double>(x.rows - 1));
    double total = 0;
    for (const double v : variance) total += v;
    const size_t kept = components(variance, total);
    mean_ = std::move(mean);
    variance_.assign(variance.begin(), variance.begin() + static_cast<ptrdiff_t>(kept));
    ratio_.clear();
    for (const double v : variance_) ratio_.push_back(total > 0 ? v / total : 0);
    components_ = Matrix(kept, x.columns);
    for (size_t c = 0; c < kept; ++c) {
      const auto direction = parts.vt.row(c);
      // scikit-learn's choice of sign: the largest number of a direction is positive
      const auto largest = std::max_element(direction.begin(), direction.end(),
                                            [](double a, double b) { return std::fabs(a) < std::fabs(b); });
      const double sign = *largest < 0 ? -1 : 1;
      for (size_t j = 0; j < x.columns; ++j) components_(c, j) = sign * direction[j];
    }
  }

  bool fitted() const override { return !mean_.empty(); }

  Matrix transform_rows(const Matrix& x) const override {
    check_columns(name(), x, mean_.size());
    Matrix centred = x;
    for (size_t i = 0; i < x.rows; ++i) {
      for (size_t j = 0; j < x.columns; ++j) centred(i, j) -= mean_[j];
    }
    Matrix out = tensor::multiply_transposed(centred, components_);
    if (!option().whiten) return out;
    for (size_t i = 0; i < out.rows; ++i) {
      for (size_t c = 0; c < out.columns; ++c) out(i, c) /= std::max(std::sqrt(variance_[c]), 1e-150);
    }
    return out;
  }

  std::vector<std::string> columns_out(const std::vector<std::string>&) const override {
    std::vector<std::string> names;
    for (size_t c = 0; c < components_.rows; ++c) names.push_back("pca" + std::to_string(c + 1));
    return names;
  }

  /// scikit-learn's names without the underscore.
  State state() const override {
    return {{"mean", mean_},
            {"components", to_array(components_)},
            {"explained_variance", variance_},
            {"explained_variance_ratio", ratio_}};
  }

  void load_state(const State& state) override {
    mean_ = state_numbers(name(), state, "mean");
    components_ = state_matrix(name(), state, "components");
    variance_ = state_numbers(name(), state, "explained_variance");
    ratio_ = state_numbers(name(), state, "explained_variance_ratio");
    if (components_.columns != mean_.size() || variance_.size() != components_.rows ||
        ratio_.size() != components_.rows) {
      refuse_state(name());
    }
  }

 private:
  size_t components(const std::vector<double>& variance, double total) const {
    if (!option().n_components) return variance.size();
    const double wanted = *option().n_components;
    if (wanted >= 1) {
      if (wanted > static_cast<double>(variance.size())) {
        throw ArgumentError("PCA: 'n_components' = " + show_number(wanted) + " is more than the " +
                            std::to_string(variance.size()) + " directions of these rows and columns");
      }
      return static_cast<size_t>(wanted);
    }
    double explained = 0;
    for (size_t c = 0; c < variance.size(); ++c) {
      explained += variance[c];
      if (explained > wanted * total) return c + 1;
    }
    return variance.size();
  }

  std::vector<double> mean_, variance_, ratio_;
  Matrix components_;  // [components, columns]
};

LUMIR_ESTIMATOR(PCA, {
                         .summary = "Projects rows on the directions in which they differ most.",
                         .returns = "a transformer; [rows, n_components] come out",
                         .example = "learn.PCA { n_components = 2 }",
                         .source = "agrees with scikit-learn's PCA",
                     });

}  // namespace
}  // namespace lumir::learn
