// Weights of classes and rows: what rare classes and precious rows are worth in a fit.

#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/schema.h"
#include "model/training.h"

namespace lumir::learn {

/// The option class_weight: a word, or a weight for each class by its name (1 for those that it leaves out).
struct ClassWeight {
  std::string word = "none";
  std::map<std::string, double> table = {};
};

/// The option itself, as learners that have it declare it; 'balanced' is scikit-learn's.
template <class S>
Option class_weight_option(ClassWeight S::*member, Choices words = {"none", "balanced"}) {
  return {"class_weight", member, "'balanced' weighs classes by 1 / rows; or a weight for each class: { jazz = 2 }",
          std::move(words)};
}

/// scikit-learn's 'balanced' for classes of so many rows: rows / (classes * rows of the class); 0 for one without.
std::vector<double> balanced_weights(const std::vector<double>& rows_of_class);
/// One for each class, for a fit that sees `rows_of_class`; 1 for 'balanced_subsample', as trees weigh what they have
/// drawn. Throws ArgumentError, begun by `who`, where the table names a class that is none, or where a row would count
/// more than model::kMostWeight.
std::vector<double> class_weights(const std::string& who, const ClassWeight& option, const model::Training& training,
                                  const std::vector<double>& rows_of_class);
/// Throws ArgumentError, begun by `who`, as class_weights does.
void check_class_weight(const std::string& who, const ClassWeight& option, const model::Training& training);
/// The rows that weigh more than nothing.
std::vector<int> rows_that_count(const model::Training& training);
/// Throws ArgumentError where rows are weighted and the learner cannot weigh them.
void refuse_weights(const std::string& who, const model::Training& training);

}  // namespace lumir::learn

namespace lumir::detail {

template <>
struct Field<learn::ClassWeight> {
  static std::string type(const Parameter&) { return "word or table"; }
  static learn::ClassWeight read(const std::string& who, const Parameter& p, const Value& v);
  static Value write(const learn::ClassWeight& v);
};

}  // namespace lumir::detail
