// The room of all that learns: what a scaler, a forest, a search and a network all are.
//
// An estimator is data (a name and options) until it is fitted, and data again afterwards (a state of named arrays), so
// that pipelines, searches and model files hold no code. Whoever judges, saves, compares or reports knows this room and
// nothing of what an estimator is: it asks for roles (is it a classifier?), for children (what does it hold?), for what
// it chose (a search) and for predictions.
//
// A file that adds one derives from learn::Classifier or learn::Transformer (see learn/estimator.h) and
// registers it. Its functions end in `_rows`; those without, which everyone calls, are here, and check what
// goes in and what comes out:
//
//   fit      all or nothing: an estimator whose fit throws stays as it was
//   scores, predict, transform    finite numbers go in, finite numbers come out

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/registry.h"
#include "core/state.h"
#include "data/audit.h"
#include "model/predictions.h"
#include "model/training.h"

namespace lumir::data {
struct Table;
}

namespace lumir::model {

class Estimator;
using EstimatorPtr = std::shared_ptr<Estimator>;

enum class Role { classifier, regressor, clusterer, transformer };

/// One estimator inside another.
struct Child {
  std::string name;  // as paths call it: "SVC"; "SVC-1" and "SVC-2" where two are alike; "estimator"
  EstimatorPtr estimator;
  std::string option;  // of the parent, where it is described
  int place = -1;      // in the list that the option is, from 0; -1 where it is no list
};

/// What a search tried, and what it found.
struct Searched {
  struct Candidate {
    Map setting;                      // as the grid has it: { C = 10, kernel = 'rbf' }
    std::vector<double> fold_scores;  // on each fold's test rows; empty where it could not be fitted
    double mean = 0;                  // NaN where it could not be fitted
    double sd = 0;                    // ddof 0, as scikit-learn has it
    int rank = 0;                     // 1 is best, equal means share a rank; 0 where it could not be fitted
    double seconds = 0;               // of fits and predictions; work that settings share is shared out evenly
    std::string reason;               // why it could not be fitted
  };
  std::vector<Candidate> candidates;  // in the order of the grid
  size_t best = 0;
  int folds = 0;
  std::string by;            // what a fold kept whole: "album"; empty where no groups were given
  data::Audit audit;         // of all folds; without words where the rows' recordings are not known
  std::string scoring;       // the metric
  std::string estimator;     // what was searched, in words
  double refit_seconds = 0;  // of the best, on all rows

  const Candidate& best_candidate() const { return candidates[best]; }
};

/// One setting of a learner, tried on rows that it was not fitted on.
struct Trial {
  Predictions answers;
  std::string reason;  // why it could not be fitted; then there are no answers
};

class Estimator {
 public:
  virtual ~Estimator() = default;
  const Entry& entry() const { return *entry_; }
  const std::string& name() const { return entry_->name; }
  /// What tables call it: its name; a network's is that of its class.
  virtual std::string title() const { return name(); }
  /// What tells it from others of its name: the setting that a search found, else the options that are no defaults.
  virtual std::string settings() const;
  /// Every option with its value.
  const Map& options() const { return options_; }
  /// { name = "learn.SVC", options = {...} }: enough for make_estimator.
  Value description() const { return Map{{"name", entry_->full_name()}, {"options", options_}}; }

  virtual bool is(Role role) const = 0;
  virtual bool fitted() const = 0;
  virtual State state() const = 0;
  /// Throws Error where the state is none of this estimator; then it is as it was.
  void load(const State& state);

  /// Throws ArgumentError with one clear line for what cannot be fitted (one class only, NaN in column 3, an infinite
  /// result, ...); then it is as it was.
  void fit(const Training& training);

  /// [rows, n_classes], higher is likelier: what top-3 ranks by.
  Matrix scores(const Matrix& x) const { return answer(x).scores; }
  /// scikit-learn's predict; for SVC that is the vote of the pairs, which may differ from the highest score.
  std::vector<int> predict(const Matrix& x) const { return answer(x).predicted; }
  Predictions answer(const Matrix& x) const;
  /// The same for rows of whatever kind the estimator takes (a network may take tensors).
  virtual Predictions answer(const data::Table& table) const;
  int n_classes() const { return n_classes_; }

  Matrix transform(const Matrix& x) const;
  /// The same as fit, then transform of the same rows; all that t-SNE can do.
  Matrix fit_transform(const Training& training);
  /// True where NaN among its rows means that a number is missing, and is no mistake.
  virtual bool takes_missing() const { return false; }
  /// Names of the columns that come out, for those that go in.
  virtual std::vector<std::string> columns_out(const std::vector<std::string>& columns) const { return columns; }

