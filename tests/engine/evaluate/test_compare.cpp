// Comparison: scores, order, differences and what is refused.

#include <catch2/catch.hpp>

#include "core/error.h"
#include "engine/evaluate/fixed_model.h"
#include "evaluate/compare.h"
#include "learn/grid_search.h"
#include "metric/scorer.h"

using namespace lumir;
using namespace lumir::evaluate;
using tests::model_that_predicts;
using tests::numbered_table;

namespace {

const std::vector<std::string> kClasses{"a", "b", "c", "d"};

Contender of(const std::string& name, const model::EstimatorPtr& estimator, double fit_seconds) {
  model::Model model{estimator};
  model.classes = kClasses;
  model.fit_seconds = fit_seconds;
  return {name, model};
}

std::vector<int> truth_of(size_t n) {
  std::vector<int> truth(n);
  for (size_t i = 0; i < n; ++i) truth[i] = static_cast<int>(i % kClasses.size());
  return truth;
}

/// The truth with every `step`-th row taken for the class before it.
std::vector<int> wrong_every(std::vector<int> truth, size_t step) {
  for (size_t i = 0; i < truth.size(); i += step) truth[i] = (truth[i] + 3) % 4;
  return truth;
}

CompareOptions by_top(std::vector<int> top) {
  CompareOptions options;
  options.top = std::move(top);
  return options;
}

CompareOptions by_metrics(std::vector<std::string> metrics) {
  CompareOptions options;
  options.metrics = std::move(metrics);
  return options;
}

/// A metric that only this file knows: how many rows were taken for class 0.
metric::Measurer first_class(const metric::Answers& answers, const NoOptions&) {
  std::vector<double> first;
  for (const int y : answers.predicted) first.push_back(y == 0);
  return metric::Measurer::share(std::move(first));
}

const metric::RegisterMetric<NoOptions> first_class_metric{
    "share_of_first",
    first_class,
    {.summary = "Share of rows that were taken for the first class.",
     .returns = "a number from 0 to 1",
     .example = "metric.share_of_first({ 'a', 'b' }, { 'a', 'a' })",
     .source = "made up for a test"},
    {.greater_is_better = false}};

}  // namespace

TEST_CASE("models stand best first, with every score") {
  const auto truth = truth_of(60);
  const auto valid = numbered_table(truth, kClasses, 3);
  const Results results = compare({of("poor", model_that_predicts(wrong_every(truth, 2), 4), 0.5),
                                   of("good", model_that_predicts(wrong_every(truth, 10), 4), 0.25)},
                                  valid, nullptr, by_top({1, 3}));
  REQUIRE(results.models.size() == 2);
  const ModelResult& good = results.models[0];
  CHECK(good.name == "good");
  CHECK(good.fit_seconds == 0.25);
  CHECK(good.valid.at("accuracy").value == Approx(0.9));
  CHECK(good.valid.at("top_1").value == Approx(0.9));
  CHECK(good.valid.at("top_3").value == 1);  // the true class is the second rank of a wrong row
  CHECK(good.valid.at("accuracy").low < 0.9);
  CHECK(good.valid.at("accuracy").high > 0.9);
  CHECK(good.train.empty());
  CHECK(good.confusion(0, 3) == 3);  // rows 0, 20 and 40 are of class a
  CHECK(good.confusion(0, 0) == 12);
  CHECK(good.per_class[0].recall == Approx(0.8));
  CHECK(good.per_class[0].support == 15);
  CHECK(results.models[1].valid.at("accuracy").value == Approx(0.5));
  CHECK(results.group == "album");
}

TEST_CASE("models of equal accuracy stand by name") {
  const auto truth = truth_of(20);
  const auto valid = numbered_table(truth, kClasses, 2);
  const Results results =
      compare({of("b", model_that_predicts(truth, 4), 0), of("a", model_that_predicts(truth, 4), 0)}, valid, nullptr);
  CHECK(results.models[0].name == "a");
  CHECK_FALSE(results.differences[0].beyond_chance);
  CHECK(results.differences[0].gain.value == 0);
}

