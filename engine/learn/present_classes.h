// Learners that see only classes which have rows, numbered without gaps.
//
// A fold of a cross-validation may lack a class that the table has, and a row may weigh nothing. What derives from
// PresentClassifier learns from rows that count and classes that are there; a class that had none comes after all
// others in what it answers.

#pragma once

#include <vector>

#include "learn/class_weight.h"
#include "learn/estimator.h"

namespace lumir::learn {

/// The classes that have rows, ascending.
struct PresentClasses {
  std::vector<int> labels;  // as the table numbers them
  int all = 0;              // of the table

  size_t count() const { return labels.size(); }
  /// Scores of the present classes as scores of all; `kind` says what a class without rows is given.
  Matrix spread(const Matrix& scores, ScoreKind kind) const;
  /// "classes" and "n_classes".
  State state() const;
  /// Throws Error, begun by `who`, where the state is none.
  static PresentClasses loaded(const std::string& who, const State& state);
};

/// The rows of a fit that weigh more than nothing.
class PresentRows {
 public:
  /// Checks the training; `class_weight` (null for none) multiplies the weights of rows.
  PresentRows(const std::string& who, const Training& training, const ClassWeight* class_weight, bool missing = false);
  const Matrix& x() const { return some_.empty() ? training_.x : taken_; }
  size_t rows() const { return y.size(); }
  int n_classes() const { return static_cast<int>(classes.count()); }
  /// Sums of weights of each class.
  std::vector<double> class_sums() const;
  /// The rows of each class.
  std::vector<std::vector<int>> rows_of_classes() const;
  const Training& training() const { return training_; }

  PresentClasses classes;
  std::vector<int> y;           // places in `classes`
  std::vector<double> weights;  // above 0
  bool weighted = false;        // whether any differs from 1

 private:
  const Training& training_;
  std::vector<int> some_;  // empty: all
  Matrix taken_;
};

class PresentClassifier : public Classifier {
 public:
  bool fitted() const override { return columns_ > 0; }
  State state() const override;

 protected:
  using Classifier::Classifier;
  void fit_rows(const Training& training) override;
  Matrix score_rows(const Matrix& x) const override;
  void load_state(const State& state) override;

  virtual void fit_present(const PresentRows& rows) = 0;
  /// [rows, present classes].
  virtual Matrix score_present(const Matrix& x) const = 0;
  virtual State state_present() const = 0;
  /// Returns the number of columns that it was fitted on; what does not fit is refused.
  virtual size_t load_present(const State& state) = 0;
  /// The option, where there is one.
  virtual const ClassWeight* weights_of_classes() const { return nullptr; }

  const PresentClasses& classes() const { return classes_; }
  size_t columns() const { return columns_; }

 private:
  PresentClasses classes_;
  size_t columns_ = 0;
};

/// Probabilities of two classes or more from decisions, row by row: e^d / sum of e^d.
void softmax(Matrix& decisions);
/// Each row by its sum; a row of zeros becomes even.
void share_out(Matrix& scores);

}  // namespace lumir::learn
