// Candidates, folds and their scores.
//
// For each fold, the transformers before the learner are fitted once for all candidates that share their
// options; then the learner is asked for all its settings at once, so that it can share work between them.

#include "learn/grid_search.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "core/interrupt.h"
#include "core/observer.h"
#include "learn/pipeline.h"

namespace lumir::learn {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kSameMean = 1e-12;  // accuracies that differ by less differ by rounding only

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

[[noreturn]] void refuse(const std::string& reason) { throw ArgumentError("GridSearch: " + reason); }

/// The sub-grids of the option: one map or a list of them.
std::vector<Map> sub_grids(const Value& grid) {
  if (const Map* one = grid.map()) return {*one};
  std::vector<Map> grids;
  if (const List* list = grid.list()) {
    for (const auto& element : *list) {
      if (!element.map()) refuse("'grid' must be a table of options or a list of such tables, got " + show(grid));
      grids.push_back(*element.map());
    }
  }
  if (grids.empty()) refuse("'grid' must be a table of options or a list of such tables, got " + show(grid));
  return grids;
}

/// Every combination of the alternatives, the last key fastest.
std::vector<Map> settings_of(const Map& grid) {
  std::vector<Map> settings = {{}};
  for (const auto& [key, value] : grid) {
    const List* list = value.list();
    const bool empty = (list && list->empty()) || (value.map() && value.map()->empty());
    if (empty) refuse("'" + key + "' has no alternatives");
    const List alternatives = list ? *list : List{value};
    std::vector<Map> more;
    for (const auto& setting : settings) {
      for (const auto& alternative : alternatives) {
        more.push_back(setting);
        more.back()[key] = alternative;
      }
    }
    settings = std::move(more);
  }
  return settings;
}

bool has_option(const Estimator& step, const std::string& option) {
  const auto& parameters = step.entry().parameters;
  return std::any_of(parameters.begin(), parameters.end(), [&](const auto& p) { return p.name == option; });
}

std::vector<std::string> option_names(const std::vector<EstimatorPtr>& steps) {
  std::vector<std::string> names;
  for (const auto& step : steps) {
    for (const auto& parameter : step->entry().parameters) names.push_back(parameter.name);
  }
  return names;
}

struct Address {
  size_t step;
  std::string option;
};

/// A step by its name or its place (from 1).
size_t find_step(const std::vector<EstimatorPtr>& steps, const std::string& name, const std::string& key) {
  std::vector<size_t> found;
  std::vector<std::string> names;
  for (size_t i = 0; i < steps.size(); ++i) {
    names.push_back(steps[i]->name());
    if (name == steps[i]->name() || name == std::to_string(i + 1)) found.push_back(i);
  }
  if (found.empty()) refuse("no step is called '" + name + "' in '" + key + "'" + did_you_mean(name, names));
  if (found.size() == 1) return found[0];
  const std::string option = key.substr(name.size());
  refuse("two steps are called '" + name + "'; write '" + std::to_string(found[0] + 1) + option + "' or '" +
         std::to_string(found[1] + 1) + option + "'");
}

Address find_bare(const std::vector<EstimatorPtr>& steps, const std::string& key) {
  std::vector<size_t> found;
  for (size_t i = 0; i < steps.size(); ++i) {
    if (has_option(*steps[i], key)) found.push_back(i);
  }
  if (found.size() == 1) return {found[0], key};
  if (found.empty()) refuse("no step has an option '" + key + "'" + did_you_mean(key, option_names(steps)));
  std::string a = steps[found[0]]->name(), b = steps[found[1]]->name();
  const std::string owners = a + " and " + b;
  if (a == b) {
    a = std::to_string(found[0] + 1);
    b = std::to_string(found[1] + 1);
  }
  refuse("'" + key + "' is an option of " + owners + "; write '" + a + "." + key + "' or '" + b + "." + key + "'");
}

Address find_option(const std::vector<EstimatorPtr>& steps, const std::string& key) {
  const size_t dot = key.find('.');
  if (dot == std::string::npos) return find_bare(steps, key);
  const size_t step = find_step(steps, key.substr(0, dot), key);
  const std::string option = key.substr(dot + 1);
  if (!has_option(*steps[step], option)) {
    refuse(steps[step]->name() + " has no option '" + option + "'" + did_you_mean(option, option_names({steps[step]})));
  }
  return {step, option};
}

/// The named rows of a training set.
struct Rows {
  Matrix x;
  std::vector<int> y;
  std::vector<std::string> groups;

