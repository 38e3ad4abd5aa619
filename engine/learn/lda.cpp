// LDA: the directions that tell classes apart best, where all classes are clouds of one shape; a classifier, and a
// projection on these directions.

#include <algorithm>
#include <cmath>
#include <limits>

#include "learn/column_squares.h"
#include "learn/linear_classifier.h"
#include "learn/priors.h"
#include "tensor/linear_algebra.h"

namespace lumir::learn {
namespace {

struct LDAOptions {
  std::string solver = "svd";
  std::variant<double, std::string> shrinkage = "none";
  std::vector<double> priors;
  std::optional<int> n_components;
  double tol = 1e-4;
  static Schema schema() {
    return {Option{"solver", &LDAOptions::solver,
                   "'svd' needs no covariance; 'eigen' and 'lsqr' can shrink it, and 'lsqr' cannot project",
                   Choices{"svd", "eigen", "lsqr"}},
            Option{"shrinkage", &LDAOptions::shrinkage,
                   "how far covariances move towards a ball: a share, or 'auto' (Ledoit and Wolf)",
                   Choices{"none", "auto"}, Range{0, 1}},
            priors_option(&LDAOptions::priors),
            Option{"n_components", &LDAOptions::n_components,
                   "directions to project on; 'none' for the most there are, one less than classes", Range{1}},
            Option{"tol", &LDAOptions::tol, "singular values below do not count ('svd')", kNonNegative}};
  }
};

/// Less the middle of each row's class.
Matrix within(const PresentRows& rows, const Matrix& means) {
  Matrix out = rows.x();
  for (size_t i = 0; i < out.rows; ++i) {
    const auto mean = means.row(static_cast<size_t>(rows.y[i]));
    for (size_t j = 0; j < out.columns; ++j) out(i, j) -= mean[j];
  }
  return out;
}

/// By how much the covariance of centred rows should shrink: Ledoit and Wolf, A well-conditioned estimator for
/// large-dimensional covariance matrices (2004).
double ledoit_wolf(const Matrix& centred, const Matrix& covariance) {
  const double n = static_cast<double>(centred.rows), p = static_cast<double>(centred.columns);
  double trace = 0, squares = 0, fourth = 0;
  for (size_t j = 0; j < centred.columns; ++j) trace += covariance(j, j);
  for (const double value : covariance.values) squares += value * value;
  for (size_t i = 0; i < centred.rows; ++i) {
    double length = 0;
    for (const double value : centred.row(i)) length += value * value;
    fourth += length * length;
  }
  const double mean = trace / p;
  const double delta = (squares - 2 * mean * trace + p * mean * mean) / p;
  const double beta = (fourth / n - squares) / (p * n);
  return delta == 0 ? 0 : std::min(beta, delta) / delta;
}

class LDA final : public Described<LinearClassifier, LDAOptions> {
 public:
  LDA(const Entry& entry, const Map& options) : Described(entry, options) {
    if (option().solver == "svd" && options_shrink()) {
      throw ArgumentError("LDA: 'shrinkage' needs 'solver' = 'eigen' or 'lsqr'");
    }
  }

  bool is(Role role) const override {
    return role == Role::classifier || (role == Role::transformer && option().solver != "lsqr");
  }
  ScoreKind score_kind() const override { return ScoreKind::probabilities; }

  std::vector<std::string> columns_out(const std::vector<std::string>&) const override {
    std::vector<std::string> names;
    for (size_t c = 0; c < components(); ++c) names.push_back("lda" + std::to_string(c + 1));
    return names;
  }

 protected:
  void fit_present(const PresentRows& rows) override {
    refuse_weights(name(), rows.training());
    if (rows.rows() <= rows.classes.count()) throw ArgumentError(name() + ": needs more rows than classes");
    check_components(rows);
    prior_ = priors_of(name(), option().priors, rows);
    means_ = Matrix(rows.classes.count(), rows.x().columns);
    const auto members = rows.rows_of_classes();
    for (size_t c = 0; c < members.size(); ++c) {
      const auto mean = mean_of(rows.x(), members[c]);
      std::copy(mean.begin(), mean.end(), means_.row(c).begin());
    }
    centre_.assign(means_.columns, 0);
    for (size_t c = 0; c < means_.rows; ++c) {
      for (size_t j = 0; j < means_.columns; ++j) centre_[j] += prior_[c] * means_(c, j);
    }
    check_column_squares(name(), rows.x(), centre_);
    if (option().solver == "svd") {
      solve_by_svd(rows);
    } else {
      solve_by_covariance(rows, members);
    }
    if (borders_.coef.rows == 2) keep_difference();
  }

