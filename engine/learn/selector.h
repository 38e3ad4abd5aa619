// What all selections share: they keep some columns and let the others go.

#pragma once

#include <string>
#include <vector>

#include "learn/estimator.h"

namespace lumir::learn {

/// "chosen": the columns kept, counted from 0, ascending; and what a selection scored columns by.
class Selector : public Transformer {
 public:
  bool fitted() const override { return !scores_.empty(); }
  Matrix transform_rows(const Matrix& x) const override;
  std::vector<std::string> columns_out(const std::vector<std::string>& columns) const override;
  State state() const override;
  void load_state(const State& state) override;
  /// A constant column may have no score, and a perfect one an infinite one.
  bool is_finite(const std::string& array) const override { return array != score_name(); }

 protected:
  using Transformer::Transformer;
  /// What the state calls the scores.
  virtual std::string score_name() const { return "scores"; }
  /// One score for each column of the fit, and the columns that are kept, in any order.
  void keep(std::vector<double> scores, std::vector<int> chosen);
  const std::vector<double>& scores() const { return scores_; }

 private:
  std::vector<double> scores_;
  std::vector<int> chosen_;
};

}  // namespace lumir::learn
