// See cross_validate.h.

#include "evaluate/cross_validate.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <numeric>
#include <set>

#include "core/error.h"
#include "core/interrupt.h"
#include "core/observer.h"
#include "core/readable.h"
#include "core/text.h"
#include "data/split.h"
#include "evaluate/verdict.h"
#include "metric/scorer.h"

namespace lumir::evaluate {
namespace {

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

void check(const Trainee& trainee, const data::Table& table, const std::vector<std::string>& metrics,
           const std::string& who) {
  if (trainee.numbers) data::need_numbers(table, who);
  table.check(who);
  if (!table.has_labels()) throw ArgumentError(who + ": the table has no labels");
  std::set<std::string> names;
  for (const auto& name : metrics) {
    metric::Scorer(name, who);
    if (!names.insert(name).second) throw ArgumentError(who + ": the metric '" + name + "' is asked for twice");
  }
}

data::FoldWords words_of(const data::Table& table, const std::string& by) {
  data::FoldWords words;
  words.classes = table.classes;
  if (!table.label.empty()) words.label = table.label;
  words.by = !by.empty() ? by : table.groups.empty() ? "row" : table.group.empty() ? "group" : table.group;
  return words;
}

/// A pair that crosses several rounds is told once.
void add_new(const std::vector<data::Finding>& some, std::set<std::pair<std::string, std::string>>& told,
             std::vector<data::Finding>& to) {
  for (const auto& finding : some) {
    if (told.insert(std::minmax(finding.train, finding.valid)).second) to.push_back(finding);
  }
}

std::map<std::string, double> scores_of(const model::Model& model, const data::Table& table,
                                        const std::vector<std::string>& metrics, const std::string& who) {
  model::check_target(model, table, who);
  const VoteOptions by_row{.vote = "none"};
  const Recordings rows = recordings_of(table, by_row);
  const Verdict verdict = judge(model, table, rows, by_row, who);
  std::map<std::string, double> scores;
  for (const auto& name : metrics) scores[name] = metric::Scorer(name, who).score(verdict.view());
  return scores;
}

bool is_searched(const CrossValidation& found) { return !found.rounds.front().settings.empty(); }

/// A column of the printed table: its head, the time of each fit, and their mean.
std::vector<std::string> times_of(const CrossValidation& found) {
  std::vector<std::string> times{"fit s"};
  for (const auto& round : found.rounds) times.push_back(show_seconds(round.fit_seconds));
  times.push_back(show_seconds(found.fit_seconds() / static_cast<double>(found.rounds.size())));
  return times;
}

}  // namespace

std::vector<data::Fold> rounds_of(const data::Table& table, const data::RoundOptions& options, const std::string& who,
                                  data::Audit& audit) {
  const auto words = words_of(table, options.by);
  const bool by_row = options.by == "id" || options.by == "row";
  auto groups = by_row ? std::vector<std::string>{} : table.groups_by(options.by);
  // tags and numbers are dealt by size: rows without groups are groups of one
  for (size_t row = groups.size(); table.y.empty() && row < table.rows(); ++row) groups.push_back(std::to_string(row));
  auto rounds = data::make_rounds(table.y, groups, options, words);
  if (!table.songs) return rounds;
  std::set<std::pair<std::string, std::string>> told, moved;
  for (auto& round : rounds) {
    const data::Audit one = data::audit_fold(*table.songs, table.song, options.leak, who, round);
    add_new(one.findings, told, audit.findings);
    add_new(one.moved, moved, audit.moved);
    audit.words = one.words;
    audit.unheard = one.unheard;
    audit.by_sound = one.by_sound;
  }
  return rounds;
}

Trainee trainee_of(const model::Estimator& model, const std::string& who) {
  if (!model.is(model::Role::classifier) && !model.is(model::Role::regressor)) {
    throw ArgumentError(who + ": needs a classifier or a regressor, got " + model::show_estimator(model));
  }
  return {model::show_estimator(model), true, [&model](const data::Table& train) {
            model::Model fresh{model::make_estimator(model.description())};
            model::fit(fresh, train);
            return fresh;
          }};
}

Round try_round(const Trainee& trainee, const data::Table& train, const data::Table& test,
                const std::vector<std::string>& metrics, bool score_train, const std::string& who, std::string* title) {
  Round round;
  const auto start = Clock::now();
  const model::Model fresh = trainee.fit(train);
  round.fit_seconds = seconds_since(start);
  if (title) *title = fresh.estimator->title();
  const auto fitted = Clock::now();
  round.test = scores_of(fresh, test, metrics, who);
  round.score_seconds = seconds_since(fitted);
  if (score_train) round.train = scores_of(fresh, train, metrics, who);
  round.train_rows = train.rows();
  round.test_rows = test.rows();
  if (const auto* searched = fresh.estimator->searched()) {
    round.settings = model::show_setting(searched->best_candidate().setting);
  }
  return round;
}

Schema CrossValidateOptions::schema() {
  Schema schema{Option{"scoring", &CrossValidateOptions::scoring,
                       "the metrics: 'accuracy', 'f1_macro', 'roc_auc_ovr', 'log_loss'; empty: accuracy, of tags "
                       "average_precision, of numbers r2"},
                Option{"train", &CrossValidateOptions::train, "score the rows that taught too"}};
  for (auto& option : data::RoundOptions::schema()) schema.push_back(std::move(option));
  return schema;
}

CrossValidation cross_validate(const Trainee& trainee, const data::Table& table, const CrossValidateOptions& options,
                               const std::string& who) {
  CrossValidation found;
  found.model = trainee.title;
  found.metrics = options.scoring;
  if (found.metrics.empty()) found.metrics = {metric::usual_metric(table.target)};
  check(trainee, table, found.metrics, who);
  const auto rounds = rounds_of(table, options, who, found.audit);
  observer().begin("validate", rounds.size(), "rounds");
  try {
    for (const auto& round : rounds) {
      check_interrupt();
      try {
        found.rounds.push_back(try_round(trainee, table.take(round.train), table.take(round.valid), found.metrics,
                                         options.train, who, found.model.empty() ? &found.model : nullptr));
      } catch (const ArgumentError& problem) {
        throw ArgumentError(who + ": round " + std::to_string(found.rounds.size() + 1) + ": " + problem.what());
      }
      observer().advance(1);
    }
  } catch (...) {
    observer().end("");
    throw;
  }
  const auto mean = found.summary(found.metrics.front()).mean;
  observer().end(metric::Scorer(found.metrics.front()).title() + " " + show_score(mean));
  return found;
}

std::vector<double> CrossValidation::of(const std::string& metric, bool train) const {
  if (std::find(metrics.begin(), metrics.end(), metric) == metrics.end()) {
    throw ArgumentError("'" + metric + "' was not measured" + did_you_mean(metric, metrics));
  }
  std::vector<double> values;
  for (const auto& round : rounds) {
    const auto& scores = train ? round.train : round.test;
    if (const auto one = scores.find(metric); one != scores.end()) values.push_back(one->second);
  }
  return values;
}

MeanAndSpread CrossValidation::summary(const std::string& metric, bool train) const {
  return metric::spread_of(of(metric, train));
}

double CrossValidation::fit_seconds() const {
  double sum = 0;
  for (const auto& round : rounds) sum += round.fit_seconds;
  return sum;
}

double CrossValidation::test_over_train() const {
  double sum = 0;
  for (const auto& round : rounds) sum += static_cast<double>(round.test_rows) / static_cast<double>(round.train_rows);
  return sum / static_cast<double>(rounds.size());
}

std::vector<std::vector<std::string>> table_of(const CrossValidation& found) {
  const bool trained = !found.rounds.front().train.empty();
  const bool searched = is_searched(found);
  std::vector<std::string> heads{"round"};
  for (const auto& name : found.metrics) {
    heads.push_back(metric::Scorer(name).title());
    if (trained) heads.push_back("on train");
  }
  if (searched) heads.emplace_back("chosen");
  std::vector<std::vector<std::string>> rows{heads};
  for (size_t i = 0; i < found.rounds.size(); ++i) {
    const Round& round = found.rounds[i];
    rows.push_back({std::to_string(i + 1)});
    for (const auto& name : found.metrics) {
      rows.back().push_back(show_score(round.test.at(name)));
      if (trained) rows.back().push_back(show_score(round.train.at(name)));
    }
    if (searched) rows.back().push_back(round.settings);
  }
  const auto with_spread = [&](const std::string& name, bool train) {
    const auto [mean, sd] = found.summary(name, train);
    return show_score(mean) + " (" + show_score(sd) + ")";
  };
  rows.push_back({"mean (sd)"});
  for (const auto& name : found.metrics) {
    rows.back().push_back(with_spread(name, false));
    if (trained) rows.back().push_back(with_spread(name, true));
  }
  if (searched) rows.back().emplace_back();
  return rows;
}

Value to_value(const CrossValidation& found) {
  Map test, train, mean, spread;
  for (const auto& metric : found.metrics) {
    const auto tested = found.of(metric), taught = found.of(metric, true);
    test[metric] = List(tested.begin(), tested.end());
    train[metric] = List(taught.begin(), taught.end());
    mean[metric] = found.summary(metric).mean;
    spread[metric] = found.summary(metric).sd;
  }
  return Map{{"name", found.model}, {"metrics", List(found.metrics.begin(), found.metrics.end())},
             {"test", test},        {"train", train},
             {"mean", mean},        {"std", spread}};
}

std::string show(const CrossValidation& found) {
  auto rows = table_of(found);
  const auto times = times_of(found);
  const size_t place = rows.front().size() - (is_searched(found) ? 1 : 0);
  for (size_t i = 0; i < rows.size(); ++i) rows[i].insert(rows[i].begin() + static_cast<ptrdiff_t>(place), times[i]);
  std::vector<size_t> numbers(place);
  std::iota(numbers.begin(), numbers.end(), size_t{1});
  std::string text = found.model + "\n" + text_table(rows, numbers);
  if (!found.audit.clean()) text += found.audit.line() + "\n";
  text.pop_back();
  return text;
}

}  // namespace lumir::evaluate
