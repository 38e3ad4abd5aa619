// Overfitting in numbers: what a training came to at its best epoch, on the rows that taught and on others.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/curve.h"
#include "report/document.h"

namespace lumir::report {

/// A column that is there for both sides: "accuracy" and "valid_accuracy".
struct Gap {
  std::string what;  // "accuracy"
  double train = 0, valid = 0;
  double last_train = 0, last_valid = 0;  // at the last epoch
};

struct Overfitting {
  std::string of;  // "lstm64, fold 2"; empty for the only training
  int epoch = 0, epochs = 0;
  std::vector<Gap> gaps;  // sorted: accuracy before loss
};

/// Of a curve whose best epoch is known, or else is that of the least validation loss (of the best accuracy without
/// one). Nothing where it was not validated.
std::optional<Overfitting> overfitting_of(const Curve& curve, int best_epoch = 0, const std::string& of = "");
/// What the numbers say, each a sentence.
std::vector<std::string> sentences_of(const std::vector<Overfitting>& trainings);
/// A row for each training.
TableBlock table_of(const std::vector<Overfitting>& trainings);

}  // namespace lumir::report
