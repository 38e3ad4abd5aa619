// Candidates in the folds of a search.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>

#include "core/interrupt.h"
#include "core/observer.h"
#include "learn/search.h"
#include "learn/shares_work.h"

namespace lumir::learn {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

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

/// Rows of one matrix behind those of another.
Matrix stacked(const Matrix& first, const Matrix& second) {
  Matrix both = first;
  both.rows += second.rows;
  both.values.append(second.values.data(), second.values.size());
  return both;
}

/// The answers for rows begin .. end - 1.
Predictions answers_between(const Predictions& all, size_t begin, size_t end) {
  Predictions part{{}, Matrix(end - begin, all.scores.columns), all.kind};
  const auto columns = all.scores.columns;
  std::copy_n(all.scores.values.begin() + static_cast<ptrdiff_t>(begin * columns), part.scores.values.size(),
              part.scores.values.begin());
  if (all.predicted.empty()) return part;
  part.predicted.assign(all.predicted.begin() + static_cast<ptrdiff_t>(begin),
                        all.predicted.begin() + static_cast<ptrdiff_t>(end));
  return part;
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

/// Candidates whose learners are of one kind, share work and see the same rows; or a single one.
struct Alike {
  const Prepared* prepared;
  const Estimator* learner;
  std::vector<size_t> members;
};

struct Search::FoldAtHand {
  const Training& seen;
  const TrainingRows& test;
  std::string key;  // in the journal; empty where none is kept
  std::function<void()> done;
};

void Search::try_candidates(size_t begin, size_t end, const std::vector<data::Fold>& folds, const Training& training) {
  char task[80];
  std::snprintf(task, sizeof task, "%-10s %-12s", "search", root_->stages().back()->name().c_str());
  const std::string grouped = found_.by.empty() ? ", no groups given" : ", grouped by " + found_.by;
  observer().begin(task, end - begin, "settings x " + std::to_string(folds.size()) + " folds" + grouped);
  Progress progress(end - begin, folds.size());
  try {
    for (const auto& fold : folds) {
      const TrainingRows train(training, fold.train), test(training, fold.valid);
      const Training seen = train.training();
      const std::string key = journal_->kept() ? fold_key(training, fold) : "";
      try_fold(begin, end, {seen, test, key, [&] { progress.one_more(); }});
    }
    rank_candidates(begin, end);
  } catch (...) {
    observer().end("");
    throw;
  }
  char remark[40];
  std::snprintf(remark, sizeof remark, "best %.3f", found_.best_candidate().mean);
  observer().end(remark);
}

void Search::try_fold(size_t begin, size_t end, const FoldAtHand& fold) {
  Preparer preparer(fold.seen, fold.test.x());
  std::vector<Alike> groups;  // in the order of their first
  for (size_t c = begin; c < end; ++c) {
    const SearchCell* known = built_[c] && journal_->kept() ? journal_->find(key_of(c, fold)) : nullptr;
    if (known) keep_cell(c, *known);
    if (!built_[c] || known) {
      fold.done();
      continue;
    }
    const auto start = Clock::now();
    const auto stages = built_[c]->stages();
    const Prepared* prepared = &preparer.prepare(stages);
    found_.candidates[c].seconds += seconds_since(start);
    const Estimator* learner = stages.back();
    const bool shares = dynamic_cast<const SharesWork*>(learner) != nullptr;
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const Alike& group) {
      return group.prepared == prepared && &group.learner->entry() == &learner->entry();
    });
    if (!shares || same == groups.end()) {
      groups.push_back({prepared, learner, {c}});
    } else {
      same->members.push_back(c);
    }
  }
  for (const auto& group : groups) {
    check_interrupt();
    try_group(group, fold);
  }
}

