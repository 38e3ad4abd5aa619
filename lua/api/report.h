// What the files of lumir.report share: the parts that a recipe gives, and the model that a run keeps.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/learn.h"
#include "api/results.h"
#include "data/dataset.h"
#include "nn/module.h"
#include "nn/summary.h"
#include "report/curve.h"
#include "report/experiment.h"

namespace lumir::lua {

/// A training that was given, until it is known which results it belongs to.
struct Trained {
  report::CurvePtr curve;
  int best_epoch = 0;                // 0 where it is not known
  nn::ModulePtr network = {};        // null for a curve of a loop of one's own
  size_t figure = 0;                 // its place among the figures
  std::optional<size_t> facts = {};  // its place among the trainings
};

/// What a recipe has given to a report, until all of it is known.
struct Parts {
  report::Experiment experiment;
  std::vector<JudgedPtr> judged;
  std::vector<JudgedPtr> folds;  // of cross-validations
  List fold_scores;              // of their settings, as run.json has them
  std::vector<StepPtr> chains;
  std::vector<nn::ModulePtr> networks;
  std::vector<Trained> trained;
  std::optional<data::Dataset> songs;  // the first that was given
  bool audio = false;                  // clips of what the best model confused stand beside the page
};
/// What the run has found out before it came to its report.
void add_record(const Value& record, report::Experiment& experiment);
/// The list of argument 2, its texts for slides included.
void add_texts_and_items(Call& call, Parts& parts);
/// Brings the parts together: which results fit into one table, which chain feeds which model. Answers the results, a
/// table for each set of recordings, in the order in which they were given.
std::vector<JudgedPtr> finish(Parts& parts);

/// What results call a network; empty where it was not judged.
std::string judged_name(const nn::ModulePtr& network, const std::vector<JudgedPtr>& tables);
/// A row for all of a network, and one for each part; called as it is in results.
report::NetworkTable network_table(const nn::ModulePtr& network, const std::vector<JudgedPtr>& tables);
/// A row for each module that the network itself calls, with all that it holds.
report::NetworkTable summary_table(const nn::Summary& summary);
/// The table of the folds, and figures of their curves, of each setting the mean; run.json has the numbers.
void add_folds(const Folded& folded, report::Experiment& experiment);
/// A curve, what nn.fit answers, or a part of a loop of one's own: an optimiser, a schedule, an effect on batches.
/// False for something else.
bool add_training(Call& call, int at, Parts& parts);
/// The figures of the trainings, each in its place, and what they say of overfitting; of several trainings named by the
/// results that they belong to.
void add_curves(Parts& parts, const std::vector<JudgedPtr>& tables);

/// Clips of the recordings that the best model confused, into the folder; throws ArgumentError where there are none.
void add_sounds(report::Experiment& experiment, const std::string& folder);

/// True for one model, whichever handles hold it.
bool is_same(const model::Model& a, const model::Model& b);
/// A model beside the report, ready for `lumir predict`; run.json says which it is.
void keep_model(lua_State* L, const ModelPtr& learner);
/// Who hands in: the option --student, or nothing.
std::string student(lua_State* L);
/// What a recipe did, on stdout.
void tell(const std::string& lines);

}  // namespace lumir::lua
