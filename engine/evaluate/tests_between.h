// Is one model better than another, or was it chance? Two tests that papers ask for.
//
// `compare` says the same in intervals told by group, which hold where rows come in groups; these two take rows (McNemar)
// or rounds (the t test) for independent, as their authors do.

#pragma once

#include <span>
#include <vector>

namespace lumir::evaluate {

struct TestResult {
  double statistic = 0;
  double p = 1;           // two-sided
  double difference = 0;  // of the first over the second: shares of right answers, or means of scores
};

/// McNemar's test on the rows that one of two models has right and the other wrong. `exact`: the binomial distribution,
/// the statistic is the smaller of the two counts; else chi-square with the correction of continuity, as statsmodels has it.
/// McNemar, Note on the sampling error of the difference between correlated proportions (1947).
TestResult mcnemar(std::span<const int> truth, std::span<const int> one, std::span<const int> other, bool exact);

/// Student's t test of the scores of two models in the same rounds of a cross-validation, its variance corrected for rows
/// that teach in several rounds. `test_over_train` is how many rows test for each that teaches. Throws ArgumentError where
/// there are fewer than two rounds, or the rounds are not as many.
/// Nadeau and Bengio, Inference for the Generalization Error, Machine Learning 52 (2003).
TestResult corrected_t_test(std::span<const double> one, std::span<const double> other, double test_over_train);

}  // namespace lumir::evaluate