/// Every member of a group in a fold, written down together.
void Search::try_group(const Alike& group, const FoldAtHand& fold) {
  const auto start = Clock::now();
  const std::vector<Trial> trials = ask_learner(group, fold);
  const double seconds = seconds_since(start) / static_cast<double>(trials.size());
  std::vector<std::pair<std::string, SearchCell>> cells;
  for (size_t m = 0; m < trials.size(); ++m) {
    SearchCell cell = judge(trials[m], group.learner->name(), fold);
    cell.seconds = seconds;
    keep_cell(group.members[m], cell);
    if (journal_->kept()) cells.emplace_back(key_of(group.members[m], fold), std::move(cell));
  }
  journal_->add(cells);
}

/// Every member on the rows that all of them see; a reason that holds for one holds for those without answers.
std::vector<Trial> Search::ask_learner(const Alike& group, const FoldAtHand& fold) const {
  const size_t n = group.members.size();
  size_t told = 0;
  const auto tell = [&] {
    if (told++ < n) fold.done();
  };
  std::vector<Map> settings;
  for (const size_t c : group.members) settings.push_back(built_[c]->stages().back()->options());
  std::vector<Trial> trials(n);
  std::string reason = group.prepared->reason;
  if (reason.empty()) {
    const Matrix& test = group.prepared->test;
    try {
      trials =
          group.learner->try_settings(settings, fold.seen.with(group.prepared->train, names_of(*group.prepared)),
                                      search().return_train_score ? stacked(test, group.prepared->train) : test, tell);
    } catch (const ArgumentError& problem) {
      reason = problem.what();
    }
  }
  while (told < n) tell();
  for (Trial& trial : trials) {
    if (!reason.empty()) trial.reason = reason;
  }
  return trials;
}

/// What answers are worth by each metric.
std::vector<double> Search::scores_of(const Predictions& answers, const Training& truth, int n_classes) const {
  const metric::Answers said{.truth = truth.y,
                             .predicted = answers.predicted,
                             .scores = &answers.scores,
                             .n_classes = n_classes,
                             .kind = answers.kind,
                             .target = truth.target,
                             .values = truth.values};
  std::vector<double> scores;
  for (const auto& scorer : scorers_) {
    const double score = scorer.score(said);
    if (std::isnan(score)) refuse("'" + scorer.name() + "' is no number on a fold");
    scores.push_back(score);
  }
  return scores;
}

/// What a candidate's answers are worth on a fold's test rows, and on the rows behind them, which taught it, where
/// these are asked for.
SearchCell Search::judge(const Trial& trial, const std::string& learner, const FoldAtHand& fold) const {
  SearchCell cell;
  cell.reason = reason_of(trial, learner);
  if (!cell.reason.empty()) return cell;
  const Training tested = fold.test.training();
  const size_t n = tested.x.rows, all = trial.answers.scores.rows;
  try {
    if (all == n) {
      cell.scores = scores_of(trial.answers, tested, fold.seen.n_classes);
    } else {
      cell.scores = scores_of(answers_between(trial.answers, 0, n), tested, fold.seen.n_classes);
      cell.train = scores_of(answers_between(trial.answers, n, all), fold.seen, fold.seen.n_classes);
    }
  } catch (const ArgumentError& problem) {
    cell = {{}, problem.what(), 0};
  }
  return cell;
}

std::string Search::key_of(size_t candidate, const FoldAtHand& fold) const {
  std::vector<std::string> metrics;
  for (const auto& scorer : scorers_) metrics.push_back(scorer.name());
  if (search().return_train_score) metrics.emplace_back("train");
  return cell_key(built_[candidate]->description(), fold.key, metrics);
}

void Search::keep_cell(size_t c, const SearchCell& cell) {
  Candidate& candidate = found_.candidates[c];
  candidate.seconds += cell.seconds;
  if (candidate.reason.empty()) candidate.reason = cell.reason;
  for (size_t s = 0; s < cell.scores.size(); ++s) scores_[c][s].push_back(cell.scores[s]);
  for (size_t s = 0; s < cell.train.size(); ++s) train_scores_[c][s].push_back(cell.train[s]);
}

}  // namespace lumir::learn
