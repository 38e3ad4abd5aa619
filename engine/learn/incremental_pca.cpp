// IncrementalPCA: principal components of batches of rows, one after the other.
//
// What is known of the rows before, their directions by their lengths and their middle, stands for them beside
// the next batch (Ross et al., Incremental learning for robust visual tracking, 2008). Memory is that of a batch.

#include <algorithm>
#include <cmath>

#include "learn/column_squares.h"
#include "learn/directions.h"
#include "learn/estimator.h"
#include "tensor/linear_algebra.h"

namespace lumir::learn {
namespace {

struct IncrementalPCAOptions {
  std::optional<int> n_components;
  bool whiten = false;
  std::optional<int> batch_size;
  static Schema schema() {
    using S = IncrementalPCAOptions;
    return {Option{"n_components", &S::n_components, "directions to keep; 'none' for all", Range{1}},
            Option{"whiten", &S::whiten, "give every direction variance 1"},
            Option{"batch_size", &S::batch_size, "rows of a batch; 'none' for five times the columns", Range{1}}};
  }
};

/// Rows begin .. end - 1.
Matrix part_of(const Matrix& x, size_t begin, size_t end) {
  Matrix some(end - begin, x.columns);
  std::copy_n(x.values.begin() + static_cast<ptrdiff_t>(begin * x.columns), some.values.size(), some.values.begin());
  return some;
}

class IncrementalPCA final : public Described<Transformer, IncrementalPCAOptions> {
 public:
  using Described::Described;

  void fit_rows(const Training& training) override {
    const Matrix& x = training.x;
    if (x.rows < 2 || x.columns == 0) throw ArgumentError("IncrementalPCA: needs at least two rows and one column");
    check_finite(name(), x);
    const size_t batch = option().batch_size ? static_cast<size_t>(*option().batch_size) : 5 * x.columns;
    const size_t first = std::min(batch, x.rows), most = std::min(first, x.columns);
    const size_t kept = option().n_components ? static_cast<size_t>(*option().n_components) : most;
    if (kept > most) {
      throw ArgumentError("IncrementalPCA: 'n_components' = " + std::to_string(kept) + " is more than the " +
                          std::to_string(most) + " directions of a batch");
    }
    mean_.assign(x.columns, 0);
    squares_.assign(x.columns, 0);
    for (size_t begin = 0; begin < x.rows;) {
      // as in scikit-learn, a rest that has too few rows for its directions belongs to the batch before it
      const size_t end = begin + batch + kept > x.rows ? x.rows : begin + batch;
      add_batch(part_of(x, begin, end), kept);
      begin = end;
    }
  }
  bool fitted() const override { return components_.rows > 0; }

  Matrix transform_rows(const Matrix& x) const override {
    check_columns(name(), x, mean_.size());
    return along(components_, x, mean_, option().whiten ? variances() : std::vector<double>());
  }
  std::vector<std::string> columns_out(const std::vector<std::string>&) const override {
    return direction_names(components_.rows);
  }

  /// scikit-learn's names without the underscore.
  State state() const override {
    std::vector<double> ratios;
    double total = 0;
    for (const double squares : squares_) total += squares;
    for (const double length : lengths_) ratios.push_back(total > 0 ? length * length / total : 0);
    return {{"mean", mean_},
            {"components", to_array(components_)},
            {"singular_values", lengths_},
            {"explained_variance", variances()},
            {"explained_variance_ratio", ratios},
            {"n_samples_seen", {rows_}},
            {"squares", squares_}};
  }
  void load_state(const State& state) override {
    const auto rows = state_numbers(name(), state, "n_samples_seen");
    mean_ = state_numbers(name(), state, "mean");
    components_ = state_matrix(name(), state, "components");
    lengths_ = state_numbers(name(), state, "singular_values");
    squares_ = state_numbers(name(), state, "squares");
    if (rows.size() != 1 || !(rows[0] >= 2) || components_.columns != mean_.size() ||
        lengths_.size() != components_.rows || squares_.size() != mean_.size()) {
      refuse_state(name());
    }
    rows_ = rows[0];
  }

 private:
  std::vector<double> variances() const {
    std::vector<double> found;
    for (const double length : lengths_) found.push_back(length * length / (rows_ - 1));
    return found;
  }

  void add_batch(const Matrix& rows, size_t kept) {
    const double n = static_cast<double>(rows.rows), all = rows_ + n;
    const std::vector<double> middle = tensor::column_means(rows);
    Matrix known(components_.rows + rows.rows + (rows_ > 0 ? 1 : 0), rows.columns);
    for (size_t c = 0; c < components_.rows; ++c) {
      for (size_t j = 0; j < rows.columns; ++j) known(c, j) = lengths_[c] * components_(c, j);
    }
    for (size_t i = 0; i < rows.rows; ++i) {
      for (size_t j = 0; j < rows.columns; ++j) {
        const double off = rows(i, j) - middle[j];
        known(components_.rows + i, j) = off;
        squares_[j] += off * off;
      }
    }
    for (size_t j = 0; j < rows.columns; ++j) {  // the way between both middles
      const double off = std::sqrt(rows_ * n / all) * (mean_[j] - middle[j]);
      if (rows_ > 0) known(known.rows - 1, j) = off;
      squares_[j] += off * off;
      mean_[j] += (middle[j] - mean_[j]) * n / all;
    }
    rows_ = all;
    check_squares(name(), squares_);
    const tensor::Svd parts = tensor::right_svd(known);
    lengths_.assign(parts.values.begin(), parts.values.begin() + static_cast<ptrdiff_t>(kept));
    components_ = part_of(parts.vt, 0, kept);
    orient(components_);
  }

  std::vector<double> mean_, squares_;  // of each column; sums of squares of rows less the mean
  std::vector<double> lengths_;         // singular values
  Matrix components_;
  double rows_ = 0;  // seen so far
};

LUMIR_ESTIMATOR(IncrementalPCA, {
                                    .summary = "Principal components of batches of rows, in the memory of a batch.",
                                    .returns = "a transformer; [rows, n_components] come out",
                                    .example = "learn.IncrementalPCA { n_components = 2 }",
                                    .source = "agrees with scikit-learn's IncrementalPCA",
                                });

}  // namespace
}  // namespace lumir::learn
