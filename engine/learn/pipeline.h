// A pipeline: transformers, then one last estimator, fitted and asked as one.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "learn/estimator.h"

namespace lumir::learn {

struct PipelineOptions {
  Value steps;
  static Schema schema();
};

/// Ends in a classifier, so it is one. State names are those of its steps: "steps.1.center". Pipelines inside
/// it are laid flat.
class Pipeline final : public Described<Classifier, PipelineOptions> {
 public:
  Pipeline(const Entry& entry, const Map& options);

  void fit(const Training& training) override;
  bool fitted() const override;
  State state() const override;
  void load(const State& state) override;
  Matrix scores(const Matrix& x) const override;
  std::vector<int> predict(const Matrix& x) const override;

  const std::vector<EstimatorPtr>& steps() const { return steps_; }
  /// What the last step sees of these rows.
  Matrix transform(const Matrix& x) const;
  /// Names of the columns that the last step sees.
  std::vector<std::string> columns_out(std::vector<std::string> columns) const;
  const Classifier& last() const;

 private:
  std::vector<EstimatorPtr> steps_;
};

}  // namespace lumir::learn
