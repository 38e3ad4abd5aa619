// Metrics where scikit-learn's definitions have corners; numbers on ordinary tables stand in tests/lua/metric.

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

#include "core/error.h"
#include "metric/confusion.h"
#include "metric/metric.h"
#include "metric/scorer.h"
#include "metric/thresholds.h"

using namespace lumir;
using namespace lumir::metric;

namespace {

const std::vector<int> kTruth{0, 0, 1, 1};
const std::vector<int> kPredicted{0, 1, 1, 1};

Answers answers(int n_classes) { return {kTruth, kPredicted, nullptr, n_classes}; }

}  // namespace

TEST_CASE("a class that occurs nowhere does not pull a macro average down") {
  // precision of the two classes: 1 and 2/3
  CHECK(measure_number("precision", {}, answers(2)) == Approx(5.0 / 6));
  CHECK(measure_number("precision", {}, answers(5)) == Approx(5.0 / 6));
  const Value each = measure("precision", {{"average", "none"}}, answers(3));
  CHECK(each == Value(List{1.0, 2.0 / 3, 0.0}));
}

TEST_CASE("a class that is predicted but never true counts with recall 0") {
  const std::vector<int> truth{0, 0}, predicted{0, 1};
  // recall: 1/2 of class 0, 0 of class 1
  CHECK(measure_number("recall", {}, {truth, predicted, nullptr, 2}) == Approx(0.25));
}

TEST_CASE("confusion counts truth in rows and predictions in columns") {
  const Matrix counts = confusion(answers(3));
  CHECK(counts.rows == 3);
  CHECK(counts.values == std::vector<double>{1, 1, 0, 0, 2, 0, 0, 0, 0});
  const auto classes = count_classes(answers(3));
  CHECK(classes[0].truth == 2);
  CHECK(classes[1].predicted == 3);
  CHECK(classes[1].right == 2);
  CHECK(classes[1].present());
  CHECK_FALSE(classes[2].present());
  const Value f1 = measure("f1", {{"average", "none"}}, answers(3));
  CHECK(*(*f1.list())[0].number() == Approx(2.0 / 3));
  CHECK(*(*f1.list())[1].number() == Approx(0.8));
}

TEST_CASE("equal scores rank by the order of classes, so top-1 is the class that predict would name") {
  Matrix scores(2, 3);
  scores.values = {0.4, 0.4, 0.2, 0.4, 0.4, 0.2};
  const std::vector<int> truth{0, 1};
  CHECK(measure_number("top_k", {{"k", 1}}, {truth, {}, &scores, 3}) == 0.5);
  CHECK(measure_number("top_k", {{"k", 2}}, {truth, {}, &scores, 3}) == 1.0);
}

TEST_CASE("what no metric can measure is refused in one line") {
  CHECK_THROWS_WITH(measure("acuracy", {}, answers(2)), "metric: there is no 'acuracy' (did you mean 'accuracy'?)");
  CHECK_THROWS_WITH(measure("accuracy", {}, {}), "accuracy: there are no rows");
  CHECK_THROWS_WITH(measure("accuracy", {}, answers(1)), "accuracy: 'truth' holds class 2, classes are 1 to 1");
  CHECK_THROWS_WITH(measure("top_k", {}, answers(2)), "top_k: needs scores to rank by");
  const Matrix narrow(4, 1);
  CHECK_THROWS_WITH(measure("top_k", {}, {kTruth, {}, &narrow, 2}), "top_k: 'scores' is [4, 1], [4, 2] is wanted");
  CHECK_THROWS_AS(measure("top_k", {{"k", 0}}, answers(2)), ArgumentError);
  CHECK_THROWS_WITH(measure_number("f1", {{"average", "none"}}, answers(2)),
                    "f1: gives no single number with these options");
}

