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

/// Results of fold after fold, and the curves of their trainings.
struct Folded {
  struct Training {
    std::string of;  // "lstm64, fold 2"
    report::CurvePtr curve;
  };
  evaluate::FoldScores scores;
  std::vector<Training> trainings;
};
using FoldedPtr = std::shared_ptr<Folded>;

}  // namespace lumir::lua
