// What every estimator is: options, fit, and a state that can be saved and loaded.
//
// Registered with LUMIR_ESTIMATOR in its own file; found by name from a description { name = "learn.SVC", options },
// so that pipelines, grids and model files hold data, never code.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/matrix.h"
#include "core/registry.h"
#include "core/state.h"

namespace lumir::learn {

/// What a fit sees. `y` counts classes from 0; `groups` may be empty.
struct Training {
  const Matrix& x;
  const std::vector<int>& y;
  int n_classes = 0;
  const std::vector<std::string>& groups;
};

class Estimator {
 public:
  virtual ~Estimator() = default;
  const Entry& entry() const { return *entry_; }
  const std::string& name() const { return entry_->name; }
  /// Every option with its value.
  const Map& options() const { return options_; }
  Value description() const { return Map{{"name", entry_->full_name()}, {"options", options_}}; }

  /// Throws ArgumentError with one clear line for what cannot be fitted (one class only, NaN in column 3, ...).
  virtual void fit(const Training& training) = 0;
  virtual bool fitted() const = 0;
  virtual State state() const = 0;
  virtual void load(const State& state) = 0;

 protected:
  Estimator(const Entry& entry, Map options) : entry_(&entry), options_(std::move(options)) {}

 private:
  const Entry* entry_;
  Map options_;
};
using EstimatorPtr = std::shared_ptr<Estimator>;

/// Changes columns: scalers, selection, projection.
class Transformer : public Estimator {
 public:
  using Estimator::Estimator;
  virtual Matrix transform(const Matrix& x) const = 0;
  /// Names of the columns that come out, for those that go in.
  virtual std::vector<std::string> columns_out(const std::vector<std::string>& columns) const = 0;
};

/// Ranks classes.
class Classifier : public Estimator {
 public:
  using Estimator::Estimator;
  /// [rows, n_classes], higher is likelier: what top-3 ranks by (probabilities, or decision_function of form ovr).
  virtual Matrix scores(const Matrix& x) const = 0;
  /// scikit-learn's predict; for SVC that is the vote of the pairs, which may differ from the highest score.
  virtual std::vector<int> predict(const Matrix& x) const;
  int n_classes() const { return n_classes_; }

 protected:
  int n_classes_ = 0;
};

/// Builds one by registered name ("learn.SVC" or "SVC") and options; throws ArgumentError with the nearest name.
EstimatorPtr make_estimator(const std::string& name, const Map& options);
EstimatorPtr make_estimator(const Value& description);

using EstimatorFactory = EstimatorPtr (*)(const Entry& entry, const Map& options);
void register_estimator(const Entry& entry, EstimatorFactory factory);

}  // namespace lumir::learn