  Rows(const Training& training, const std::vector<int>& which) : x(training.x.take(which)) {
    for (const int row : which) {
      y.push_back(training.y[static_cast<size_t>(row)]);
      if (!training.groups.empty()) groups.push_back(training.groups[static_cast<size_t>(row)]);
    }
  }
  Training training(const Training& whole) const { return {x, y, whole.n_classes, groups, whole.classes, whole.label}; }
};

/// What a chain of transformers made of a fold, or why it could not.
struct Prepared {
  Matrix train;
  Matrix test;
  std::string reason;
};

/// Fits transformers of one fold, each chain of options once.
class Preparer {
 public:
  Preparer(const std::vector<EstimatorPtr>& steps, const Training& training, const Matrix& test)
      : steps_(steps), training_(training) {
    known_[""] = {training.x, test, ""};
  }

  /// The rows as the last step sees them.
  const Prepared& prepare(const std::vector<Map>& options) {
    const Prepared* now = &known_[""];
    std::string key;
    for (size_t i = 0; i + 1 < steps_.size() && now->reason.empty(); ++i) {
      key += to_json(options[i]) + "\n";
      const auto found = known_.find(key);
      now = found != known_.end() ? &found->second : &(known_[key] = transformed(i, options[i], *now));
    }
    return *now;
  }

 private:
  Prepared transformed(size_t step, const Map& options, const Prepared& before) const {
    Prepared after;
    try {
      const auto made = make_estimator(steps_[step]->entry().full_name(), options);
      auto& transformer = dynamic_cast<Transformer&>(*made);
      after.train = transformer.fit_transform(training_.with(before.train));
      after.test = transformer.transform(before.test);
    } catch (const ArgumentError& problem) {
      after.reason = problem.what();
    }
    return after;
  }

  const std::vector<EstimatorPtr>& steps_;
  const Training& training_;
  std::map<std::string, Prepared> known_;
};

void check_folds(const std::vector<data::Fold>& folds, size_t rows) {
  if (folds.size() < 2) refuse("needs at least two folds, got " + std::to_string(folds.size()));
  for (size_t f = 0; f < folds.size(); ++f) {
    for (const auto* side : {&folds[f].train, &folds[f].valid}) {
      if (side->empty()) refuse("fold " + std::to_string(f + 1) + " has an empty side");
      for (const int row : *side) {
        if (row >= 0 && static_cast<size_t>(row) < rows) continue;
        refuse("fold " + std::to_string(f + 1) + " names row " + std::to_string(row + 1) + " of " +
               std::to_string(rows));
      }
    }
  }
}

std::vector<data::Fold> folds_of(const Training& training, const GridSearchOptions& options) {
  data::FoldWords words;
  if (training.classes) words.classes = *training.classes;
  words.label = training.label;
  if (!options.by.empty()) words.by = options.by;
  std::vector<std::string> groups = training.groups;
  for (size_t i = groups.size(); i < training.x.rows; ++i) groups.push_back(std::to_string(i));  // each row alone
  return data::make_folds(training.y, groups, options.folds, options.stratify, words);
}

double accuracy(const std::vector<int>& predicted, const std::vector<int>& truth) {
  size_t right = 0;
  for (size_t i = 0; i < truth.size(); ++i) right += predicted[i] == truth[i];
  return static_cast<double>(right) / static_cast<double>(truth.size());
}

/// Tells the observer of whole settings, where every setting is tried once in each fold.
class Progress {
 public:
  Progress(size_t settings, size_t folds) : settings_(settings), trials_(settings * folds) {}
  void one_more() {
    ++done_;
    const size_t whole = done_ * settings_ / trials_;
    if (whole == told_) return;
    observer().advance(whole - told_);
    told_ = whole;
  }

 private:
  size_t settings_, trials_;
  size_t done_ = 0, told_ = 0;
};

}  // namespace

Schema GridSearchOptions::schema() {
  return {Option{"estimator", &GridSearchOptions::estimator, "a classifier or a pipeline that ends in one",
                 Kind{"estimator"}, kArgument},
          Option{"grid", &GridSearchOptions::grid,
                 "options to try: lists are alternatives; one table or a list of them", Kind{"grid"}, kArgument},
          Option{"folds", &GridSearchOptions::folds, "rounds of cross-validation", Range{2, 1e6}},
          Option{"by", &GridSearchOptions::by, "the column whose groups a fold keeps whole; '' for the data's own"},
          Option{"stratify", &GridSearchOptions::stratify, "keep the shares of the classes alike in all folds"}};
}