  /// Probabilities, as two classes' one line gives them.
  Matrix score_present(const Matrix& x) const override {
    Matrix decisions = borders_.decisions(x);
    if (decisions.columns == 1) {
      Matrix two(decisions.rows, 2);
      for (size_t i = 0; i < two.rows; ++i) two(i, 1) = decisions(i, 0);
      decisions = std::move(two);
    }
    softmax(decisions);
    return decisions;
  }

  Matrix transform_rows(const Matrix& x) const override {
    if (!is(Role::transformer)) return Described::transform_rows(x);
    check_columns(name(), x, columns());
    Matrix moved = x;
    for (size_t i = 0; i < x.rows && option().solver == "svd"; ++i) {
      for (size_t j = 0; j < x.columns; ++j) moved(i, j) -= centre_[j];
    }
    Matrix kept(scalings_.rows, components());
    for (size_t j = 0; j < kept.rows; ++j) std::copy_n(scalings_.row(j).begin(), kept.columns, kept.row(j).begin());
    return tensor::multiply(moved, kept);
  }

  State state_present() const override {
    State state = Described::state_present();
    state["means"] = to_array(means_);
    state["priors"] = prior_;
    state["xbar"] = centre_;
    state["scalings"] = to_array(scalings_);
    state["explained_variance_ratio"] = ratio_;
    return state;
  }

  size_t load_present(const State& state) override {
    const size_t columns = Described::load_present(state);
    means_ = state_matrix(name(), state, "means");
    prior_ = state_numbers(name(), state, "priors");
    centre_ = state_numbers(name(), state, "xbar");
    scalings_ = state_matrix(name(), state, "scalings");
    ratio_ = state_numbers(name(), state, "explained_variance_ratio");
    const bool fits = means_.rows == classes().count() && means_.columns == columns && centre_.size() == columns &&
                      (scalings_.rows == columns || option().solver == "lsqr");
    if (!fits) refuse_state(name());
    return columns;
  }

 private:
  bool options_shrink() const {
    const auto* word = std::get_if<std::string>(&option().shrinkage);
    return !word || *word != "none";
  }

  size_t components() const {
    return option().n_components ? std::min(static_cast<size_t>(*option().n_components), scalings_.columns)
                                 : std::min(scalings_.columns, classes().count() - 1);
  }

  void check_components(const PresentRows& rows) const {
    if (!option().n_components) return;
    const size_t most = std::min(rows.classes.count() - 1, rows.x().columns);
    if (static_cast<size_t>(*option().n_components) <= most) return;
    throw ArgumentError(name() + ": 'n_components' = " + std::to_string(*option().n_components) + " is more than the " +
                        std::to_string(most) + " directions of these classes and columns");
  }

  void solve_by_svd(const PresentRows& rows) {
    Matrix x = within(rows, means_);
    const double n = static_cast<double>(x.rows), k = static_cast<double>(means_.rows);
    std::vector<double> deviation(x.columns);
    for (size_t i = 0; i < x.rows; ++i) {
      for (size_t j = 0; j < x.columns; ++j) deviation[j] += x(i, j) * x(i, j) / n;
    }
    for (double& number : deviation) number = number > 0 ? std::sqrt(number) : 1;
    for (size_t i = 0; i < x.rows; ++i) {
      for (size_t j = 0; j < x.columns; ++j) x(i, j) /= deviation[j] * std::sqrt(n);
    }
    const tensor::Svd inner = tensor::right_svd(x);
    const size_t rank = count_above(inner.values, option().tol);
    if (rank == 0) throw ArgumentError(name() + ": the rows of every class are alike");
    Matrix whitening(x.columns, rank);
    for (size_t j = 0; j < x.columns; ++j) {
      for (size_t r = 0; r < rank; ++r) whitening(j, r) = inner.vt(r, j) / deviation[j] / inner.values[r];
    }
    Matrix offsets = means_;
    for (size_t c = 0; c < offsets.rows; ++c) {
      for (size_t j = 0; j < offsets.columns; ++j) {
        offsets(c, j) = (offsets(c, j) - centre_[j]) * std::sqrt(n * prior_[c] / (k - 1));
      }
    }
    const tensor::Svd between = tensor::svd(tensor::multiply(offsets, whitening));
    keep_ratio(between.values, 2);
    Matrix directions = between.vt;
    directions.rows = std::max<size_t>(1, count_above(between.values, option().tol * between.values.front()));
    directions.values.resize(directions.rows * directions.columns);
    scalings_ = tensor::multiply_transposed(whitening, directions);
    Matrix from_centre = means_;
    for (size_t c = 0; c < from_centre.rows; ++c) {
      for (size_t j = 0; j < from_centre.columns; ++j) from_centre(c, j) -= centre_[j];
    }
    const Matrix places = tensor::multiply(from_centre, scalings_);
    borders_ = {tensor::multiply_transposed(places, scalings_), logarithms(prior_)};
    for (size_t c = 0; c < places.rows; ++c) {
      for (const double place : places.row(c)) borders_.intercept[c] -= 0.5 * place * place;
      for (size_t j = 0; j < centre_.size(); ++j) borders_.intercept[c] -= centre_[j] * borders_.coef(c, j);
    }
  }

