// Results as Lua holds them: with the models behind the numbers, so that the best one can go on to work.

#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "api/learn.h"
#include "evaluate/fold_scores.h"
#include "evaluate/results.h"
#include "report/curve.h"

namespace lumir::lua {

struct Judged {
  evaluate::Results results;
  std::map<std::string, ModelPtr> models;  // by the name in results
};
using JudgedPtr = std::shared_ptr<Judged>;

/// The same with a name in place of what its only model is called, or before what its models are.
JudgedPtr renamed(const Judged& judged, const std::string& name);
/// Results of the same recordings in one table; of two models of one name the later gets a number behind it. Throws
/// ArgumentError where they do not fit.
JudgedPtr together(const std::vector<JudgedPtr>& parts);
/// Throws ArgumentError, begun by `who`, where results are of tags or numbers.
void need_classes(const evaluate::Results& results, const std::string& who);
/// Puts results into run.json and recordings.csv, beside those before; nothing where no recipe runs.
void record_results(lua_State* L, const JudgedPtr& judged);
/// Puts these in the place of all before, the first as the headline: what a report shows.
void record_reported(lua_State* L, const std::vector<JudgedPtr>& all);

/// Results of fold after fold, and the curves of their trainings.
struct Folded {
  /// What was tested in a fold.
  struct Tested {
    std::string setting, model, options;
    std::vector<std::string> ids, paths;
  };
  struct Training {
    std::string setting, of;  // "lstm64"; "lstm64, fold 2"
    report::CurvePtr curve;
    int best_epoch = 0;  // whose weights it kept; 0 where that is not known
  };
  evaluate::FoldScores scores;
  std::vector<Tested> tested;
  std::vector<JudgedPtr> parts;
  std::vector<Training> trainings;
};
using FoldedPtr = std::shared_ptr<Folded>;

}  // namespace lumir::lua