GridSearch::GridSearch(const Entry& entry, const Map& options) : Described(entry, options) {
  if (option().estimator.is_nil()) refuse("needs an estimator to search for");
  const EstimatorPtr made = make_estimator(option().estimator);
  if (!dynamic_cast<Classifier*>(made.get())) refuse("needs a classifier, got " + show_estimator(*made));
  const auto* pipeline = dynamic_cast<const Pipeline*>(made.get());
  steps_ = pipeline ? pipeline->steps() : std::vector<EstimatorPtr>{made};
  for (const auto& grid : sub_grids(option().grid)) {
    for (const auto& setting : settings_of(grid)) {
      Steps built;
      for (const auto& step : steps_) built.push_back(step->options());
      std::map<std::pair<size_t, std::string>, std::string> taken;
      for (const auto& [key, value] : setting) {
        const Address address = find_option(steps_, key);
        const auto [other, fresh] = taken.emplace(std::pair{address.step, address.option}, key);
        if (!fresh) refuse("'" + other->second + "' and '" + key + "' mean the same option");
        built[address.step][address.option] = value;
      }
      built_.push_back(std::move(built));
      candidates_.emplace_back().setting = setting;
    }
  }
}

std::shared_ptr<Classifier> GridSearch::build(const Steps& steps) const {
  List described;
  for (size_t i = 0; i < steps.size(); ++i) {
    described.push_back(Map{{"name", steps_[i]->entry().full_name()}, {"options", steps[i]}});
  }
  const bool pipeline = option().estimator["options"]["steps"].list() != nullptr;
  const Value whole =
      pipeline ? Value(Map{{"name", "learn.Pipeline"}, {"options", Map{{"steps", described}}}}) : described.front();
  return std::dynamic_pointer_cast<Classifier>(make_estimator(whole));
}

void GridSearch::try_fold(const data::Fold& fold, const Training& training, const std::function<void()>& done) {
  const Rows train(training, fold.train), test(training, fold.valid);
  const Training seen = train.training(training);
  Preparer preparer(steps_, seen, test.x);

  // candidates that see the same rows, in order of their first
  std::vector<std::pair<const Prepared*, std::vector<size_t>>> groups;
  std::vector<double> seconds(candidates_.size());
  for (size_t c = 0; c < candidates_.size(); ++c) {
    const auto start = Clock::now();
    const Prepared* prepared = &preparer.prepare(built_[c]);
    seconds[c] += seconds_since(start);
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return g.first == prepared; });
    if (same == groups.end()) {
      groups.push_back({prepared, {c}});
    } else {
      same->second.push_back(c);
    }
  }

  const auto& learner = dynamic_cast<const Classifier&>(*steps_.back());
  for (const auto& [prepared, members] : groups) {
    check_interrupt();
    const auto start = Clock::now();
    std::vector<Map> settings;
    for (const size_t c : members) settings.push_back(built_[c].back());
    std::vector<Trial> trials(members.size());
    std::string reason = prepared->reason;
    if (reason.empty()) {
      try {
        trials = learner.try_settings(settings, seen.with(prepared->train), prepared->test, done);
      } catch (const ArgumentError& problem) {
        reason = problem.what();
      }
    }
    const double each = seconds_since(start) / static_cast<double>(members.size());
    for (size_t m = 0; m < members.size(); ++m) {
      Candidate& candidate = candidates_[members[m]];
      if (!reason.empty()) done();
      candidate.seconds += seconds[members[m]] + each;
      if (candidate.reason.empty()) candidate.reason = reason.empty() ? trials[m].reason : reason;
      if (candidate.reason.empty()) candidate.fold_scores.push_back(accuracy(trials[m].predicted, test.y));
    }
  }
}

void GridSearch::rank_candidates() {
  for (auto& candidate : candidates_) {
    candidate.mean = candidate.sd = kNaN;
    candidate.rank = 0;
    if (!candidate.reason.empty()) candidate.fold_scores.clear();
    if (candidate.fold_scores.empty()) continue;
    const double n = static_cast<double>(candidate.fold_scores.size());
    double sum = 0, squares = 0;
    for (const double score : candidate.fold_scores) sum += score;
    candidate.mean = sum / n;
    for (const double score : candidate.fold_scores) squares += (score - candidate.mean) * (score - candidate.mean);
    candidate.sd = std::sqrt(squares / n);
  }
  bool found = false;
  for (size_t c = 0; c < candidates_.size(); ++c) {
    if (std::isnan(candidates_[c].mean)) continue;
    const auto better = [&](const Candidate& other) { return other.mean > candidates_[c].mean + kSameMean; };
    candidates_[c].rank = 1 + static_cast<int>(std::count_if(candidates_.begin(), candidates_.end(), better));
    if (candidates_[c].rank == 1 && !found) {
      best_index_ = c;
      found = true;
    }
  }
  if (!found) refuse("no setting could be fitted; the first: " + candidates_.front().reason);
}

