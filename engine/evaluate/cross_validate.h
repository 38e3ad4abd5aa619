// Cross-validation in one call: a model fitted and judged in round after round, with scores of both sides and the time of
// every fit.
//
// Each round fits a fresh copy, so a search inside makes nested folds: it chooses among its own folds of the rows that
// teach, and is judged on rows that it has not seen.

#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/value.h"
#include "data/audit.h"
#include "data/resampling.h"
#include "data/table.h"
#include "evaluate/fold_scores.h"
#include "model/model.h"

namespace lumir::evaluate {

struct CrossValidateOptions : data::RoundOptions {
  std::vector<std::string> scoring = {};  // empty: the usual metric of the target
  bool train = true;
  static Schema schema();
};

/// One round: scores by the names of their metrics.
struct Round {
  std::map<std::string, double> test;
  std::map<std::string, double> train;  // empty where it was not asked for
  double fit_seconds = 0;
  double score_seconds = 0;
  size_t train_rows = 0, test_rows = 0;
  std::string settings;  // what a search chose; empty where there was none
};

struct CrossValidation {
  std::string model;                 // as scikit-learn prints it
  std::vector<std::string> metrics;  // in the order in which they were asked for
  std::vector<Round> rounds;
  data::Audit audit;  // of all rounds; without words where the rows' recordings are not known

  /// A metric in each round, of the rows that tested or that taught.
  std::vector<double> of(const std::string& metric, bool train = false) const;
  MeanAndSpread summary(const std::string& metric, bool train = false) const;
  /// Of all rounds together.
  double fit_seconds() const;
  /// The mean of rows that test over rows that teach.
  double test_over_train() const;
};

/// What is validated, and how a round learns: an estimator fits a fresh copy, a network is trained by whoever knows how.
struct Trainee {
  std::string title;    // as scikit-learn prints it; empty: that of the first round's model
  bool numbers = true;  // rows must be numbers, one column of them beside another
  std::function<model::Model(const data::Table& train)> fit;
};
/// Throws ArgumentError, begun by `who`, for what is no classifier. Valid as long as the model is.
Trainee trainee_of(const model::Estimator& model, const std::string& who);

/// Throws ArgumentError, begun by `who`, for a table without labels, an unknown metric, and for what the rounds cannot be
/// made of. The error of a fit says its round.
CrossValidation cross_validate(const Trainee& trainee, const data::Table& table, const CrossValidateOptions& options,
                               const std::string& who = "cross_validate");

/// The rounds of a table as the options say, audited where its recordings are known.
std::vector<data::Fold> rounds_of(const data::Table& table, const data::RoundOptions& options, const std::string& who,
                                  data::Audit& audit);
/// Learns from some rows, and is judged on these and on others; `title` becomes what the model is called.
Round try_round(const Trainee& trainee, const data::Table& train, const data::Table& test,
                const std::vector<std::string>& metrics, bool score_train, const std::string& who,
                std::string* title = nullptr);

/// Heads, a row for each round, and the means; without times, so that two runs give the same.
std::vector<std::vector<std::string>> table_of(const CrossValidation& found);
/// { name, metrics, test, train, mean, std }, the last four by metric: what Lua and run.json see.
Value to_value(const CrossValidation& found);
/// The table as text, with the times of fits.
std::string show(const CrossValidation& found);

}  // namespace lumir::evaluate