  /// The mean of the classes' covariances, each shrunk, by their priors.
  Matrix covariance(const PresentRows& rows, const std::vector<std::vector<int>>& members) const {
    const Matrix centred = within(rows, means_);
    Matrix sum(centred.columns, centred.columns);
    for (size_t c = 0; c < members.size(); ++c) {
      const auto middle = means_.row(c);
      const Matrix add = shrunk(centred.take(members[c]), {middle.begin(), middle.end()});
      for (size_t at = 0; at < sum.values.size(); ++at) sum.values[at] += prior_[c] * add.values[at];
    }
    return sum;
  }

  /// The covariance of centred rows, moved towards a ball; 'auto' measures columns by their deviations, as
  /// scikit-learn. A column that varies by the rounding of its mean alone does not vary.
  Matrix shrunk(Matrix rows, const std::vector<double>& mean) const {
    const auto* share = std::get_if<double>(&option().shrinkage);
    const bool automatic = options_shrink() && !share;
    std::vector<double> unit(rows.columns, 1);
    for (size_t j = 0; j < rows.columns && automatic; ++j) {
      double squares = 0;
      for (size_t i = 0; i < rows.rows; ++i) squares += rows(i, j) * rows(i, j);
      const double n = static_cast<double>(rows.rows), variance = squares / n;
      const double rounding = n * mean[j] * std::numeric_limits<double>::epsilon();
      unit[j] = variance > rounding * rounding ? std::sqrt(variance) : 1;
      for (size_t i = 0; i < rows.rows; ++i) rows(i, j) /= unit[j];
    }
    Matrix found = tensor::gram(rows);
    double trace = 0;
    for (double& value : found.values) value /= static_cast<double>(rows.rows);
    for (size_t j = 0; j < found.rows; ++j) trace += found(j, j);
    const double by = automatic ? ledoit_wolf(rows, found) : share ? *share : 0;
    for (size_t a = 0; a < found.rows; ++a) {
      for (size_t b = 0; b < found.rows; ++b) {
        found(a, b) *= 1 - by;
        if (a == b) found(a, b) += by * trace / static_cast<double>(found.rows);
        found(a, b) *= unit[a] * unit[b];
      }
    }
    return found;
  }

  void solve_by_covariance(const PresentRows& rows, const std::vector<std::vector<int>>& members) {
    const Matrix inner = covariance(rows, members);
    if (option().solver == "eigen") find_directions(rows, inner);
    Matrix targets(means_.columns, means_.rows);
    for (size_t c = 0; c < means_.rows; ++c) {
      for (size_t j = 0; j < means_.columns; ++j) targets(j, c) = means_(c, j);
    }
    borders_ = {Matrix(means_.rows, means_.columns), logarithms(prior_)};
    const Matrix solved = divide(inner, targets);
    for (size_t c = 0; c < means_.rows; ++c) {
      for (size_t j = 0; j < means_.columns; ++j) {
        borders_.coef(c, j) = solved(j, c);
        borders_.intercept[c] -= 0.5 * means_(c, j) * solved(j, c);
      }
    }
  }

