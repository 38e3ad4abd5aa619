// QuantileTransformer: every column spread evenly, or as a normal one, whatever its shape was.

#include <algorithm>
#include <cmath>

#include "core/parallel.h"
#include "core/random.h"
#include "learn/estimator.h"
#include "learn/quantiles.h"

namespace lumir::learn {
namespace {

struct QuantileTransformerOptions {
  int n_quantiles = 1000;
  std::string output_distribution = "uniform";
  std::optional<int> subsample = 10000;
  std::optional<int> seed;
  static Schema schema() {
    using S = QuantileTransformerOptions;
    return {Option{"n_quantiles", &S::n_quantiles, "places at which columns are measured, at most one for each row",
                   Range{1, 1e6}},
            Option{"output_distribution", &S::output_distribution, "0 to 1 evenly, or normal",
                   Choices{"uniform", "normal"}},
            Option{"subsample", &S::subsample, "rows that columns are measured by at most; 'none' for all", Range{1}},
            Option{"seed", &S::seed, "of the rows drawn; 'none' takes that of lumir.seed"}};
  }
};

constexpr double kEdge = 1e-7;  // of the normal distribution: beyond lies no number

class QuantileTransformer final : public Described<Transformer, QuantileTransformerOptions> {
 public:
  using Described::Described;

  void fit_rows(const Training& training) override {
    const Matrix& x = training.x;
    check_rows(name(), x);
    std::vector<int> rows;
    if (option().subsample && x.rows > static_cast<size_t>(*option().subsample)) {
      Random random(seed_or_global(option().seed), "quantiles");
      rows = random.permutation(static_cast<int>(x.rows));
      rows.resize(static_cast<size_t>(*option().subsample));
    }
    const size_t seen = rows.empty() ? x.rows : rows.size();
    const size_t count = std::min(static_cast<size_t>(option().n_quantiles), x.rows);
    references_.clear();
    for (size_t q = 0; q < count; ++q) {
      references_.push_back(count > 1 ? static_cast<double>(q) / static_cast<double>(count - 1) : 0);
    }
    quantiles_ = Matrix(count, x.columns);
    parallel_for(x.columns, [&](size_t column) {
      std::vector<double> values;
      for (size_t i = 0; i < seen; ++i) {
        values.push_back(x(rows.empty() ? i : static_cast<size_t>(rows[i]), column));
      }
      std::sort(values.begin(), values.end());
      for (size_t q = 0; q < count; ++q) quantiles_(q, column) = quantile_of_sorted(values, references_[q]);
      for (size_t q = 1; q < count; ++q)
        quantiles_(q, column) = std::max(quantiles_(q, column), quantiles_(q - 1, column));
    });
  }

  bool fitted() const override { return quantiles_.columns > 0; }

  Matrix transform_rows(const Matrix& x) const override {
    check_columns(name(), x, quantiles_.columns);
    Matrix out(x.rows, x.columns);
    const bool normal = option().output_distribution == "normal";
    const double most = normal_quantile(1 - kEdge);
    parallel_for(x.columns, [&](size_t column) {
      std::vector<double> quantiles;
      for (size_t q = 0; q < quantiles_.rows; ++q) quantiles.push_back(quantiles_(q, column));
      for (size_t i = 0; i < x.rows; ++i) {
        const double share = share_below(quantiles, x(i, column));
        out(i, column) = !normal ? share : share <= kEdge ? -most : share >= 1 - kEdge ? most : normal_quantile(share);
      }
    });
    return out;
  }

  State state() const override { return {{"quantiles", to_array(quantiles_)}, {"references", references_}}; }

  void load_state(const State& state) override {
    quantiles_ = state_matrix(name(), state, "quantiles");
    references_ = state_numbers(name(), state, "references");
    if (references_.empty() || references_.size() != quantiles_.rows) refuse_state(name());
  }

 private:
  /// The share of the column below a number: in the middle where several quantiles are equal to it.
  double share_below(const std::vector<double>& quantiles, double number) const {
    if (number == quantiles.front()) return references_.front();
    if (number == quantiles.back()) return references_.back();
    if (number < quantiles.front()) return 0;
    if (number > quantiles.back()) return 1;
    const auto low = std::lower_bound(quantiles.begin(), quantiles.end(), number);
    const auto high = std::upper_bound(low, quantiles.end(), number);
    const auto place = [&](auto at) { return static_cast<size_t>(at - quantiles.begin()); };
    if (low != high) return (references_[place(low)] + references_[place(high) - 1]) / 2;
    const size_t above = place(high);
    const double step = (number - quantiles[above - 1]) / (quantiles[above] - quantiles[above - 1]);
    return references_[above - 1] + step * (references_[above] - references_[above - 1]);
  }

  Matrix quantiles_;  // [quantiles, columns]
  std::vector<double> references_;
};

LUMIR_ESTIMATOR(QuantileTransformer,
                {
                    .summary = "Spreads every column evenly, or as a normal one, whatever its shape was.",
                    .returns = "a transformer; [rows, columns] come out",
                    .example = "learn.QuantileTransformer { output_distribution = 'normal' }",
                    .source = "agrees with scikit-learn's QuantileTransformer",
                });

}  // namespace
}  // namespace lumir::learn