void GridSearch::fit(const Training& training) {
  check_classes(name(), training);
  used_folds_ = folds_.empty() ? folds_of(training, option()) : folds_;
  check_folds(used_folds_, training.x.rows);
  best_ = nullptr;
  for (auto& candidate : candidates_) {
    candidate.fold_scores.clear();
    candidate.reason.clear();
    candidate.seconds = 0;
  }

  char task[80];
  std::snprintf(task, sizeof task, "%-10s %-12s", "search", steps_.back()->name().c_str());
  const std::string grouped = option().by.empty() ? "" : ", grouped by " + option().by;
  observer().begin(task, candidates_.size(), "settings x " + std::to_string(used_folds_.size()) + " folds" + grouped);
  Progress progress(candidates_.size(), used_folds_.size());
  try {
    for (const auto& fold : used_folds_) try_fold(fold, training, [&] { progress.one_more(); });
    rank_candidates();
  } catch (const Error&) {
    observer().end("");
    throw;
  }
  char remark[40];
  std::snprintf(remark, sizeof remark, "best %.3f", best_candidate().mean);
  observer().end(remark);

  const auto start = Clock::now();
  const auto refitted = build(built_[best_index_]);
  refitted->fit(training);
  refit_seconds_ = seconds_since(start);
  best_ = refitted;
  n_classes_ = training.n_classes;
}

const Candidate& GridSearch::best_candidate() const { return candidates_[best_index_]; }

Matrix GridSearch::scores(const Matrix& x) const {
  if (!best_) refuse("is not fitted yet; call fit first");
  return best_->scores(x);
}

std::vector<int> GridSearch::predict(const Matrix& x) const {
  if (!best_) refuse("is not fitted yet; call fit first");
  return best_->predict(x);
}

State GridSearch::state() const {
  State state;
  if (!best_) return state;
  for (auto& [name, array] : best_->state()) state["best." + name] = array;
  state["best_index"] = to_array({static_cast<double>(best_index_)});
  const size_t folds = best_candidate().fold_scores.size();
  Matrix table(candidates_.size(), folds, kNaN);
  for (size_t c = 0; c < candidates_.size(); ++c) {
    const auto& scores = candidates_[c].fold_scores;
    if (!scores.empty()) std::copy(scores.begin(), scores.end(), table.row(c).begin());
  }
  state["fold_scores"] = to_array(table);
  return state;
}

void GridSearch::load(const State& state) {
  const Matrix table = to_matrix(state_array(name(), state, "fold_scores", 2));
  const Array& index = state_array(name(), state, "best_index", 1);
  const double best = index.values.empty() ? -1 : index.values[0];
  const bool fits = table.rows == candidates_.size() && table.columns > 0 && best >= 0 &&
                    best < static_cast<double>(candidates_.size()) && best == std::floor(best);
  if (!fits) throw Error(name() + ": the arrays of the model do not fit its grid");
  for (size_t c = 0; c < candidates_.size(); ++c) {
    const auto row = table.row(c);
    const bool fitted = std::none_of(row.begin(), row.end(), [](double score) { return std::isnan(score); });
    candidates_[c].fold_scores.assign(row.begin(), row.end());
    candidates_[c].reason = fitted ? "" : "could not be fitted";
  }
  rank_candidates();
  best_index_ = static_cast<size_t>(best);
  State inner;
  for (const auto& [name, array] : state) {
    if (name.starts_with("best.")) inner[name.substr(5)] = array;
  }
  const auto model = build(built_[best_index_]);
  model->load(inner);
  best_ = model;
  n_classes_ = model->n_classes();
}

std::string show_setting(const Map& setting) {
  std::string out;
  for (const auto& [key, value] : setting) {
    out += (out.empty() ? "" : ", ") + key + " = " + (value.text() ? *value.text() : show(value));
  }
  return out;
}

namespace {
LUMIR_ESTIMATOR(
    GridSearch,
    {
        .summary = "Tries every setting of one or several grids by cross-validation and fits the best on all rows.",
        .returns = "a classifier: the best setting, refitted",
        .example = "learn.GridSearch(learn.SVC(), { C = { 1, 10 } }, { folds = 5 })",
        .source = "scikit-learn's GridSearchCV",
    });
}  // namespace

}  // namespace lumir::learn
