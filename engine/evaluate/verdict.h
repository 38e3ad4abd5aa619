// Verdict: what a model said of the recordings of a table, beside what is true of them.

#pragma once

#include <string>

#include "data/table.h"
#include "evaluate/vote.h"
#include "metric/metric.h"
#include "model/model.h"

namespace lumir::evaluate {

struct Verdict {
  const Recordings& recordings;
  model::Predictions answers;
  Matrix taken;  // the tags that recordings are given; empty for other targets
  Target target = Target::classes;

  /// Valid as long as this is.
  metric::Answers view() const;
};

/// Lets a model answer for a table of its columns, whose labels are counted as it counts them. Throws ArgumentError, begun
/// by `who`, where it gives other than one score for each class, tag or number.
Verdict judge(const model::Model& model, const data::Table& table, const Recordings& recordings,
              const VoteOptions& vote, const std::string& who);

}  // namespace lumir::evaluate
