// Candidates, ranks, the best, and what a model file keeps.

#include "learn/search.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <set>

#include "core/file.h"
#include "core/observer.h"
#include "data/split.h"
#include "learn/settings.h"
#include "metric/spread.h"

namespace lumir::learn {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kSameMean = 1e-12;  // scores that differ by less differ by rounding only

}  // namespace

void Search::begin() {
  root_ = model::make_estimator(search().estimator);
  if (!root_->is(Role::classifier) && !root_->is(Role::regressor)) {
    refuse("needs a classifier or a regressor, got " + model::show_estimator(*root_));
  }
  read_scorers();
  found_.by = search().by;
  found_.scoring = scorers_[choosing_].name();
  found_.estimator = model::show_estimator(*root_);
}

/// A wrong name is said at once.
void Search::read_scorers() {
  const Value& given = search().scoring;
  const Target target = root_->is(Role::regressor) ? Target::numbers : Target::classes;
  List names = given.list() ? *given.list() : List{given};
  for (Value& one : names) {
    if (one.text() && *one.text() == "auto") one = metric::usual_metric(target);
  }
  for (const Value& metric : names) {
    if (!metric.text()) refuse("'scoring' must be the name of a metric or a list of names, got " + show(given));
    scorers_.emplace_back(*metric.text(), name());
    if (!scorers_.back().measures(target)) {
      refuse("'scoring' = '" + *metric.text() + "' does not measure " + std::string(words_of(target)) + ", which " +
             root_->stages().back()->name() + " foretells");
    }
    if (*metric.text() == search().refit) choosing_ = scorers_.size() - 1;
  }
  if (scorers_.empty()) refuse("'scoring' names no metric");
  if (!search().refit.empty() && scorers_[choosing_].name() != search().refit) {
    refuse("'refit' = '" + search().refit + "' is none of the metrics in 'scoring', " +
           show(names.size() == 1 ? names.front() : Value(names)));
  }
}

void Search::add_candidate(const Map& setting) {
  const Value description = described_under(name(), *root_, setting);
  Candidate& candidate = found_.candidates.emplace_back();
  candidate.setting = setting;
  EstimatorPtr& built = built_.emplace_back();
  scores_.emplace_back(scorers_.size());
  train_scores_.emplace_back(scorers_.size());
  try {
    built = model::make_estimator(description);
  } catch (const ArgumentError& problem) {
    candidate.reason = problem.what();
  }
}

void Search::drop_candidates() {
  found_.candidates.clear();
  built_.clear();
  scores_.clear();
  train_scores_.clear();
}

EstimatorPtr Search::unfitted() const {
  const EstimatorPtr fresh = Estimator::unfitted();
  static_cast<Search&>(*fresh).folds_ = folds_;
  return fresh;
}

void Search::check_folds(size_t rows) const {
  if (used_folds_.size() < 2) refuse("needs at least two folds, got " + std::to_string(used_folds_.size()));
  for (size_t f = 0; f < used_folds_.size(); ++f) {
    for (const auto* side : {&used_folds_[f].train, &used_folds_[f].valid}) {
      if (side->empty()) refuse("fold " + std::to_string(f + 1) + " has an empty side");
      for (const int row : *side) {
        if (row >= 0 && static_cast<size_t>(row) < rows) continue;
        refuse("fold " + std::to_string(f + 1) + " names row " + std::to_string(row + 1) + " of " +
               std::to_string(rows));
      }
    }
  }
}

std::vector<data::Fold> Search::dealt_folds(const Training& training) const {
  const SearchOptions& options = search();
  data::FoldWords words;
  if (training.classes) words.classes = *training.classes;
  words.label = training.label;
  if (!training.group.empty()) words.by = training.group;
  if (!options.by.empty()) words.by = options.by;
  std::vector<std::string> groups = training.groups_by(options.by);
  if (groups.empty()) {
    words.by = "row";
    observer().warn(name() +
                    ": no groups given, so rows are dealt one by one; where several are of one recording, the "
                    "scores are too good");
  }
  // numbers are dealt by size: rows without groups are groups of one
  for (size_t row = groups.size(); training.y.empty() && row < training.x.rows; ++row) {
    groups.push_back(std::to_string(row));
  }
  return data::make_folds(training.y, groups, options.folds, options.stratify, words);
}

