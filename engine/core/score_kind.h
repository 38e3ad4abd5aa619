// What a classifier's scores are: learners say it, metrics that read probabilities ask.

#pragma once

namespace lumir {

/// All rank classes; only probabilities are comparable between models.
enum class ScoreKind {
  probabilities,  // of each row they sum to 1
  votes,          // shares or counts of votes: they say nothing of how sure
  decisions,      // distances from a border: any number
};

/// "probabilities", "votes", "decisions".
constexpr const char* name_of(ScoreKind kind) {
  constexpr const char* names[] = {"probabilities", "votes", "decisions"};
  return names[static_cast<int>(kind)];
}

/// From where on a row has a tag unless something better was chosen: half of a probability, the border of a decision.
constexpr double usual_threshold(ScoreKind kind) { return kind == ScoreKind::decisions ? 0 : 0.5; }

}  // namespace lumir
