// Candidates, folds and their scores.
//
// For each fold, what stands before the learner is fitted once for all candidates that share its options; then the
// learner is asked for all its settings at once, so that it can share work between them.

#include "learn/grid_search.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <set>

#include "core/interrupt.h"
#include "core/observer.h"
#include "data/split.h"
#include "metric/scorer.h"
#include "model/path.h"

namespace lumir::learn {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kSameMean = 1e-12;  // scores that differ by less differ by rounding only

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

/// What the stages before the learner made of a fold, or why they could not.
struct Prepared {
  Matrix train;
  Matrix test;
  std::string reason;
  std::vector<std::string> columns;  // their names; empty where they are not known
};

const std::vector<std::string>* names_of(const Prepared& rows) {
  return rows.columns.empty() ? nullptr : &rows.columns;
}

/// Fits what stands before the learner in one fold, each chain of options once.
class Preparer {
 public:
  Preparer(const Training& training, const Matrix& test) : training_(training) {
    known_[""] = {training.x, test, "", training.columns ? *training.columns : std::vector<std::string>()};
  }

  /// The rows as the last stage sees them.
  const Prepared& prepare(const std::vector<const Estimator*>& stages) {
    const Prepared* now = &known_[""];
    std::string key;
    for (size_t i = 0; i + 1 < stages.size() && now->reason.empty(); ++i) {
      key += to_json(stages[i]->description()) + "\n";
      const auto found = known_.find(key);
      now = found != known_.end() ? &found->second : &(known_[key] = transformed(*stages[i], *now));
    }
    return *now;
  }

 private:
  Prepared transformed(const Estimator& stage, const Prepared& before) const {
    Prepared after;
    try {
      const EstimatorPtr transformer = model::make_estimator(stage.description());
      after.train = transformer->fit_transform(training_.with(before.train, names_of(before)));
      after.test = transformer->transform(before.test);
      if (names_of(before)) after.columns = transformer->columns_out(before.columns);
    } catch (const ArgumentError& problem) {
      after.reason = problem.what();
    }
    return after;
  }

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
  if (!training.group.empty()) words.by = training.group;
  if (!options.by.empty()) words.by = options.by;
  const std::vector<std::string> groups = training.groups_by(options.by);
  if (groups.empty()) {
    words.by = "row";
    observer().warn(
        "GridSearch: no groups given, so rows are dealt one by one; where several are of one recording, the "
        "scores are too good");
  }
  return data::make_folds(training.y, groups, options.folds, options.stratify, words);
}

/// Audits all rounds; a pair that crosses several of them is told once.
data::Audit audit_folds(const Training& training, const std::string& leak, std::vector<data::Fold>& folds) {
  data::Audit all;
  std::set<std::pair<std::string, std::string>> told;
  const auto add = [&](const std::vector<data::Finding>& some, std::vector<data::Finding>& to) {
    for (const auto& finding : some) {
      if (told.insert(std::minmax(finding.train, finding.valid)).second) to.push_back(finding);
    }
  };
  for (auto& fold : folds) {
    const data::Audit audit = data::audit_fold(*training.songs, training.song, leak, "GridSearch", fold);
    add(audit.findings, all.findings);
    add(audit.moved, all.moved);
    all.words = audit.words;
    all.unheard = audit.unheard;
    all.by_sound = audit.by_sound;
  }
  return all;
}

/// What a candidate's answers are worth on a fold's test rows.
double score_of(const metric::Scorer& scorer, const Predictions& answers, const TrainingRows& test, int n_classes) {
  const double score = scorer.score({test.y(), answers.predicted, &answers.scores, n_classes, answers.kind});
  if (std::isnan(score)) throw ArgumentError("GridSearch: '" + scorer.name() + "' is no number on a fold");
  return score;
}

/// A reason for scores that are no numbers; empty where all are.
std::string reason_of(const Trial& trial, const std::string& learner) {
  if (!trial.reason.empty()) return trial.reason;
  const auto& scores = trial.answers.scores.values;
  const bool finite = std::all_of(scores.begin(), scores.end(), [](double score) { return std::isfinite(score); });
  return finite ? "" : learner + ": its scores are not finite; the columns' numbers are too large for it";
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

/// Candidates whose learners are of one kind and see the same rows.
struct Alike {
  const Prepared* prepared;
  const Estimator* learner;
  std::vector<size_t> members;
};

Schema GridSearchOptions::schema() {
  return {
      Option{"estimator", &GridSearchOptions::estimator, "a classifier, or a pipeline that ends in one",
             Kind{"estimator"}, kArgument},
      Option{"grid", &GridSearchOptions::grid, "options to try: lists are alternatives; one table or a list of them",
             Kind{"grid"}, kArgument},
      Option{"folds", &GridSearchOptions::folds, "rounds of cross-validation", Range{2, 1e6}},
      Option{"by", &GridSearchOptions::by, "the column whose groups a fold keeps whole; '' for the data's own"},
      Option{"stratify", &GridSearchOptions::stratify, "keep the shares of the classes alike in all folds"},
      Option{"leak", &GridSearchOptions::leak,
             "what is done where a fold leaks: an error, going on, or leaving the songs that both sides have out of "
             "training",
             Choices{"refused", "allowed", "moved"}},
      Option{"scoring", &GridSearchOptions::scoring, "the metric that chooses: 'f1', 'f1_weighted', 'top_3'"}};
}

GridSearch::GridSearch(const Entry& entry, const Map& options)
    : Described(entry, options), root_(model::make_estimator(option().estimator)) {
  if (!root_->is(Role::classifier)) refuse("needs a classifier, got " + model::show_estimator(*root_));
  metric::Scorer(option().scoring, name());  // a wrong name is said at once
  for (const auto& grid : sub_grids(option().grid)) {
    for (const auto& setting : settings_of(grid)) {
      Value description = root_->description();
      std::vector<std::pair<model::Address, std::string>> taken;
      for (const auto& [key, value] : setting) {
        const model::Address address = model::find_option(*root_, key, "GridSearch");
        for (const auto& [other, other_key] : taken) {
          if (other == address) refuse("'" + other_key + "' and '" + key + "' mean the same option");
        }
        taken.emplace_back(address, key);
        model::set_option(description, *root_, address, value);
      }
      Candidate& candidate = found_.candidates.emplace_back();
      candidate.setting = setting;
      EstimatorPtr& built = built_.emplace_back();
      try {
        built = model::make_estimator(description);
      } catch (const ArgumentError& problem) {
        candidate.reason = problem.what();
      }
    }
  }
  found_.by = option().by;
  found_.scoring = option().scoring;
  found_.estimator = model::show_estimator(*root_);
}

EstimatorPtr GridSearch::unfitted() const {
  const auto fresh = std::make_shared<GridSearch>(entry(), options());
  fresh->folds_ = folds_;
  return fresh;
}

void GridSearch::try_fold(const data::Fold& fold, const Training& training, const std::function<void()>& done) {
  const TrainingRows train(training, fold.train), test(training, fold.valid);
  const Training seen = train.training();
  Preparer preparer(seen, test.x());

  std::vector<Alike> groups;  // in the order of their first
  for (size_t c = 0; c < built_.size(); ++c) {
    if (!built_[c]) {
      done();
      continue;
    }
    const auto start = Clock::now();
    const auto stages = built_[c]->stages();
    const Prepared* prepared = &preparer.prepare(stages);
    found_.candidates[c].seconds += seconds_since(start);
    const Estimator* learner = stages.back();
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const Alike& group) {
      return group.prepared == prepared && &group.learner->entry() == &learner->entry();
    });
    if (same == groups.end()) {
      groups.push_back({prepared, learner, {c}});
    } else {
      same->members.push_back(c);
    }
  }
  for (const auto& group : groups) {
    check_interrupt();
    score_group(try_group(group, seen, done), group.members, test, training.n_classes);
  }
}

