// Sentences that are written from numbers say those numbers.

#include <catch2/catch.hpp>

#include "engine/report/made_up.h"
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
