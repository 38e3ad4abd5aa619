// See verdict.h.

#include "evaluate/verdict.h"

#include "core/error.h"

namespace lumir::evaluate {

metric::Answers Verdict::view() const {
  const bool classes = target == Target::classes;
  return {recordings.y,
          answers.predicted,
          &answers.scores,
          static_cast<int>(answers.scores.columns),
          answers.kind,
          target,
          classes ? nullptr : &recordings.values,
          target == Target::tags ? &taken : nullptr};
}

Verdict judge(const model::Model& model, const data::Table& table, const Recordings& recordings,
              const VoteOptions& vote, const std::string& who) {
  model::Predictions answers = model.estimator->answer(table);
  if (answers.scores.columns != table.classes.size()) {
    throw ArgumentError(who + ": " + model.estimator->name() + " knows " + std::to_string(answers.scores.columns) +
                        " classes, the table has " + std::to_string(table.classes.size()));
  }
  Verdict verdict{recordings, join(answers, recordings, vote), {}, table.target};
  if (table.target == Target::tags) verdict.taken = model::tags_of(model, verdict.answers);
  return verdict;
}

}  // namespace lumir::evaluate
