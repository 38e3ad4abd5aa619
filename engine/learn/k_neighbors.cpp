// KNeighbors: a row is of the class that most of its nearest rows are of.

#include <algorithm>
#include <cmath>
#include <map>

#include "core/matrix_array.h"
#include "learn/class_weight.h"
#include "learn/estimator.h"
#include "learn/neighbours.h"
#include "learn/shares_work.h"

namespace lumir::learn {
namespace {

struct KNeighborsOptions : NeighbourOptions {
  static Schema schema() { return neighbour_schema<KNeighborsOptions>("rows that vote", "vote"); }
};

/// The first k neighbours' shares of the votes.
void vote(const Neighbours& found, size_t query, const KNeighborsOptions& options, const std::vector<int>& labels,
          std::span<double> shares) {
  const size_t k = static_cast<size_t>(options.n_neighbors);
  const auto rows = found.rows_of(query).first(k);
  const auto weights = vote_weights(found, query, k, options.weights == "distance");
  double total = 0;
  std::fill(shares.begin(), shares.end(), 0);
  for (size_t n = 0; n < k; ++n) {
    shares[static_cast<size_t>(labels[static_cast<size_t>(rows[n])])] += weights[n];
    total += weights[n];
  }
  for (double& share : shares) share /= total;
}

class KNeighbors final : public Described<Classifier, KNeighborsOptions>, public SharesWork {
 public:
  using Described::Described;

  void fit_rows(const Training& training) override {
    check_classes(name(), training);
    refuse_weights(name(), training);
    check_enough(name(), option(), training.x.rows);
    rows_ = training.kept_rows();
    labels_ = training.y;
    n_classes_ = training.n_classes;
  }

  bool fitted() const override { return rows_->columns > 0; }

  Matrix score_rows(const Matrix& x) const override {
    check_columns(name(), x, rows_->columns);
    const auto found =
        find_neighbours(name(), x, rows_, static_cast<size_t>(option().n_neighbors), option().distance());
    Matrix out(x.rows, static_cast<size_t>(n_classes_));
    for (size_t i = 0; i < x.rows; ++i) vote(found, i, option(), labels_, out.row(i));
    return out;
  }

  ScoreKind score_kind() const override { return ScoreKind::votes; }

  /// Its state is what went in, and that was looked at.
  void check_fit() const override {}

  /// One search for the largest k of a distance answers every k and weighting.
  std::vector<Trial> try_settings(const std::vector<Map>& settings, const Training& training, const Matrix& test,
                                  const std::function<void()>& done) const override {
    check_classes(name(), training);
    refuse_weights(name(), training);
    std::vector<Trial> trials(settings.size());
    std::vector<KNeighborsOptions> read(settings.size());
    std::map<std::pair<std::string, double>, size_t> most;  // neighbours asked for by each distance
    for (size_t s = 0; s < settings.size(); ++s) {
      try {
        read[s] = option_with(settings[s]);
        check_enough(name(), read[s], training.x.rows);
        size_t& k = most[{read[s].metric, read[s].p}];
        k = std::max(k, static_cast<size_t>(read[s].n_neighbors));
      } catch (const ArgumentError& problem) {
        trials[s].reason = problem.what();
      }
    }
    check_columns(name(), test, training.x.columns);
    std::map<std::pair<std::string, double>, Neighbours> found;
    for (const auto& [key, k] : most)
      found[key] = find_neighbours(name(), test, training.x, k, {key.first, key.second});
    for (size_t s = 0; s < settings.size(); ++s) {
      if (trials[s].reason.empty()) {
        const Neighbours& near = found.at({read[s].metric, read[s].p});
        Matrix shares(test.rows, static_cast<size_t>(training.n_classes));
        for (size_t i = 0; i < test.rows; ++i) vote(near, i, read[s], training.y, shares.row(i));
        trials[s].answers.predicted = model::highest(shares);
        trials[s].answers.scores = std::move(shares);
        trials[s].answers.kind = score_kind();
      }
      done();
    }
    return trials;
  }

  /// "rows", "labels" and "n_classes": what it was fitted on.
  State state() const override {
    return {{"rows", array_of(rows_)},
            {"labels", std::vector<double>(labels_.begin(), labels_.end())},
            {"n_classes", {static_cast<double>(n_classes_)}}};
  }

  void load_state(const State& state) override {
    rows_ = state_matrix(name(), state, "rows");
    const auto labels = state_numbers(name(), state, "labels");
    const auto n_classes = state_numbers(name(), state, "n_classes");
    bool fits = n_classes.size() == 1 && n_classes[0] >= 2 && n_classes[0] <= 1e6 && labels.size() == rows_->rows &&
                rows_->rows >= static_cast<size_t>(option().n_neighbors);
    for (const double label : labels) fits = fits && label >= 0 && label < n_classes[0] && label == std::floor(label);
    if (!fits) refuse_state(name());
    labels_.assign(labels.begin(), labels.end());
    n_classes_ = static_cast<int>(n_classes[0]);
  }

 private:
  SharedMatrix rows_;
  std::vector<int> labels_;
};

LUMIR_ESTIMATOR(KNeighbors, {
                                .summary = "Gives a row the class that most of its nearest rows are of.",
                                .returns = "a classifier; scores are shares of the votes",
                                .example = "learn.KNeighbors { n_neighbors = 7, weights = 'distance' }",
                                .source = "agrees with scikit-learn's KNeighborsClassifier",
                            });

}  // namespace
}  // namespace lumir::learn
