// Comparing models: every score with its interval, best first, and which differences are beyond chance.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "data/table.h"
#include "evaluate/results.h"
#include "evaluate/vote.h"
#include "model/model.h"

namespace lumir::evaluate {

/// A fitted model under the name that tables show. What it has found out about itself (settings, score of its search,
/// seconds of its fit) is read from it where it is a search, else from its description.
struct Contender {
  std::string name;  // "SVM"
  model::Model model;
};

struct CompareOptions : VoteOptions {
  std::vector<std::string> metrics = {};
  std::vector<int> top = {};
  Value train = {};       // for help only: `compare` takes the table as an argument of its own
  Value thresholds = {};  // for help only: see chosen_thresholds
  std::string chain = "same";
  static Schema schema();
};

/// The ranks that count as right where one model is judged alone and nothing else is asked for.
inline const std::vector<int> kUsualTop{1, 3};

/// Judges every model on the recordings of `valid`, and of `train` where it is given (null: not); labels are counted as
/// the models count them. Throws ArgumentError where a model is no classifier or not fitted, was fitted on other columns
/// or on data of another chain, or knows other classes than the first, where the table has no labels or no rows, or a label that the models lack,
/// where `top` asks for more than there are classes, or for a metric that is unknown or needs what a model does not give.
Results compare(const std::vector<Contender>& models, const data::Table& valid, const data::Table* train,
                const CompareOptions& options = {});

/// Where `other` has each recording of `results`; empty where the two have not the same ones. Results of rows without
/// names are of the same ones where their truth is the same.
std::vector<size_t> places_in(const Results& results, const Results& other);
/// Why two results cannot stand in one table ("were judged on different recordings"); empty where they can.
std::string why_apart(const Results& a, const Results& b);
/// Models that were judged each on data of its own, of the same recordings (a network beside a forest), in one table:
/// best first, differences paired by recording. Throws ArgumentError where they do not fit, or two have one name.
Results together(const std::vector<Results>& parts);

/// Of each tag the score from which on F1 of these recordings is best. Throws ArgumentError, begun by `who`, where the
/// model gives no tags.
std::vector<double> chosen_thresholds(const model::Model& model, const data::Table& table, const VoteOptions& options,
                                      const std::string& who);

struct ScoreOptions : VoteOptions {
  std::string metric = "accuracy";
  static Schema schema();
};

/// One number of one fitted model on the recordings of a labelled table. Throws ArgumentError, begun by `who`, for
/// what it cannot judge.
double score(const model::Model& model, const data::Table& table, const ScoreOptions& options, const std::string& who);

}  // namespace lumir::evaluate
