// Results: what a model was worth, with the interval that chance leaves. Tables, figures, reports and run.json all
// read this one structure, so their numbers cannot differ.

#pragma once

#include <limits>
#include <map>
#include <string>
#include <vector>

#include "core/matrix.h"
#include "core/score_kind.h"
#include "core/target.h"
#include "core/value.h"
#include "metric/metric.h"

namespace lumir::evaluate {

/// A score and its 95 % interval; NaN for limits where none is known to hold (evaluate/interval.h).
struct Interval {
  double value = 0;
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();

  bool known() const { return low <= high; }
};

/// One class's row of the per-class table.
struct ClassScores {
  std::string name;
  double precision = 0;
  double recall = 0;
  double f1 = 0;
  int support = 0;
};

/// One tag's row of the per-tag table. What nothing tells (a tag that no recording has, or each) is NaN.
struct TagScores {
  std::string name;
  int positives = 0;
  double roc_auc = 0;
  double average_precision = 0;
  double threshold = 0.5;
  double precision = 0;
  double recall = 0;
  double f1 = 0;
};

/// Scores by the names of their metrics ("accuracy", "top_3", "f1_weighted").
using Scores = std::map<std::string, Interval>;

/// One model on one set.
struct ModelResult {
  std::string name;           // as the recipe calls it: "SVM"
  std::string settings;       // "C = 10, gamma = scale, kernel = rbf"
  size_t rows = 0;            // parts (excerpts, copies) that were joined to the recordings
  std::string vote = "mean";  // how
  Scores valid;
  Scores train;                            // empty where it was not asked for
  double search_score = 0;                 // best mean of the cross-validation; 0 where there was no search
  std::string search_metric = "accuracy";  // what that mean is of
  double fit_seconds = 0;
  std::vector<int> predicted;  // class index for each recording
  Matrix scores;               // [recordings, classes or tags], or the numbers that were foretold
  ScoreKind kind = ScoreKind::decisions;
  Matrix confusion;  // [true class, predicted class], counts; empty unless classes were told apart
  std::vector<ClassScores> per_class;
  Matrix taken;  // [recordings, tags] of 0 and 1; empty unless tags were given
  std::vector<TagScores> per_tag;
};

/// Which of two models is better beyond chance: paired by recording, told by group.
struct Difference {
  std::string better;
  std::string worse;
  Interval gain;               // of the first metric; above 0 is better, also where less of the metric is
  bool beyond_chance = false;  // equal models differ as much in at most 5 of 100 cases
};

struct Results {
  std::vector<ModelResult> models;  // best first by the first metric, ties by name
  std::vector<Difference> differences;
  std::vector<std::string> classes;
  std::vector<std::string> ids;     // recordings of the validation set
  std::vector<std::string> paths;   // their files; empty where there are none
  std::vector<std::string> groups;  // what belongs together; empty: each by itself
  Target target = Target::classes;
  std::vector<int> truth;            // of classes
  Matrix values;                     // [recordings, classes]: the truth of tags and numbers
  std::string label;                 // "artist"
  std::string group;                 // what intervals count: "album"
  std::vector<std::string> metrics;  // what was measured, in the order of tables; the first one ranks the models
  bool chosen = false;               // the recipe named the metrics: each is shown
  size_t rows = 0;                   // parts (excerpts, copies) that were joined to the recordings
  std::string vote = "mean";         // how
  std::string over = "";             // what was judged in place of recordings: "album"
  bool synthetic = false;            // the sample corpus: titles and tables say so

  /// How many recordings were judged.
  size_t size() const { return target == Target::classes ? truth.size() : values.rows; }
};

/// What a metric looks at: the truth beside what one model said.
metric::Answers answers_of(const Results& results, const ModelResult& model);

/// What is true of a recording, and what a model said of it, as one text: a class, tags with '|' between, numbers alike.
std::string truth_text(const Results& results, size_t i);
std::string answer_text(const Results& results, const ModelResult& model, size_t i);

/// The metrics that narrow tables and figures show. Where the recipe chose none, precision and recall are left to the
/// wide tables, because F1 says what they say, and top-1 where it is the same as accuracy.
std::vector<std::string> shown_metrics(const Results& results);

/// How parts were joined to recordings, in words; empty where every model heard whole ones.
std::string words_of_votes(const Results& results);

/// The table of papers and decks: the recipe asked neither for ranks nor for metrics of its own.
bool is_plain(const Results& results);
/// Its heads, then a row for each model: accuracy (with limits where `limits`), precision, recall, macro and weighted F1,
/// accuracy and macro F1 on train where they are known, seconds of the fit.
std::vector<std::vector<std::string>> plain_table(const Results& results, bool limits);

/// What is to be said of the intervals: of how few groups they are, which metrics have none and why, where accuracy is
/// not top-1. No line where there is nothing to say.
std::vector<std::string> remarks_on_intervals(const Results& results);

/// The table that a recipe prints, then the best model's confusion matrix.
std::string show(const Results& results);
/// For run.json and the page.
Value to_value(const Results& results);
/// One of its models.
Value to_value(const ModelResult& model, const Results& results);

}  // namespace lumir::evaluate
