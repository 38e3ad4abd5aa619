// What every estimator is: options, fit, and a state that can be saved and loaded.
//
// Found by name from a description { name = "learn.SVC", options }, so that pipelines, grids and model files
// hold data, never code. One estimator is one file:
//
//   struct StandardScalerOptions { bool with_mean = true; static Schema schema() {...} };
//
//   class StandardScaler final : public Described<Transformer, StandardScalerOptions> {
//    public:
//     using Described::Described;
//     void fit(const Training& training) override { ... option().with_mean ... }
//     ...
//   };
//   LUMIR_ESTIMATOR(StandardScaler, {.summary = "...", .returns = "...", .example = "...", .source = "..."});

#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/matrix.h"
#include "core/registry.h"
#include "core/state.h"

namespace lumir::learn {

/// What a fit sees. `y` counts classes from 0 and may be empty for what needs no labels; `groups` may be
/// empty.
struct Training {
  const Matrix& x;
  const std::vector<int>& y;
  int n_classes = 0;
  const std::vector<std::string>& groups;
  const std::vector<std::string>* classes = nullptr;  // their names, for error texts; may be null
  std::string label = "class";                        // what they are: "artist"

  /// The same rows with other columns.
  Training with(const Matrix& columns) const { return {columns, y, n_classes, groups, classes, label}; }
  /// "'singer_01'" or "class 1".
  std::string class_name(int number) const;
};

class Estimator {
 public:
  virtual ~Estimator() = default;
  const Entry& entry() const { return *entry_; }
  const std::string& name() const { return entry_->name; }
  /// Every option with its value.
  const Map& options() const { return options_; }
  /// { name = "learn.SVC", options = {...} }: enough for make_estimator.
  Value description() const { return Map{{"name", entry_->full_name()}, {"options", options_}}; }

  /// Throws ArgumentError with one clear line for what cannot be fitted (one class only, NaN in column 3,
  /// ...).
  virtual void fit(const Training& training) = 0;
  virtual bool fitted() const = 0;
  virtual State state() const = 0;
  /// Throws Error where the state is none of this estimator.
  virtual void load(const State& state) = 0;
  /// The column of a table that `Training::groups` should hold for fit: GridSearch's 'by'; "" for none.
  virtual std::string group_column() const { return ""; }

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
  /// The same as fit, then transform of the same rows; all that t-SNE can do.
  virtual Matrix fit_transform(const Training& training);
  /// Names of the columns that come out, for those that go in.
  virtual std::vector<std::string> columns_out(const std::vector<std::string>& columns) const = 0;
};

/// One setting of a learner, tried on rows that it was not fitted on.
struct Trial {
  std::vector<int> predicted;
  std::string reason;  // why it could not be fitted; then `predicted` is empty
};

/// Ranks classes.
class Classifier : public Estimator {
 public:
  using Estimator::Estimator;
  /// [rows, n_classes], higher is likelier: what top-3 ranks by (probabilities, or decision_function of form
  /// ovr).
  virtual Matrix scores(const Matrix& x) const = 0;
  /// scikit-learn's predict; for SVC that is the vote of the pairs, which may differ from the highest score.
  virtual std::vector<int> predict(const Matrix& x) const;
  int n_classes() const { return n_classes_; }

  /// Fits each setting (options over those of this learner) on `training` and predicts the rows of `test`. A
  /// learner that can share work between settings overrides it; predictions are those of separate fits.
  /// `done` hears of each.
  virtual std::vector<Trial> try_settings(const std::vector<Map>& settings, const Training& training,
                                          const Matrix& test, const std::function<void()>& done) const;

 protected:
  int n_classes_ = 0;
};

/// Builds one by registered name ("learn.SVC" or "SVC") and options; throws ArgumentError with the nearest
/// name.
EstimatorPtr make_estimator(const std::string& name, const Map& options);
EstimatorPtr make_estimator(const Value& description);
/// True for { name = "learn...", options = {...} } of a registered estimator.
bool is_estimator(const Value& description);

/// As scikit-learn prints it, options that differ from their defaults only:
/// "Pipeline { RobustScaler(), SelectKBest { k = 100 }, SVC { C = 10 } }".
std::string show_estimator(const Value& description);
inline std::string show_estimator(const Estimator& estimator) { return show_estimator(estimator.description()); }

/// What an estimator checks before it works; each throws ArgumentError, `who` is its name.
void check_finite(const std::string& who, const Matrix& x);
/// Finite, not empty, a label for each row, at least two classes; returns the number of rows of each class.
std::vector<int> check_classes(const std::string& who, const Training& training);
/// Finite, as many columns as in the fit.
void check_columns(const std::string& who, const Matrix& x, size_t fitted_columns);
/// The named array, of `dimensions` dimensions; Error where a state lacks it or its shape and values
/// disagree.
const Array& state_array(const std::string& who, const State& state, const std::string& name, size_t dimensions);
/// Matrices and lists as arrays, and back.
Array to_array(const Matrix& matrix);
Array to_array(const std::vector<double>& values);
Matrix to_matrix(const Array& array);

using EstimatorFactory = EstimatorPtr (*)(const Entry& entry, const Map& options);
void register_estimator(const Entry& entry, EstimatorFactory factory);

/// A Transformer or Classifier whose options are a described struct.
template <class Kind, class OptionsStruct>
class Described : public Kind {
 public:
  using Options = OptionsStruct;
  Described(const Entry& entry, const Map& given) : Described(entry, read_options<Options>(given, entry.name)) {}

 protected:
  const Options& option() const { return struct_; }

 private:
  Described(const Entry& entry, Options read) : Kind(entry, write_options(read)), struct_(std::move(read)) {}
  Options struct_;
};

template <class E>
struct RegisterEstimator {
  RegisterEstimator(const char* name, Words words, std::source_location where = std::source_location::current()) {
    const Entry& entry = register_entry("learn", name, std::move(words), schema_of<typename E::Options>(), where);
    register_estimator(entry, [](const Entry& found, const Map& options) -> EstimatorPtr {
      return std::make_shared<E>(found, options);
    });
  }
};

/// Registers a class under its own name: see the top of this file.
#define LUMIR_ESTIMATOR(Class, ...) \
  const ::lumir::learn::RegisterEstimator<Class> Class##_registered { #Class, __VA_ARGS__ }

}  // namespace lumir::learn