/// Audits all rounds; a pair that crosses several of them is told once.
data::Audit Search::audit_folds(const Training& training) {
  data::Audit all;
  std::set<std::pair<std::string, std::string>> told;
  const auto add = [&](const std::vector<data::Finding>& some, std::vector<data::Finding>& to) {
    for (const auto& finding : some) {
      if (told.insert(std::minmax(finding.train, finding.valid)).second) to.push_back(finding);
    }
  };
  for (auto& fold : used_folds_) {
    const data::Audit audit = data::audit_fold(*training.songs, training.song, search().leak, name(), fold);
    add(audit.findings, all.findings);
    add(audit.moved, all.moved);
    all.words = audit.words;
    all.unheard = audit.unheard;
    all.by_sound = audit.by_sound;
  }
  return all;
}

void Search::make_folds(const Training& training) {
  used_folds_ = folds_.empty() ? dealt_folds(training) : folds_;
  check_folds(training.x.rows);
  if (training.songs) found_.audit = audit_folds(training);
  if (!found_.audit.clean()) observer().warn(name() + ": " + found_.audit.line());
  if (found_.by.empty() && folds_.empty()) found_.by = training.group;
  found_.folds = static_cast<int>(used_folds_.size());
}

std::vector<Search::Worth> Search::worth_by(size_t metric) const {
  std::vector<Worth> all(found_.candidates.size());
  for (size_t c = 0; c < all.size(); ++c) {
    if (found_.candidates[c].reason.empty()) all[c].scores = scores_[c][metric];
    const auto spread = metric::spread_of(all[c].scores);
    all[c].mean = spread.mean;
    all[c].sd = spread.sd;
  }
  for (Worth& one : all) {
    if (std::isnan(one.mean)) continue;
    const auto beaten = [&](const Worth& other) { return is_better(metric, other.mean, one.mean); };
    one.rank = 1 + static_cast<int>(std::count_if(all.begin(), all.end(), beaten));
  }
  return all;
}

std::vector<Search::Worth> Search::train_worth_by(size_t metric) const {
  std::vector<Worth> all;
  for (size_t c = 0; search().return_train_score && c < found_.candidates.size(); ++c) {
    Worth& one = all.emplace_back();
    if (found_.candidates[c].reason.empty()) one.scores = train_scores_[c][metric];
    const auto spread = metric::spread_of(one.scores);
    one.mean = spread.mean;
    one.sd = spread.sd;
  }
  return all;
}

bool Search::is_better(size_t metric, double a, double b) const {
  return scorers_[metric].better(a, b) && std::abs(a - b) > kSameMean;
}

void Search::rank_candidates(size_t begin, size_t end) {
  auto& candidates = found_.candidates;
  const std::vector<Worth> worth = worth_by(choosing_);
  bool found = false;
  for (size_t c = 0; c < candidates.size(); ++c) {
    candidates[c].fold_scores = worth[c].scores;
    candidates[c].mean = worth[c].mean;
    candidates[c].sd = worth[c].sd;
    candidates[c].rank = worth[c].rank;
    if (c < begin || c >= end || worth[c].rank == 0) continue;
    if (found && !is_better(choosing_, worth[c].mean, worth[found_.best].mean)) continue;
    found_.best = c;
    found = true;
  }
  if (!found) refuse("no setting could be fitted; the first: " + candidates[begin].reason);
}

void Search::run(const Training& training) { try_candidates(0, built_.size(), used_folds_, training); }

void Search::check_training(const Training& training) const {
  if (is(Role::regressor)) return check_numbers(name(), training, takes_missing());
  check_classes(name(), training, takes_missing());
}