TEST_CASE("a clear difference is beyond chance, one row in sixty is not") {
  const auto truth = truth_of(60);
  const auto valid = numbered_table(truth, kClasses, 3);
  auto one_wrong = truth;
  one_wrong[7] = (one_wrong[7] + 1) % 4;
  const Results results =
      compare({of("all right", model_that_predicts(truth, 4), 0), of("one wrong", model_that_predicts(one_wrong, 4), 0),
               of("half wrong", model_that_predicts(wrong_every(truth, 2), 4), 0)},
              valid, nullptr);
  REQUIRE(results.differences.size() == 3);
  CHECK(results.differences[0].worse == "one wrong");
  CHECK_FALSE(results.differences[0].beyond_chance);
  CHECK(results.differences[1].worse == "half wrong");
  CHECK(results.differences[1].beyond_chance);
  CHECK(results.differences[1].gain.value == Approx(0.5));
  CHECK(results.differences[2].better == "one wrong");
}

TEST_CASE("train stands beside validation where it is asked for") {
  const auto truth = truth_of(40);
  const auto valid = numbered_table(truth, kClasses, 2);
  auto train = numbered_table(truth, kClasses, 2);
  train.y = wrong_every(truth, 4);
  const Results results = compare({of("m", model_that_predicts(truth, 4), 0)}, valid, &train);
  CHECK(results.models[0].valid.at("accuracy").value == 1);
  CHECK(results.models[0].train.at("accuracy").value == Approx(0.75));
}

TEST_CASE("a class that only others have does not count in macro averages") {
  const std::vector<int> truth{0, 0, 1, 1};
  const auto valid = numbered_table(truth, kClasses, 1);  // c and d have no rows here
  const Results results = compare({of("m", model_that_predicts({0, 1, 1, 1}, 4), 0)}, valid, nullptr);
  CHECK(results.models[0].valid.at("recall").value == Approx(0.75));
  CHECK(results.models[0].per_class[3].support == 0);
}

TEST_CASE("what cannot be compared is refused in one line") {
  const auto truth = truth_of(8);
  const auto valid = numbered_table(truth, kClasses, 2);
  const auto model = model_that_predicts(truth, 4);
  CHECK_THROWS_WITH(compare({}, valid, nullptr), "compare: needs at least one model");
  CHECK_THROWS_WITH(compare({of("m", model, 0)}, valid, nullptr, by_top({5})),
                    "compare: 'top' = 5 is out of range (1 to 4 classes)");
  CHECK_THROWS_WITH(compare({of("m", model_that_predicts({}, 4), 0)}, valid, nullptr),
                    "compare: KNeighbors is not fitted yet");
  CHECK_THROWS_WITH(compare({of("m", model_that_predicts(truth, 5), 0)}, valid, nullptr),
                    "compare: KNeighbors knows 5 classes, the table has 4");
  auto bare = valid;
  bare.y.clear();
  CHECK_THROWS_WITH(compare({of("m", model, 0)}, bare, nullptr), "compare: the table has no labels to compare with");
}

TEST_CASE("the record holds what the table shows") {
  const auto truth = truth_of(12);
  const Results results = compare({of("m", model_that_predicts(wrong_every(truth, 6), 4), 0)},
                                  numbered_table(truth, kClasses, 3), nullptr, by_top({1, 2}));
  const Value record = to_value(results);
  const Value& model = (*record["models"].list())[0];
  CHECK(*model["valid"]["accuracy"]["value"].number() == results.models[0].valid.at("accuracy").value);
  CHECK(*model["valid"]["top_2"]["high"].number() == results.models[0].valid.at("top_2").high);
  CHECK(model["confusion"].list()->size() == 4);
  CHECK(record["truth"].list()->size() == 12);
  CHECK(to_json(record) == to_json(from_json(to_json(record), "record")));
}

TEST_CASE("labels of a part of the corpus are counted as the models count them") {
  auto part = numbered_table({0, 1, 1}, {"b", "d"}, 1);
  const auto same = part.with_classes(kClasses, "compare");
  CHECK(same.y == std::vector<int>{1, 3, 3});
  CHECK(same.classes == kClasses);
  CHECK_THROWS_WITH(part.with_classes({"b", "c"}, "compare"), "compare: 'd' is no class that the models know");
}

