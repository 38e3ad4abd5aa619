// Folds within a fit.

#include "learn/inner_folds.h"

#include <algorithm>

#include "learn/members.h"

namespace lumir::learn {

std::vector<data::Fold> inner_folds(const std::string& who, const Training& training, int count) {
  data::FoldWords words;
  if (training.classes) words.classes = *training.classes;
  words.label = training.label;
  words.by = training.groups.empty() ? "row" : training.group;
  try {
    return data::make_folds(training.y, training.groups, count, true, words);
  } catch (const ArgumentError& problem) {
    throw ArgumentError(who + ": " + problem.what());
  }
}

std::vector<int> rows_in_folds(const std::vector<data::Fold>& folds) {
  std::vector<int> rows;
  for (const auto& fold : folds) rows.insert(rows.end(), fold.valid.begin(), fold.valid.end());
  std::sort(rows.begin(), rows.end());
  return rows;
}

Matrix answers_out_of_folds(const Estimator& estimator, const Training& training,
                            const std::vector<data::Fold>& folds) {
  Matrix out;
  for (const auto& fold : folds) {
    const TrainingRows train(training, fold.train);
    const EstimatorPtr one = fresh(estimator);
    one->fit(train.training());
    const Matrix said = as_columns(one->answer(training.x.take(fold.valid)));
    if (out.columns == 0) out = Matrix(training.x.rows, said.columns);
    for (size_t i = 0; i < fold.valid.size(); ++i) {
      std::copy(said.row(i).begin(), said.row(i).end(), out.row(static_cast<size_t>(fold.valid[i])).begin());
    }
  }
  return out;
}

}  // namespace lumir::learn