/// Every member of a group on the rows that all of them see; a reason that holds for one holds for those without answers.
std::vector<Trial> GridSearch::try_group(const Alike& group, const Training& seen, const std::function<void()>& done) {
  const auto start = Clock::now();
  const size_t n = group.members.size();
  size_t told = 0;
  const auto tell = [&] {
    if (told++ < n) done();
  };
  std::vector<Map> settings;
  for (const size_t c : group.members) settings.push_back(built_[c]->stages().back()->options());
  std::vector<Trial> trials(n);
  std::string reason = group.prepared->reason;
  if (reason.empty()) {
    try {
      trials = group.learner->try_settings(settings, seen.with(group.prepared->train, names_of(*group.prepared)),
                                           group.prepared->test, tell);
    } catch (const ArgumentError& problem) {
      reason = problem.what();
    }
  }
  while (told < n) tell();
  for (size_t m = 0; m < n; ++m) {
    trials[m].reason = reason.empty() ? reason_of(trials[m], group.learner->name()) : reason;
    found_.candidates[group.members[m]].seconds += seconds_since(start) / static_cast<double>(n);
  }
  return trials;
}

void GridSearch::score_group(const std::vector<Trial>& trials, const std::vector<size_t>& members,
                             const TrainingRows& test, int n_classes) {
  const metric::Scorer scorer(option().scoring, name());
  for (size_t m = 0; m < members.size(); ++m) {
    Candidate& candidate = found_.candidates[members[m]];
    if (candidate.reason.empty()) candidate.reason = trials[m].reason;
    if (!candidate.reason.empty()) continue;
    try {
      candidate.fold_scores.push_back(score_of(scorer, trials[m].answers, test, n_classes));
    } catch (const ArgumentError& problem) {
      candidate.reason = problem.what();
    }
  }
}