TEST_CASE("what is asked for by name is measured, and the first metric ranks the models") {
  const auto truth = truth_of(60);
  const auto valid = numbered_table(truth, kClasses, 3);
  const std::vector<int> always_a(60, 0);
  const Results results = compare(
      {of("all a", model_that_predicts(always_a, 4), 0), of("poor", model_that_predicts(wrong_every(truth, 2), 4), 0)},
      valid, &valid, by_metrics({"f1_weighted", "top_2"}));
  CHECK(results.metrics == std::vector<std::string>{"f1_weighted", "top_2"});
  CHECK(results.models[0].name == "poor");
  CHECK(results.models[0].valid.size() == 2);
  CHECK(results.models[0].valid.at("f1_weighted").value == Approx(1.0 / 3));
  CHECK(results.differences[0].gain.value == Approx(1.0 / 3 - results.models[1].valid.at("f1_weighted").value));
  const std::string text = show(results);
  CHECK(text.starts_with("model   weighted F1  (95 %)   on train   top-2   fit s\n"));
}

TEST_CASE("a metric is known by its registration alone, here one that only this test has") {
  const auto truth = truth_of(40);
  const auto valid = numbered_table(truth, kClasses, 2);
  const std::vector<int> always_a(40, 0);
  const auto model = model_that_predicts(truth, 4);
  const Results results = compare({of("all a", model_that_predicts(always_a, 4), 0), of("right", model, 0)}, valid,
                                  nullptr, by_metrics({"share_of_first", "accuracy"}));
  CHECK(results.models[0].name == "right");  // less is better
  CHECK(results.models[0].valid.at("share_of_first").value == 0.25);
  CHECK(results.differences[0].better == "right");
  CHECK(results.differences[0].gain.value == 0.75);
  CHECK(results.differences[0].beyond_chance);
  CHECK(show(results).starts_with("model   share of first  (95 %)   accuracy   fit s\n"));
  ScoreOptions options;
  options.metric = "share_of_first";
  model::Model named{model};
  named.classes = kClasses;
  CHECK(score(named, valid, options, "score") == 0.25);
  const metric::Scorer scorer("share_of_first", "GridSearch");
  CHECK(scorer.better(0.1, 0.2));
}

TEST_CASE("metrics that cannot be measured are refused by name") {
  const auto truth = truth_of(8);
  const auto valid = numbered_table(truth, kClasses, 2);
  const std::vector<Contender> models{of("m", model_that_predicts(truth, 4), 0)};
  CHECK_THROWS_WITH(compare(models, valid, nullptr, by_metrics({"f1_makro"})),
                    "compare: there is no metric 'f1_makro' (did you mean 'f1_macro'?)");
  CHECK_THROWS_WITH(compare(models, valid, nullptr, by_metrics({"f1_none"})),
                    "f1_none: gives no single number with these options");
  CHECK_THROWS_WITH(compare(models, valid, nullptr, by_metrics({"log_loss"})),
                    "log_loss: needs probabilities, and these scores are decisions");
  CHECK_THROWS_WITH(compare(models, valid, nullptr, by_metrics({"f1", "f1"})),
                    "compare: the metric 'f1' is asked for twice");
}

TEST_CASE("what is known of chance is said: few groups, one group, averages over classes") {
  const auto truth = truth_of(60);
  const auto said = [&](size_t per_group, std::vector<std::string> metrics) {
    const auto valid = numbered_table(truth, kClasses, per_group);
    return show(compare({of("m", model_that_predicts(wrong_every(truth, 4), 4), 0)}, valid, nullptr,
                        by_metrics(std::move(metrics))));
  };
  CHECK_THAT(said(12, {"accuracy"}), Catch::Contains("intervals of 5 albums are rough: they are known to hold from 8"));
  CHECK_THAT(said(60, {"accuracy"}), Catch::Contains("one album only") && !Catch::Contains("0.750  ("));
  CHECK_THAT(said(3, {"f1"}), Catch::Contains("macro F1 has no interval"));
  CHECK_THAT(said(3, {"accuracy"}), !Catch::Contains("rough") && Catch::Contains("0.750  (0."));
}

TEST_CASE("models differ beyond chance by a metric that is no mean of rows too") {
  const auto truth = truth_of(60);
  const auto valid = numbered_table(truth, kClasses, 3);
  const Results results = compare(
      {of("right", model_that_predicts(truth, 4), 0), of("poor", model_that_predicts(wrong_every(truth, 2), 4), 0),
       of("same", model_that_predicts(truth, 4), 0)},
      valid, nullptr, by_metrics({"f1"}));
  CHECK_FALSE(results.differences[0].beyond_chance);  // right over same
  CHECK(results.differences[1].beyond_chance);
  CHECK_FALSE(results.differences[1].gain.known());
}
