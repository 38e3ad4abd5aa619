// What shuffling a column costs: rows pass the steps before a classifier once for each order.

#include <catch2/catch.hpp>

#include <atomic>
#include <cmath>
#include <limits>

#include "core/random.h"
#include "engine/learn/blobs.h"
#include "learn/importances.h"

using namespace lumir;
using namespace lumir::tests;

namespace {

/// Answers as a fitted estimator does, and counts how often it is asked for rows behind its steps.
class Watched final : public model::Estimator {
 public:
  explicit Watched(const model::Estimator& inner) : Estimator(inner.entry(), inner.options()), inner_(inner) {}
  bool is(model::Role role) const override { return inner_.is(role); }
  bool fitted() const override { return true; }
  bool takes_missing() const override { return inner_.takes_missing(); }
  State state() const override { return inner_.state(); }
  std::vector<const Estimator*> stages() const override {
    const auto stages = inner_.stages();
    return stages.size() > 1 ? stages : std::vector<const Estimator*>{this};
  }
  Matrix seen(const Matrix& x) const override {
    ++asked_;
    return inner_.seen(x);
  }
  int asked() const { return asked_; }
  int answered() const { return answered_; }

 protected:
  void fit_rows(const model::Training&) override {}
  void load_state(const State&) override {}
  model::Predictions answer_rows(const Matrix& x) const override {
    ++answered_;
    return inner_.answer(x);
  }

 private:
  const Estimator& inner_;
  mutable std::atomic<int> asked_ = 0, answered_ = 0;
};

model::EstimatorPtr fitted(const std::string& name, const Map& options, const Labelled& table) {
  const auto made = estimator(name, options);
  made->fit(table.training());
  return made;
}

/// The mean of all losses, each worked out by the whole pipeline.
std::vector<double> by_hand(const model::Estimator& of, const Labelled& table, int repeats, uint64_t seed) {
  std::vector<double> means(table.x.columns);
  const double whole = agreement(of.predict(table.x), table.y);
  for (size_t column = 0; column < means.size(); ++column) {
    for (int repeat = 0; repeat < repeats; ++repeat) {
      Random random(seed, "column " + std::to_string(column) + ", " + std::to_string(repeat));
      const auto order = random.permutation(static_cast<int>(table.x.rows));
      Matrix x = table.x;
      for (size_t i = 0; i < x.rows; ++i) x(i, column) = table.x(static_cast<size_t>(order[i]), column);
      means[column] += (whole - agreement(of.predict(x), table.y)) / repeats;
    }
  }
  return means;
}

Value selecting() {
  const auto select = estimator("SelectKBest", {{"k", 2}});
  return estimator("Pipeline", {{"steps", List{estimator("StandardScaler")->description(), select->description(),
                                               estimator("GaussianNB")->description()}}})
      ->description();
}

}  // namespace

TEST_CASE("importances by shuffling are those of whole answers, of a pipeline, a search of one, and a classifier") {
  const auto table = blobs(150, 5, 3, 1.5, 8);
  const Map search{{"estimator", selecting()}, {"grid", Map{{"SelectKBest.k", List{1, 3}}}}, {"folds", 3}};
  const auto made = model::make_estimator(selecting());
  made->fit(table.training());
  for (const auto& one : {made, fitted("GridSearch", search, table), fitted("GaussianNB", {}, table)}) {
    INFO(one->name());
    const auto found = learn::permutation_importances(*one, table.x, table.y, 3, 7);
    const auto expected = by_hand(*one, table, 3, 7);
    for (size_t j = 0; j < expected.size(); ++j) CHECK(found.mean[j] == Approx(expected[j]).margin(1e-12));
  }
}

TEST_CASE("rows pass the steps once for each order, and are not copied where there are none") {
  const auto table = blobs(150, 5, 3, 1.5, 8);
  const auto made = model::make_estimator(selecting());
  made->fit(table.training());
  const Watched pipeline(*made);
  learn::permutation_importances(pipeline, table.x, table.y, 3, 7);
  CHECK(pipeline.asked() == 1 + 5 * 3);
  CHECK(pipeline.answered() == 1);  // whose steps would see the rows again
  const auto alone = fitted("GaussianNB", {}, table);
  const Watched classifier(*alone);
  learn::permutation_importances(classifier, table.x, table.y, 3, 7);
  CHECK(classifier.asked() == 0);
}

TEST_CASE("a column without a number for any row costs nothing to shuffle") {
  auto table = blobs(150, 5, 3, 1.5, 8);
  for (size_t i = 0; i < table.x.rows; ++i) table.x(i, 4) = std::numeric_limits<double>::quiet_NaN();
  const auto boosted = fitted("HistGradientBoosting", {{"max_iter", 5}}, table);
  CHECK(learn::permutation_importances(*boosted, table.x, table.y, 2, 7).mean[4] == 0);
}
