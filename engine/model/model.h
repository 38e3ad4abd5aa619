// A model: an estimator with all that is needed for it to be of use to others: what fed it, what its
// columns and classes are called.

#pragma once

#include <string>
#include <vector>

#include "core/step.h"
#include "data/table.h"
#include "model/estimator.h"

namespace lumir::model {

struct Model {
  EstimatorPtr estimator = nullptr;
  StepPtr chain = nullptr;                // from a path to the row that the estimator takes; null: none is known
  std::vector<std::string> columns = {};  // of that row
  std::vector<std::string> classes = {};  // or labels, or outputs
  std::string label = "";                 // "artist"
  Target target = Target::classes;
  std::vector<double> thresholds = {};  // scores from which on a row has each tag; empty: the usual ones
  bool synthetic = false;               // learnt from the sample corpus
  std::string level = "";  // of the kernels that it was made with, which round differently; empty: not known
  double fit_seconds = 0;
  std::shared_ptr<const data::Dataset> songs = nullptr;  // that it learnt from; not kept in files
};

/// What a fit of this table sees; valid as long as the table is.
Training training_of(const data::Table& table);

/// Fits the estimator on a table and remembers where its rows came from; all or nothing.
void fit(Model& model, const data::Table& table);
/// The same, and what a transformer makes of the rows.
Matrix fit_transform(Model& model, const data::Table& table);
/// Throws ArgumentError, begun by `who`, where the table's columns are not those of the fit.
void check_columns(const Model& model, const data::Table& table, const std::string& who);
/// True for a chain with steps that draw: no two passes over it see the same.
bool draws(const StepPtr& chain);
/// How a chain differs from the one that fed the model, in words ("melspectrogram { n_mels = 64 }
/// stands where melspectrogram { n_mels = 32 } was"); empty where it does not, or where one is not known. Which part of a recording is
/// heard, and what is done to its sound (excerpts, crops, noise), does not count: models are judged on other parts than
/// they learnt from. Its rate, features and scalers do.
std::string chain_difference(const Model& model, const StepPtr& chain);
/// Throws ArgumentError, begun by `who`, where the table was described by another chain than the model learnt from;
/// `hint` says what allows it.
void check_chain(const Model& model, const data::Table& table, const std::string& who, const std::string& hint = "");
/// Throws ArgumentError where the estimator foretells nothing or is not fitted.
void check_predictor(const Model& model, const std::string& who);
/// Throws ArgumentError where the table has other targets than the model learnt: tags, where that tells classes apart.
void check_target(const Model& model, const data::Table& table, const std::string& who);
/// The tags that scores give: those that reach the model's thresholds.
Matrix tags_of(const Model& model, const Predictions& answers);
/// What a fitted classifier or regressor says of a table of its columns.
Predictions answer(const Model& model, const data::Table& table, const std::string& who);
/// What a transformer makes of the rows; of a chain that ends in a classifier, what that sees.
Matrix transform(const Model& model, const data::Table& table, const std::string& who);

/// The model as it is kept in a file: of a search, the best that it found.
Model chosen(const Model& model);

}  // namespace lumir::model
