// KNeighborsRegressor: a row's numbers are the mean of those of its nearest rows.

#include "core/matrix_array.h"
#include "learn/estimator.h"
#include "learn/neighbours.h"

namespace lumir::learn {
namespace {

struct KNeighborsRegressorOptions : NeighbourOptions {
  static Schema schema() { return neighbour_schema<KNeighborsRegressorOptions>("rows whose mean it is", "row"); }
};

class KNeighborsRegressor final : public Described<Regressor, KNeighborsRegressorOptions> {
 public:
  using Described::Described;

  bool fitted() const override { return rows_->columns > 0; }

  /// "rows" and "values": what it was fitted on.
  State state() const override { return {{"rows", array_of(rows_)}, {"values", to_array(values_)}}; }

 protected:
  void fit_rows(const Training& training) override {
    check_numbers(name(), training);
    check_enough(name(), option(), training.x.rows);
    if (!training.weights.empty()) throw ArgumentError(name() + ": takes no weights of rows");
    rows_ = training.kept_rows();
    values_ = *training.values;
    n_classes_ = static_cast<int>(values_.columns);
  }

  void load_state(const State& state) override {
    rows_ = state_matrix(name(), state, "rows");
    values_ = state_matrix(name(), state, "values");
    if (values_.rows != rows_->rows || values_.columns == 0 || rows_->columns == 0 ||
        rows_->rows < static_cast<size_t>(option().n_neighbors)) {
      refuse_state(name());
    }
    n_classes_ = static_cast<int>(values_.columns);
  }

  Matrix number_rows(const Matrix& x) const override {
    check_columns(name(), x, rows_->columns);
    const auto found =
        find_neighbours(name(), x, rows_, static_cast<size_t>(option().n_neighbors), option().distance());
    Matrix numbers(x.rows, values_.columns);
    for (size_t i = 0; i < x.rows; ++i) add_neighbours(found, i, numbers.row(i));
    return numbers;
  }

  /// Its state is what went in, and that was looked at.
  void check_fit() const override {}

 private:
  void add_neighbours(const Neighbours& found, size_t query, std::span<double> numbers) const {
    const auto near = found.rows_of(query);
    const auto weights = vote_weights(found, query, near.size(), option().weights == "distance");
    double total = 0;
    for (size_t n = 0; n < near.size(); ++n) {
      const auto row = values_.row(static_cast<size_t>(near[n]));
      for (size_t j = 0; j < numbers.size(); ++j) numbers[j] += weights[n] * row[j];
      total += weights[n];
    }
    for (double& number : numbers) number /= total;
  }

  SharedMatrix rows_;
  Matrix values_;
};

LUMIR_ESTIMATOR(KNeighborsRegressor, {
                                         .summary = "Numbers as the mean of those of the nearest rows.",
                                         .returns = "a regressor",
                                         .example = "learn.KNeighborsRegressor { n_neighbors = 3 }",
                                         .source = "agrees with scikit-learn's KNeighborsRegressor",
                                     });

}  // namespace
}  // namespace lumir::learn