  /// a⁻¹ · b; where a has no inverse, along the directions in which it has one.
  Matrix divide(const Matrix& a, const Matrix& b) const {
    if (const auto solved = tensor::solve_positive(a, b)) return *solved;
    if (option().solver == "eigen")
      throw ArgumentError(name() + ": the columns depend on each other; raise 'shrinkage'");
    const tensor::Eigen parts = tensor::symmetric_eigen(a);
    Matrix along = tensor::transposed_multiply(parts.vectors, b);
    const double least = parts.values.back() * 1e-15 * static_cast<double>(a.rows);
    for (size_t d = 0; d < along.rows; ++d) {
      for (size_t c = 0; c < along.columns; ++c) along(d, c) *= parts.values[d] > least ? 1 / parts.values[d] : 0;
    }
    return tensor::multiply(parts.vectors, along);
  }

  /// Where the spread of all rows is largest in units of the spread within classes.
  void find_directions(const PresentRows& rows, const Matrix& inner) {
    const tensor::Eigen white = tensor::symmetric_eigen(inner);
    if (!(white.values.front() > 0)) {
      throw ArgumentError(name() + ": the columns depend on each other; raise 'shrinkage' or take 'solver' = 'svd'");
    }
    Matrix whitening = white.vectors;
    for (size_t j = 0; j < whitening.rows; ++j) {
      for (size_t d = 0; d < whitening.columns; ++d) whitening(j, d) /= std::sqrt(white.values[d]);
    }
    const Matrix between = difference(total(rows), inner);
    const tensor::Eigen parts =
        tensor::symmetric_eigen(tensor::multiply(tensor::transposed_multiply(whitening, between), whitening));
    const Matrix ascending = tensor::multiply(whitening, parts.vectors);
    std::vector<double> values(parts.values.rbegin(), parts.values.rend());
    keep_ratio(values, 1);
    scalings_ = ascending;
    for (size_t j = 0; j < ascending.rows; ++j) {
      std::reverse_copy(ascending.row(j).begin(), ascending.row(j).end(), scalings_.row(j).begin());
    }
  }

  /// The covariance of all rows, shrunk.
  Matrix total(const PresentRows& rows) const {
    std::vector<int> all(rows.rows());
    for (size_t i = 0; i < all.size(); ++i) all[i] = static_cast<int>(i);
    const auto mean = mean_of(rows.x(), all);
    Matrix centred = rows.x();
    for (size_t i = 0; i < centred.rows; ++i) {
      for (size_t j = 0; j < centred.columns; ++j) centred(i, j) -= mean[j];
    }
    return shrunk(std::move(centred), mean);
  }

  static Matrix difference(Matrix a, const Matrix& b) {
    for (size_t at = 0; at < a.values.size(); ++at) a.values[at] -= b.values[at];
    return a;
  }

  static size_t count_above(const std::vector<double>& values, double least) {
    return static_cast<size_t>(std::count_if(values.begin(), values.end(), [&](double v) { return v > least; }));
  }

  /// Shares of what the directions explain: of values, or of their squares.
  void keep_ratio(const std::vector<double>& values, int power) {
    double sum = 0;
    for (const double value : values) sum += power == 2 ? value * value : value;
    ratio_.clear();
    const size_t most = std::min(means_.rows - 1, values.size());
    const size_t kept = option().n_components ? static_cast<size_t>(*option().n_components) : most;
    for (size_t d = 0; d < std::min(kept, values.size()); ++d) {
      ratio_.push_back(sum > 0 ? (power == 2 ? values[d] * values[d] : values[d]) / sum : 0);
    }
  }

  /// Two lines become one: that of the second less that of the first.
  void keep_difference() {
    Matrix coef(1, borders_.coef.columns);
    for (size_t j = 0; j < coef.columns; ++j) coef(0, j) = borders_.coef(1, j) - borders_.coef(0, j);
    borders_ = {std::move(coef), {borders_.intercept[1] - borders_.intercept[0]}};
  }

  Matrix means_;     // [classes, columns]
  Matrix scalings_;  // [columns, directions]
  std::vector<double> prior_, centre_, ratio_;
};

LUMIR_ESTIMATOR(LDA, {
                         .summary = "The directions that tell classes apart best: a classifier and a projection.",
                         .returns = "a classifier and a transformer; scores are probabilities",
                         .example = "learn.LDA { n_components = 1 }",
                         .source = "agrees with scikit-learn's LinearDiscriminantAnalysis",
                     });

}  // namespace
}  // namespace lumir::learn