TEST_CASE("a row of weight 3 counts like three rows, in every metric") {
  const std::vector<int> truth{0, 1, 2, 1, 0}, predicted{0, 2, 2, 1, 1};
  Matrix scores(5, 3);
  scores.values = {0.5, 0.3, 0.2, 0.1, 0.4, 0.5, 0.2, 0.2, 0.6, 0.3, 0.4, 0.3, 0.3, 0.6, 0.1};
  const std::vector<double> weights{1, 3, 0, 2, 1};
  std::vector<int> rows, truth_of_rows, predicted_of_rows;
  for (int row = 0; row < 5; ++row)
    rows.insert(rows.end(), static_cast<size_t>(weights[static_cast<size_t>(row)]), row);
  for (const int row : rows) {
    truth_of_rows.push_back(truth[static_cast<size_t>(row)]);
    predicted_of_rows.push_back(predicted[static_cast<size_t>(row)]);
  }
  const Matrix scores_of_rows = scores.take(rows);
  const Answers weighted{truth, predicted, &scores, 3, ScoreKind::probabilities};
  const Answers repeated{truth_of_rows, predicted_of_rows, &scores_of_rows, 3, ScoreKind::probabilities};
  for (const Entry* entry : entries("metric")) {
    if (!is_metric(entry->name) && entry->name != "confusion") continue;
    INFO(entry->name);
    if (entry->name == "confusion") {
      CHECK(confusion(weighted, weights).values == confusion(repeated).values);
      continue;
    }
    if (!traits_of(entry->name).measures(Target::classes)) continue;
    const Scorer scorer(entry->name);
    CHECK(*scorer.measurer(weighted)(weights).number() == Approx(scorer.score(repeated)));
    CHECK(*scorer.measurer(weighted)().number() == Approx(scorer.score(weighted)));
  }
}

TEST_CASE("a row of weight 3 counts like three rows, also of tags and of numbers") {
  Matrix truth(4, 2), scores(4, 2), taken(4, 2);
  truth.values = {1, 0, 0, 1, 1, 1, 0, 0};
  scores.values = {0.9, 0.1, 0.4, 0.4, 0.4, 0.8, 0.2, 0.4};
  for (size_t i = 0; i < taken.values.size(); ++i) taken.values[i] = scores.values[i] >= 0.4;
  const std::vector<double> weights{1, 3, 2, 1};
  const std::vector<int> rows{0, 1, 1, 1, 2, 2, 3};
  const Matrix truth_of_rows = truth.take(rows), scores_of_rows = scores.take(rows), taken_of_rows = taken.take(rows);
  const auto answers_of = [](Target target, const Matrix& is, const Matrix& said, const Matrix& given) {
    Answers answers{{}, {}, &said, 2, ScoreKind::probabilities};
    answers.target = target;
    answers.values = &is;
    answers.taken = &given;
    return answers;
  };
  for (const Entry* entry : entries("metric")) {
    for (const Target target : {Target::tags, Target::numbers}) {
      if (!is_metric(entry->name) || !traits_of(entry->name).measures(target)) continue;
      INFO(entry->name);
      const Scorer scorer(entry->name);
      const Answers all = answers_of(target, truth, scores, taken);
      const Answers repeated = answers_of(target, truth_of_rows, scores_of_rows, taken_of_rows);
      CHECK(*scorer.measurer(all)(weights).number() == Approx(scorer.score(repeated)));
    }
  }
}

TEST_CASE("the best threshold of a tag is the highest of those with the best F1") {
  Matrix truth(4, 3), scores(4, 3);
  // the first tag: F1 is best from 0.6 on; the second: 2/3 from 0.9 on and from 0.3 on; the third stands on no row
  truth.values = {1, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0};
  scores.values = {0.8, 0.9, 0.4, 0.6, 0.8, 0.4, 0.5, 0.3, 0.4, 0.1, 0.3, 0.4};
  Answers answers{{}, {}, &scores, 3, ScoreKind::probabilities};
  answers.target = Target::tags;
  answers.values = &truth;
  CHECK(best_thresholds(answers) == std::vector<double>{0.6, 0.9, 0.5});
}