  /// What it holds, in order.
  virtual std::vector<Child> children() const { return {}; }
  /// What it does one after the other; itself where it is one thing.
  virtual std::vector<const Estimator*> stages() const { return {this}; }
  /// What answers for it after the fit: the best one of a search; null where it answers itself.
  virtual EstimatorPtr chosen() const { return nullptr; }
  /// The rows as what answers in the end sees them: scaled and selected.
  virtual Matrix seen(const Matrix& x) const;
  /// The same for rows of whatever kind the estimator takes (a network: what its last weights see).
  virtual Matrix seen(const data::Table& table) const;
  /// True for what tries settings and chooses one.
  virtual bool is_search() const { return false; }
  /// What a search found; null before its fit.
  virtual const Searched* searched() const { return nullptr; }

  /// Fits each setting (options over those of this learner) on `training` and answers for the rows of `test`. A learner
  /// that can share work between settings overrides it; answers are those of separate fits. `done` hears of each.
  virtual std::vector<Trial> try_settings(const std::vector<Map>& settings, const Training& training,
                                          const Matrix& test, const std::function<void()>& done) const;

 protected:
  Estimator(const Entry& entry, Map options) : entry_(&entry), options_(std::move(options)) {}

  virtual void fit_rows(const Training& training) = 0;
  virtual void load_state(const State& state) = 0;
  virtual Predictions answer_rows(const Matrix& x) const;
  virtual Matrix transform_rows(const Matrix& x) const;
  virtual Matrix fit_transform_rows(const Training& training);
  /// Throws ArgumentError where the fit gave numbers that are not finite. The default looks at the state.
  virtual void check_fit() const;
  /// False for an array of the state that may hold NaN or infinite numbers.
  virtual bool is_finite(const std::string& /*array*/) const { return true; }
  /// An equal one that is not fitted.
  virtual EstimatorPtr unfitted() const;

  int n_classes_ = 0;

 private:
  /// Becomes `fresh`, which is of the same class.
  void take_over(Estimator& fresh);
  const Entry* entry_;
  Map options_;
};

/// Builds one by registered name ("learn.SVC" or "SVC") and options; throws ArgumentError with the nearest name.
EstimatorPtr make_estimator(const std::string& name, const Map& options);
EstimatorPtr make_estimator(const Value& description);
/// True for { name = "learn...", options = {...} } of a registered estimator.
bool is_estimator(const Value& description);
/// True for the entry of one.
bool is_estimator(const Entry& entry);

/// As scikit-learn prints it, options that differ from their defaults only:
/// "Pipeline { RobustScaler(), SelectKBest { k = 100 }, SVC { C = 10 } }".
std::string show_estimator(const Value& description);
inline std::string show_estimator(const Estimator& estimator) { return show_estimator(estimator.description()); }
/// "C = 10, gamma = scale, kernel = rbf": a setting as tables show it.
std::string show_setting(const Map& setting);

/// Children of a list under their names, numbered where two are alike.
std::vector<Child> listed_children(const std::vector<EstimatorPtr>& estimators, const std::string& option);
/// Itself and all that it holds, outermost first.
std::vector<const Estimator*> all_of(const Estimator& estimator);

/// How estimators of one class are made and replaced.
struct EstimatorClass {
  EstimatorPtr (*make)(const Entry& entry, const Map& options);
  void (*replace)(Estimator& old, Estimator& fresh);
};
void register_estimator(const Entry& entry, EstimatorClass how);

/// An estimator whose options are a described struct: Kind is Estimator or a class of it.
template <class Kind, class OptionsStruct>
class Described : public Kind {
 public:
  using Options = OptionsStruct;
  Described(const Entry& entry, const Map& given) : Described(entry, read_options<Options>(given, entry.name)) {}

 protected:
  const Options& option() const { return struct_; }
  /// This one's options with those of a setting in their place.
  Options option_with(const Map& setting) const {
    Map merged = setting;
    merged.insert(this->options().begin(), this->options().end());
    return read_options<Options>(merged, this->name());
  }

 private:
  Described(const Entry& entry, Options read) : Kind(entry, write_options(read)), struct_(std::move(read)) {}
  Options struct_;
};

template <class E>
struct RegisterEstimator {
  RegisterEstimator(const char* module, const char* name, Words words,
                    std::source_location where = std::source_location::current()) {
    const Entry& entry = register_entry(module, name, std::move(words), schema_of<typename E::Options>(), where);
    register_estimator(
        entry,
        {[](const Entry& found, const Map& options) -> EstimatorPtr { return std::make_shared<E>(found, options); },
         [](Estimator& old, Estimator& fresh) { static_cast<E&>(old) = std::move(static_cast<E&>(fresh)); }});
  }
};

}  // namespace lumir::model
