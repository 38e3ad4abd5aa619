// Sentences that are written from numbers say those numbers.

#include <catch2/catch.hpp>

#include <algorithm>

#include "core/readable.h"
#include "engine/report/deck_text.h"
#include "report/sentences.h"

using namespace lumir;
using namespace lumir::report;
using namespace lumir::tests;

TEST_CASE("a fold is told by the rounded share of the recordings that its model has learnt from") {
  Experiment experiment;
  experiment.results = made_up_results(short_names(3), 1);
  auto& best = experiment.results->models.front();
  best.search_metric = "accuracy";
  best.search_score = 0.7;
  for (const auto& [folds, share] : {std::pair{2, "50"}, {3, "67"}, {5, "80"}, {6, "83"}, {13, "92"}}) {
    experiment.searches.clear();
    SearchTable search;
    search.model = best.name;
    search.folds = folds;
    experiment.searches.push_back(search);
    std::string text;
    for (const auto& sentence : analysis_of(*experiment.results, experiment)) text += sentence + "\n";
    INFO(folds << " folds: " << text);
    CHECK(text.find("had learnt from " + std::string(share) + " % of the training") != std::string::npos);
  }
}

TEST_CASE("a leak says whose scores it makes too good") {
  auto experiment = made_up_experiment(kThree, 1);
  const auto said = [&](const std::string& leak) {
    experiment.leaks = {leak};
    return discussion_of(experiment).at(1);  // behind the synthetic sample
  };
  const std::string rest = "2 albums are on both sides (leak = 'allowed')";
  CHECK(said("LEAK: " + rest) == "The scores are too good, because of a leak: LEAK: " + rest);
  CHECK(
      said(kFoldsLeak + rest).starts_with("The scores by which settings were chosen are too good, because folds of "));
  CHECK(said("LEAK, later split: " + rest).starts_with("The scores of a later split, not those of the first, are "));
  CHECK(said("labels are shuffled") == "Labels are shuffled.");
}

TEST_CASE("models that are right as often tie, and none is best") {
  auto results = made_up_results(kThree, 2);
  results.models[1].valid = results.models[0].valid;
  results.differences = {{"SVM", "Random forest", {0, -0.1, 0.1}, false}};
  const std::string first = results.models[0].name + " and " + results.models[1].name;
  const auto findings = findings_of(results);
  CHECK(findings[0].starts_with(first + " tie: the accuracy of each is "));
  for (const auto& sentence : findings) CHECK(sentence.find("+0.000") == std::string::npos);
}

TEST_CASE("computed findings name the best model, its interval and what is beyond chance") {
  auto results = made_up_results(long_names(), 2);
  results.differences = {{"SVM", "Random forest", {0.151, 0.07, 0.23}, true}};
  const auto findings = findings_of(results);
  const auto& score = results.models[0].valid.at("accuracy");
  CHECK(findings[0].find("SVM does best: its accuracy is " + show_score(score.value)) == 0);
  CHECK(findings[1] == "Beyond chance: SVM over Random forest by +0.151 (+0.070 to +0.230).");
  results.differences[0].beyond_chance = false;
  CHECK(findings_of(results)[1].find("Within chance, so not to be claimed: SVM over") == 0);
}

TEST_CASE("every class with the lowest recall is named") {
  auto experiment = made_up_experiment({"blues", "country", "disco", "jazz", "rock"}, 1);
  auto& classes = experiment.results->models[0].per_class;
  for (auto& one : classes) one.recall = one.name == "blues" ? 0.8 : 0;
  std::string text = all_text(deck_of(experiment));
  std::replace(text.begin(), text.end(), '\n', ' ');  // a slide folds its lines
  CHECK(text.find("best is blues (recall 0.800), worst are country, disco, jazz and rock (recall 0.000)") !=
        std::string::npos);
  CHECK(text.find("recall is lowest: rock (0.000), jazz (0.000), disco (0.000) and country (0.000)") !=
        std::string::npos);
}

TEST_CASE("a model that gives few classes is told by these, not by its recalls") {
  auto results = made_up_results(short_names(6), 1);
  auto& best = results.models.front();
  const auto said = [&] { return findings_of(results).back(); };
  CHECK(said().starts_with("Recognised best "));
  std::fill(best.predicted.begin(), best.predicted.end(), 3);
  CHECK(said() == best.name + " always answers singer_04.");
  best.predicted[0] = 0;
  CHECK(said() ==
        best.name + " answers nothing but singer_01 and singer_04: 2 of the 6 classes that it was asked about.");
}

TEST_CASE("a summary begins with the score and its interval, and one line alone is no slide") {
  auto experiment = made_up_experiment(kThree, 1);
  const auto& best = experiment.results->models.front();
  const auto score = best.valid.at("accuracy");
  CHECK(summary_of(experiment).front() == best.name + ": the accuracy is " + show_score(score.value) +
                                              " (95 % interval " + show_limits(score.value, score.low, score.high) +
                                              ") on 12 held-out recordings; a guess among 3 would reach 0.333.");
  experiment.results.reset();
  experiment.searches.clear();
  CHECK(summary_of(experiment).empty());  // of the chain alone
}
