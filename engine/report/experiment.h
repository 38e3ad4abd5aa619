// An experiment as a report sees it, and the deck that it becomes.
//
// Fill in what there is: a part that is missing drops out of its slide. Where the recipe says nothing for a slide, the
// sentences are computed from the results, so they are true of this run.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/step.h"
#include "core/value.h"
#include "evaluate/results.h"
#include "report/document.h"
#include "report/overfitting.h"

namespace lumir::report {

/// One setting of a search.
struct SearchRow {
  std::string setting;  // "C = 10, kernel = rbf"
  double mean = 0;      // of the cross-validation; NaN where it could not be fitted
  double deviation = 0;
  std::string reason;  // why it could not be fitted
  Map values;          // the setting itself: { C = 10, kernel = 'rbf' }
};

/// What one model's search tried.
struct SearchTable {
  std::string model;     // "SVM", as in Results
  std::string pipeline;  // "RobustScaler -> SelectKBest { k = 100 } -> SVC"
  int folds = 0;
  std::string group;            // "album"; empty where folds kept nothing together
  std::vector<SearchRow> rows;  // in the order of the grid
  std::string metric = "accuracy";
  std::string audit;  // what the audit of its folds says; empty where nothing is known of the rows' recordings
};

/// How the line of a leak begins that is in the folds of a search alone.
constexpr const char* kFoldsLeak = "LEAK, folds of the search: ";

/// How recordings become what models see.
struct ChainTable {
  std::vector<std::string> models;  // that it feeds, as in Results; empty where it is not known
  std::vector<std::string> steps;   // one line for each: "mfcc { n_mfcc = 20 }"
  size_t columns = 0;               // numbers that describe one recording; 0 where not known
  StepPtr chain = nullptr;          // the steps themselves
  bool named = true;                // the numbers have names that say what they are; not those of an embedding
};

/// A network's parts: name, what it is, and numbers of it.
struct NetworkTable {
  std::string name;                  // as in Results, else its class
  std::vector<std::string> numbers;  // what the columns behind the first two are: { "parameters" }
  std::vector<std::vector<std::string>> parts;
  std::string remark = {};  // under the table
};

/// A name and its value, in words.
using Fact = std::pair<std::string, std::string>;

/// A model in round after round: heads, a row for each round, and the means.
struct RoundsTable {
  std::string model;
  std::vector<std::vector<std::string>> rows;
};

struct Experiment {
  std::string title;
  std::string subtitle;
  std::string author;
  std::string student;                           // "r12345678"
  std::string recipe;                            // "recipes/artist20/svm.lua"
  std::map<std::string, std::string> texts;      // by key: novelty, method, findings, details, discussion, ...
  Map options;                                   // of the recipe
  std::vector<Fact> dataset;                     // { "songs", "268" }, { "artists", "20" }
  std::vector<std::string> split;                // what was held out, and what the audit found
  std::vector<std::string> leaks;                // stay red
  std::vector<std::vector<std::string>> leaked;  // all of them: where, kind, train, validation, what was done
  bool synthetic = false;
  std::vector<ChainTable> chains;
  std::vector<NetworkTable> networks;
  std::vector<std::vector<Fact>> trainings;  // how networks were trained: optimizer, batch size ...
  std::vector<Overfitting> overfitting;      // of the trainings that were validated
  std::vector<SearchTable> searches;
  std::optional<evaluate::Results> results;     // the headline
  std::vector<evaluate::Results> further;       // of other recordings
  std::string saved;                            // which model the run's model file holds; empty where there is none
  std::vector<std::vector<std::string>> folds;  // heads, then a row for each fold of a cross-validation, then means
  std::vector<RoundsTable> rounds;              // of cross-validations without answers of their own
  std::vector<Sound> sounds;                    // what the best model confused, to be heard on the page
  FigurePtr example;                            // one recording as the chain hears it; may be null
  std::vector<FigurePtr> groups;                // what the best model is worth by sex, by voice, where that is known
  FigurePtr importances;                        // the columns that it leans on; may be null
  bool appendix = true;                         // the slides behind the twelve that tell the experiment
  std::vector<FigurePtr> figures;               // beside those that results give: t-SNE, spectrograms
  std::vector<Fact> machine;                    // versions, processor, seeds: of the run record
};

/// Cover and at least nine slides for an experiment with results.
Document deck_of(const Experiment& experiment);

/// What the searches tried, for run.json.
Value searches_value(const Experiment& experiment);

/// Sentences that are true of these results, for the slides that the recipe has no words for.
std::vector<std::string> findings_of(const evaluate::Results& results);

/// What was written, relative to the folder.
struct Written {
  std::string pdf;
  std::string html;
  size_t slides = 0;
  std::vector<std::string> figures;
};
/// Writes report.pdf (r12345678_report.pdf for a student), report.html and figures/NAME.{png,svg,pdf} into a folder.
Written write_report(const Experiment& experiment, const std::string& folder);
/// Slides and page anew, of what write_report has left in the folder and of the words that now stand in its report.md.
/// Throws Error where there is no report.
Written redraw_report(const std::string& folder);

}  // namespace lumir::report
