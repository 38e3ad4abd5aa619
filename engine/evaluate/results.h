// Results: what a model was worth, with the interval that chance leaves. Tables, figures, reports and run.json all
// read this one structure, so their numbers cannot differ.

#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/matrix.h"
#include "core/value.h"

namespace lumir::evaluate {

/// A score and its 95 % interval, resampled by group.
struct Interval {
  double value = 0;
  double low = 0;
  double high = 0;
};

/// One class's row of the per-class table.
struct ClassScores {
  std::string name;
  double precision = 0;
  double recall = 0;
  double f1 = 0;
  int support = 0;
};

/// Scores by name ("accuracy", "top_1", "top_3", "precision", "recall", "f1": the last three macro averages).
using Scores = std::map<std::string, Interval>;

/// One model on one set.
struct ModelResult {
  std::string name;      // as the recipe calls it: "SVM"
  std::string settings;  // "C = 10, gamma = scale, kernel = rbf"
  Scores valid;
  Scores train;             // empty where it was not asked for
  double search_score = 0;  // best mean of the cross-validation; 0 where there was no search
  double fit_seconds = 0;
  std::vector<int> predicted;  // class index for each row
  Matrix scores;               // [rows, classes]
  Matrix confusion;            // [true class, predicted class], counts
  std::vector<ClassScores> per_class;
};

/// Which of two models is better beyond chance: paired by row, resampled by group.
struct Difference {
  std::string better;
  std::string worse;
  Interval gain;               // of accuracy
  bool beyond_chance = false;  // the interval does not hold 0
};

struct Results {
  std::vector<ModelResult> models;  // best first: accuracy, ties by name
  std::vector<Difference> differences;
  std::vector<std::string> classes;
  std::vector<std::string> ids;  // rows of the validation set
  std::vector<int> truth;
  std::string label;       // "artist"
  std::string group;       // what intervals were resampled by: "album"
  std::vector<int> top;    // { 1, 3 }
  bool synthetic = false;  // the sample corpus: titles and tables say so
};

/// The table that a recipe prints, then the best model's confusion matrix.
std::string show(const Results& results);
/// For run.json and the page.
Value to_value(const Results& results);

}  // namespace lumir::evaluate