void GridSearch::rank_candidates() {
  auto& candidates = found_.candidates;
  for (auto& candidate : candidates) {
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
  const metric::Scorer scorer(option().scoring, name());
  bool found = false;
  for (size_t c = 0; c < candidates.size(); ++c) {
    if (std::isnan(candidates[c].mean)) continue;
    const auto better = [&](const Candidate& other) {
      return scorer.better(other.mean, candidates[c].mean) && std::abs(other.mean - candidates[c].mean) > kSameMean;
    };
    candidates[c].rank = 1 + static_cast<int>(std::count_if(candidates.begin(), candidates.end(), better));
    if (candidates[c].rank == 1 && !found) {
      found_.best = c;
      found = true;
    }
  }
  if (!found) refuse("no setting could be fitted; the first: " + candidates.front().reason);
}

void GridSearch::fit_rows(const Training& training) {
  check_classes(name(), training, takes_missing());
  used_folds_ = folds_.empty() ? folds_of(training, option()) : folds_;
  check_folds(used_folds_, training.x.rows);
  if (training.songs) found_.audit = audit_folds(training, option().leak, used_folds_);
  if (!found_.audit.clean()) observer().warn("GridSearch: " + found_.audit.line());
  if (found_.by.empty() && folds_.empty()) found_.by = training.group;
  found_.folds = static_cast<int>(used_folds_.size());

  char task[80];
  std::snprintf(task, sizeof task, "%-10s %-12s", "search", root_->stages().back()->name().c_str());
  const std::string grouped = found_.by.empty() ? ", no groups given" : ", grouped by " + found_.by;
  observer().begin(task, built_.size(), "settings x " + std::to_string(used_folds_.size()) + " folds" + grouped);
  Progress progress(built_.size(), used_folds_.size());
  try {
    for (const auto& fold : used_folds_) try_fold(fold, training, [&] { progress.one_more(); });
    rank_candidates();
  } catch (...) {
    observer().end("");
    throw;
  }
  char remark[40];
  std::snprintf(remark, sizeof remark, "best %.3f", found_.best_candidate().mean);
  observer().end(remark);
  warn_of_dropped();

  const auto start = Clock::now();
  best_ = model::make_estimator(built_[found_.best]->description());
  best_->fit(training);
  found_.refit_seconds = seconds_since(start);
  n_classes_ = training.n_classes;
}

void GridSearch::warn_of_dropped() const {
  const auto dropped = [](const Candidate& candidate) { return !candidate.reason.empty(); };
  const auto first = std::find_if(found_.candidates.begin(), found_.candidates.end(), dropped);
  const auto count = std::count_if(first, found_.candidates.end(), dropped);
  if (count == 0) return;
  observer().warn("GridSearch: " + std::to_string(count) + " of " + std::to_string(found_.candidates.size()) +
                  " settings could not be fitted and are left out; the first, " + model::show_setting(first->setting) +
                  ": " + first->reason);
}

State GridSearch::state() const {
  State state;
  if (!best_) return state;
  add_part(state, "best.", best_->state());
  state["best_index"] = {static_cast<double>(found_.best)};
  Matrix table(found_.candidates.size(), static_cast<size_t>(found_.folds), kNaN);
  for (size_t c = 0; c < found_.candidates.size(); ++c) {
    const auto& scores = found_.candidates[c].fold_scores;
    if (!scores.empty()) std::copy(scores.begin(), scores.end(), table.row(c).begin());
  }
  state["fold_scores"] = to_array(table);
  return state;
}

void GridSearch::load_state(const State& state) {
  auto& candidates = found_.candidates;
  const Matrix table = state_matrix(name(), state, "fold_scores");
  const auto index = state_numbers(name(), state, "best_index");
  if (table.rows != candidates.size() || table.columns == 0 || index.size() != 1) refuse_state(name());
  const int best = state_whole(name(), index[0], 0, static_cast<double>(candidates.size()) - 1);
  found_.folds = static_cast<int>(table.columns);
  for (size_t c = 0; c < candidates.size(); ++c) {
    const auto row = table.row(c);
    const bool fitted = std::none_of(row.begin(), row.end(), [](double score) { return std::isnan(score); });
    candidates[c].fold_scores.assign(row.begin(), row.end());
    candidates[c].reason = fitted ? "" : "could not be fitted";
  }
  rank_candidates();
  found_.best = static_cast<size_t>(best);
  if (!built_[found_.best]) refuse_state(name());
  best_ = model::make_estimator(built_[found_.best]->description());
  best_->load(part_of(state, "best."));
  n_classes_ = best_->n_classes();
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
