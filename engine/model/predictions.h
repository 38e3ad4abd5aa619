// What a fitted model says of rows, whatever it is.

#pragma once

#include <vector>

#include "core/matrix.h"
#include "core/target.h"

namespace lumir::model {

/// What a classifier's scores are. All rank classes; only probabilities are comparable between models.
enum class ScoreKind {
  probabilities,  // of each row they sum to 1
  votes,          // shares of votes: they sum to 1, too, but say nothing of how sure
  decisions,      // distances from a border: any number
};
const char* name_of(ScoreKind kind);

struct Predictions {
  std::vector<int> predicted;  // the class of each row, from 0; empty unless the target is classes
  Matrix scores;               // [rows, classes or labels], higher is likelier; [rows, outputs] for numbers
  ScoreKind kind = ScoreKind::probabilities;
};

/// The class of the highest score of each row; of equal ones the first.
std::vector<int> highest(const Matrix& scores);

}  // namespace lumir::model
