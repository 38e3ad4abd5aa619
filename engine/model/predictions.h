// What a fitted model says of rows, whatever it is.

#pragma once

#include <vector>

#include "core/matrix.h"
#include "core/score_kind.h"
#include "core/target.h"

namespace lumir::model {

struct Predictions {
  std::vector<int> predicted;  // the class of each row, from 0; empty unless the target is classes
  Matrix scores;               // [rows, classes or labels], higher is likelier; [rows, outputs] for numbers
  ScoreKind kind = ScoreKind::probabilities;
};

/// The class of the highest score of each row; of equal ones the first.
std::vector<int> highest(const Matrix& scores);

}  // namespace lumir::model