TEST_CASE("whether more is better is known of metrics, and of losses and errors that are none") {
  for (const char* name : {"accuracy", "f1_macro", "top_3", "r2", "tempo"}) CHECK(greater_is_better(name));
  for (const char* name : {"mean_absolute_error", "brier_score", "log_loss", "loss", "pitch_error"}) {
    CHECK_FALSE(greater_is_better(name));
  }
}

TEST_CASE("a name says the options of its metric, as scikit-learn's scoring strings do") {
  CHECK(Scorer("f1_weighted").score(answers(2)) == measure_number("f1", {{"average", "weighted"}}, answers(2)));
  CHECK(Scorer("metric.precision_micro").score(answers(2)) == 0.75);
  CHECK(Scorer("top_2").options() == Map{{"k", 2}});
  CHECK(Scorer("top_2").needs() == Needs::kScores);
  CHECK(Scorer("accuracy").better(0.8, 0.7));
  CHECK_FALSE(Scorer("log_loss").greater_is_better());
  CHECK_THROWS_WITH(Scorer("acuracy", "GridSearch"),
                    "GridSearch: there is no metric 'acuracy' (did you mean 'accuracy'?)");
  CHECK_THROWS_WITH(Scorer("top_0").score(answers(2)), Catch::Contains("'k' = 0 is out of range"));
  CHECK_THROWS_WITH(Scorer("f1_none").score(answers(2)), "f1_none: gives no single number with these options");
}

TEST_CASE("titles say the way of averaging, short ones only where it is unusual") {
  CHECK(Scorer("f1").title() == "macro F1");
  CHECK(Scorer("f1").short_title() == "F1");
  CHECK(Scorer("f1_weighted").short_title() == "weighted F1");
  CHECK(Scorer("top_k").title() == "top-3");
  CHECK(Scorer("top_5").short_title() == "top-5");
  CHECK(Scorer("log_loss").title() == "log loss");
}

TEST_CASE("log loss takes probabilities and nothing else") {
  Matrix scores(2, 2);
  scores.values = {0.75, 0.25, 1, 0};
  const std::vector<int> truth{0, 1};
  const double impossible = -std::log(std::numeric_limits<double>::epsilon());
  const Answers sure{truth, {}, &scores, 2, ScoreKind::probabilities};
  // sklearn.metrics.log_loss([0, 1], [[0.75, 0.25], [1, 0]]) = 18.1656
  CHECK(measure_number("log_loss", {}, sure) == Approx((-std::log(0.75) + impossible) / 2));
  CHECK_THROWS_WITH(measure("log_loss", {}, {truth, {}, &scores, 2, ScoreKind::decisions}),
                    "log_loss: needs probabilities, and these scores are decisions");
}

TEST_CASE("scores that are no numbers or no probabilities are refused by their row") {
  Matrix scores(2, 2);
  const std::vector<int> truth{0, 1};
  const Answers answers{truth, {}, &scores, 2, ScoreKind::probabilities};
  scores.values = {0.5, 0.5, std::numeric_limits<double>::quiet_NaN(), 1};
  CHECK_THROWS_WITH(measure("top_k", {}, answers), "top_k: the scores of row 2 hold NaN");
  scores.values = {1.5, -0.5, 0, 1};
  CHECK_THROWS_WITH(measure("log_loss", {}, answers), "log_loss: row 1 holds 1.5, which is no probability (0 to 1)");
  scores.values = {0.5, 0.5, 0.5, 0.9};
  CHECK_THROWS_WITH(measure("log_loss", {}, answers), "log_loss: the probabilities of row 2 sum to 1.4, not to 1");
  CHECK(measure_number("top_k", {{"k", 1}}, answers) == 1);
}

TEST_CASE("micro averages and weighted recall are accuracy, so chance is told of them as of it") {
  for (const char* name : {"f1_micro", "precision_micro", "recall_micro", "recall_weighted"}) {
    const auto measurer = Scorer(name).measurer(answers(3));
    CHECK(measurer.rows() != nullptr);
    CHECK(*measurer().number() == 0.75);
  }
  CHECK(Scorer("f1").measurer(answers(3)).rows() == nullptr);
}
