// Learners answer as scikit-learn's do: every case of tests/golden/learn/agreement.json, which agreement.py wrote.

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

#include "engine/learn/sets.h"
#include "engine/worse.h"

using namespace lumir;
using namespace lumir::tests;

namespace {

constexpr double kAlike = 0.995;        // of the rows
constexpr double kCoefficients = 1e-3;  // in units of the largest, or 1
constexpr double kDirections = 1e-5;    // of LDA
// Means of two equal learners lie more than two standard errors apart in 4.6 of 100 comparisons, whatever the number of
// seeds. So beyond two lie no more than chance puts there, and beyond 3.5 none: of a hundred comparisons of equals one
// does so in 5 of 100 such lists.
constexpr double kErrors = 3.5, kUsual = 2;
constexpr double kBeyondUsual = 0.0455;

const Value& cases() {
  static const Value all = [] {
    const std::string path = std::string(LUMIR_ROOT) + "/tests/golden/learn/agreement.json";
    return from_json(read_file(path), path);
  }();
  return all.at("cases");
}

model::EstimatorPtr made(const Value& one, int seed) {
  Map options = *one.at("options").map();
  if (*one.at("seeds").number() > 0) options["seed"] = seed;
  auto learner = estimator(*one.at("learner").text(), options);
  if (!*one.at("scale").boolean()) return learner;
  return estimator("Pipeline", {{"steps", List{estimator("StandardScaler")->description(), learner->description()}}});
}

/// The largest difference, in units of the largest coefficient, or 1 where all are smaller.
double difference(const std::vector<double>& ours, const std::vector<double>& theirs, bool signs) {
  double off = 0, largest = 1;
  for (size_t i = 0; i < theirs.size(); ++i) {
    off = testing::worse(
        off, signs ? std::fabs(std::fabs(ours.at(i)) - std::fabs(theirs[i])) : std::fabs(ours.at(i) - theirs[i]));
    largest = std::max(largest, std::fabs(theirs[i]));
  }
  return off / largest;
}

void check_answers(const Value& one, const Labelled& train, const Labelled& test) {
  const auto model = made(one, 0);
  model->fit(train.training());
  const std::string array = *one.at("array").text();
  if (array == "transform") {
    const auto ours = model->transform(test.slice(0, 5).x).values;
    CHECK(difference(ours, numbers(one.at("coef")), *one.at("signs").boolean()) < kDirections);
    return;
  }
  CHECK(agreement(model->predict(test.x), labels(one.at("predicted"))) >= kAlike);
  if (array.empty()) return;
  const auto ours = model->state().at((*one.at("scale").boolean() ? "steps.1." : "") + array).doubles();
  const bool signs = *one.at("signs").boolean();
  CHECK(difference(ours, numbers(one.at("coef")), signs) < (signs ? kDirections : kCoefficients));
}

/// The mean accuracy over seeds, against that of as many seeds of theirs: how many standard errors lie between.
double check_accuracy(const Value& one, const Labelled& train, const Labelled& test) {
  std::vector<double> scores;
  const int seeds = static_cast<int>(*one.at("seeds").number());
  for (int seed = 0; seed < seeds; ++seed) {
    const auto model = made(one, seed);
    model->fit(train.training());
    scores.push_back(agreement(model->predict(test.x), test.y));
  }
  double mean = 0, squares = 0;
  for (const double score : scores) mean += score / seeds;
  for (const double score : scores) squares += (score - mean) * (score - mean) / (seeds - 1);
  const double theirs = *one.at("deviation").number();
  const double error = std::sqrt((squares + theirs * theirs) / seeds);
  const double apart = std::fabs(mean - *one.at("mean").number());
  CHECK(apart <= kErrors * error + 1e-9);
  return apart > 1e-9 ? apart / error : 0;
}

/// How many of n comparisons may lie beyond two standard errors: in 95 of 100 such lists no more do.
double most_by_chance(size_t n) {
  const double mean = kBeyondUsual * static_cast<double>(n);
  return mean + 1.645 * std::sqrt(mean * (1 - kBeyondUsual)) + 0.5;
}

}  // namespace

TEST_CASE("learners answer as scikit-learn's") {
  std::vector<double> apart;
  for (const Value& one : *cases().list()) {
    const std::string set = *one.at("set").text();
    INFO(*one.at("learner").text() + " " + to_json(one.at("options")) + " on " + set);
    const auto [train, test] = alternate(set_named(set));
    if (*one.at("seeds").number() > 0) {
      apart.push_back(check_accuracy(one, train, test));
    } else {
      check_answers(one, train, test);
    }
  }
  const auto beyond = std::count_if(apart.begin(), apart.end(), [](double errors) { return errors > kUsual; });
  INFO(beyond << " of " << apart.size() << " means lie beyond two standard errors");
  CHECK(static_cast<double>(beyond) <= most_by_chance(apart.size()));
}