void Search::fit_rows(const Training& training) {
  check_training(training);
  if (!search().journal.empty()) check_writable(search().journal);
  journal_ = std::make_unique<SearchJournal>(search().journal);
  make_folds(training);
  run(training);
  warn_of_dropped();
  journal_ = nullptr;

  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  best_ = model::make_estimator(built_[found_.best]->description());
  best_->fit(training);
  found_.refit_seconds = std::chrono::duration<double>(Clock::now() - start).count();
  n_classes_ = best_->n_classes();
}

void Search::warn_of_dropped() const {
  const auto dropped = [](const Candidate& candidate) { return !candidate.reason.empty(); };
  const auto first = std::find_if(found_.candidates.begin(), found_.candidates.end(), dropped);
  const auto count = std::count_if(first, found_.candidates.end(), dropped);
  if (count == 0) return;
  observer().warn(name() + ": " + std::to_string(count) + " of " + std::to_string(found_.candidates.size()) +
                  " settings could not be fitted and are left out; the first, " + model::show_setting(first->setting) +
                  ": " + first->reason);
}

State Search::state() const {
  State state;
  if (!best_) return state;
  add_part(state, "best.", best_->state());
  state["best_index"] = {static_cast<double>(found_.best)};
  for (size_t s = 0; s < scorers_.size(); ++s) {
    if (s == choosing_) state["fold_scores"] = to_array(table_of(scores_, s));
    if (scorers_.size() > 1) state[array_of("scores", s)] = to_array(table_of(scores_, s));
    if (search().return_train_score) state[array_of("train_scores", s)] = to_array(table_of(train_scores_, s));
  }
  return state;
}

/// What the scores by a metric are called in a model file.
std::string Search::array_of(const std::string& what, size_t metric) const {
  if (scorers_.size() > 1) return what + "_" + scorers_[metric].name();
  return what == "scores" ? "fold_scores" : what;
}

/// [candidates, folds]; NaN where one could not be fitted.
Matrix Search::table_of(const Scores& scores, size_t metric) const {
  Matrix table(found_.candidates.size(), static_cast<size_t>(found_.folds), kNaN);
  for (size_t c = 0; c < table.rows; ++c) {
    const auto& folds = scores[c][metric];
    if (found_.candidates[c].reason.empty()) std::copy(folds.begin(), folds.end(), table.row(c).begin());
  }
  return table;
}

void Search::load_state(const State& state) {
  auto& candidates = found_.candidates;
  const auto index = state_numbers(name(), state, "best_index");
  for (size_t s = 0; s < scorers_.size(); ++s) {
    const Matrix table = state_matrix(name(), state, array_of("scores", s));
    if (table.rows != candidates.size() || table.columns == 0 || index.size() != 1) refuse_state(name());
    const bool train = search().return_train_score;
    const Matrix taught = train ? state_matrix(name(), state, array_of("train_scores", s)) : Matrix();
    if (train && (taught.rows != table.rows || taught.columns != table.columns)) refuse_state(name());
    found_.folds = static_cast<int>(table.columns);
    for (size_t c = 0; c < candidates.size(); ++c) {
      const auto row = table.row(c);
      const bool fitted = std::none_of(row.begin(), row.end(), [](double score) { return std::isnan(score); });
      scores_[c][s].assign(row.begin(), row.end());
      if (train) train_scores_[c][s].assign(taught.row(c).begin(), taught.row(c).end());
      candidates[c].reason = fitted ? "" : "could not be fitted";
    }
  }
  rank_candidates(0, candidates.size());
  found_.best = static_cast<size_t>(state_whole(name(), index[0], 0, static_cast<double>(candidates.size()) - 1));
  if (!built_[found_.best]) refuse_state(name());
  best_ = model::make_estimator(built_[found_.best]->description());
  best_->load(part_of(state, "best."));
  n_classes_ = best_->n_classes();
}

}  // namespace lumir::learn
