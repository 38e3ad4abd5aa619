// Results in words and as a Value.

#include "evaluate/results.h"

#include <algorithm>
#include <numeric>
#include <set>

#include "core/readable.h"
#include "core/text.h"
#include "data/label_kind.h"
#include "evaluate/interval.h"
#include "evaluate/made_music.h"
#include "evaluate/tag_table.h"
#include "evaluate/vote.h"
#include "metric/scorer.h"

namespace lumir::evaluate {
namespace {

const Interval* find(const Scores& scores, const std::string& name) {
  const auto found = scores.find(name);
  return found == scores.end() ? nullptr : &found->second;
}

std::string number(const Scores& scores, const std::string& name) {
  const Interval* score = find(scores, name);
  return score ? show_score(score->value) : "-";
}

/// Accuracy counts what a model predicts, top-1 its best score: the same but for a support vector machine's ties.
bool accuracy_is_top_1(const Results& results) {
  return std::all_of(results.models.begin(), results.models.end(), [](const ModelResult& model) {
    const Interval *accuracy = find(model.valid, "accuracy"), *top_1 = find(model.valid, "top_1");
    return accuracy && top_1 && top_1->value == accuracy->value;
  });
}

/// Accuracy stands for top-1 where that is not shown.
std::string head_of(const std::string& metric, const Results& results) {
  const bool both = metric == "accuracy" && !results.chosen && accuracy_is_top_1(results);
  return metric::Scorer(both ? "top_1" : metric).title();
}

std::string with_limits(const Interval& score) {
  return show_score(score.value) + (score.known() ? "  (" + show_limits(score.value, score.low, score.high) + ")" : "");
}

std::string fit_text(const ModelResult& model) { return model.fit_seconds > 0 ? show_seconds(model.fit_seconds) : "-"; }

constexpr size_t kPlainName = 20;  // so that the plain table fits 100 columns

std::string model_table(const Results& results) {
  if (results.target != Target::classes) return text_table(score_rows(results), {3});
  if (is_plain(results)) {
    const auto rows = plain_table(results, true);
    std::vector<size_t> numbers;
    for (size_t i = 2; i < rows.front().size(); ++i) numbers.push_back(i);
    return text_table(rows, numbers, 2);
  }
  const auto metrics = shown_metrics(results);
  const std::string& first = metrics.front();
  const bool trained = std::any_of(results.models.begin(), results.models.end(),
                                   [](const ModelResult& model) { return !model.train.empty(); });
  std::vector<std::string> heads{"model", head_of(first, results) + "  (95 %)"};
  if (trained) heads.push_back("on train");
  for (size_t i = 1; i < metrics.size(); ++i) heads.push_back(head_of(metrics[i], results));
  heads.insert(heads.end(), {"fit s", ""});
  std::vector<std::vector<std::string>> rows{heads};
  for (const auto& model : results.models) {
    std::vector<std::string> row{model.name, with_limits(model.valid.at(first))};
    if (trained) row.push_back(number(model.train, first));
    for (size_t i = 1; i < metrics.size(); ++i) row.push_back(number(model.valid, metrics[i]));
    row.insert(row.end(), {fit_text(model), model.settings});
    rows.push_back(row);
  }
  std::vector<size_t> numbers;
  for (size_t i = 2; i + 1 < heads.size(); ++i) numbers.push_back(i);
  return text_table(rows, numbers);
}

/// How far the best one is ahead of each other one; the record has every pair.
std::string difference_lines(const Results& results) {
  std::string text, less;
  if (const metric::Scorer ranks(results.metrics.front()); !ranks.greater_is_better())
    less = ranks.title() + " lower by ";
  for (const auto& d : results.differences) {
    if (d.better != results.models.front().name) continue;
    text += d.better + " over " + d.worse + ": " + less + show_gain(d.gain.value);
    if (d.gain.known()) text += " (" + show_gain(d.gain.low) + " to " + show_gain(d.gain.high) + ")";
    text += d.beyond_chance ? ", beyond chance\n" : ", within chance\n";
  }
  return text;
}

/// How much of the names is the same in all, up to the last underscore, hyphen or space: "singer_".
size_t common_beginning(const std::vector<std::string>& names) {
  size_t same = names.empty() ? 0 : names[0].size();
  for (const auto& name : names) {
    const auto [ours, theirs] = std::mismatch(name.begin(), name.end(), names[0].begin(), names[0].end());
    same = std::min(same, static_cast<size_t>(ours - name.begin()));
  }
  while (same > 0 && std::string("_- ").find(names[0][same - 1]) == std::string::npos) --same;
  return same;
}

/// Heads for narrow columns: the first three characters in which names differ ("01", "bea"); numbers, which
/// `numbered` tells, where that would be ambiguous.
std::vector<std::string> short_names(const std::vector<std::string>& names, bool* numbered) {
  const size_t skip = common_beginning(names);
  std::vector<std::string> heads;
  for (const auto& name : names) {
    std::string head;
    for (const auto& character : characters(name.substr(skip))) {
      if (text_width(head + character) > 3) break;
      head += character;
    }
    heads.push_back(head);
  }
  const std::set<std::string> different(heads.begin(), heads.end());
  *numbered = different.size() < names.size() || different.contains("");
  if (!*numbered) return heads;
  for (size_t i = 0; i < names.size(); ++i) heads[i] = std::to_string(i + 1);
  return heads;
}

/// Rows are true classes, columns predicted ones, under short names, because 20 names do not fit side by side.
std::string confusion_table(const ModelResult& model, const std::vector<std::string>& classes) {
  constexpr size_t kNameWidth = 24;
  bool numbered = false;
  const auto heads = short_names(classes, &numbered);
  std::vector<std::vector<std::string>> rows{{""}};
  rows[0].insert(rows[0].end(), heads.begin(), heads.end());
  rows[0].push_back(" recall");
  for (size_t i = 0; i < classes.size(); ++i) {
    const std::string name = cut(classes[i], kNameWidth);
    std::vector<std::string> row{numbered ? pad_left(heads[i], heads.back().size()) + " " + name : name};
    for (size_t j = 0; j < classes.size(); ++j) {
      const auto count = static_cast<long>(model.confusion(i, j));
      row.push_back(count > 0 ? std::to_string(count) : "·");
    }
    row.push_back(model.per_class[i].support > 0 ? show_score(model.per_class[i].recall) : "-");
    rows.push_back(row);
  }
  std::vector<size_t> numbers(classes.size() + 1);
  std::iota(numbers.begin(), numbers.end(), size_t{1});
  return text_table(rows, numbers, 1);
}

/// For more classes than a terminal has room for: what is mistaken for what, most frequent first.
std::string confusion_list(const ModelResult& model, const std::vector<std::string>& classes) {
  constexpr size_t kRows = 15;
  struct Mistake {
    size_t truth, predicted;
    long count;
  };
  std::vector<Mistake> mistakes;
  for (size_t i = 0; i < classes.size(); ++i) {
    for (size_t j = 0; j < classes.size(); ++j) {
      const auto count = static_cast<long>(model.confusion(i, j));
      if (i != j && count > 0) mistakes.push_back({i, j, count});
    }
  }
  std::stable_sort(mistakes.begin(), mistakes.end(),
                   [](const Mistake& a, const Mistake& b) { return a.count > b.count; });
  mistakes.resize(std::min(mistakes.size(), kRows));
  std::vector<std::vector<std::string>> rows{{"times", "true", "predicted"}};
  for (const auto& m : mistakes) rows.push_back({std::to_string(m.count), classes[m.truth], classes[m.predicted]});
  return text_table(rows, {0});
}

/// What is told beneath the scores: of each tag, or who was taken for whom.
std::string best_model_words(const ModelResult& model, const Results& results) {
  if (results.target == Target::numbers) return "";
  if (results.target == Target::tags) {
    return model.name + ": every tag, by score and from a threshold on\n" +
           text_table(tag_rows(model), {1, 2, 3, 4, 5, 6, 7}, 2);
  }
  constexpr size_t kMostColumns = 24;
  if (results.classes.size() > kMostColumns) {
    return "most frequent mistakes of " + model.name + "\n" + confusion_list(model, results.classes);
  }
  const std::string label = results.label.empty() ? "class" : results.label;
  return model.name + ": rows are the true " + label + ", columns what was predicted\n" +
         confusion_table(model, results.classes);
}

Value interval_value(const Interval& score) {
  Map value{{"value", score.value}};
  if (score.known()) value.insert({{"low", score.low}, {"high", score.high}});
  return value;
}

/// A class by its name, tags by theirs, numbers as they are: what is true of a recording, or what was said of it.
Value target_value(const Results& results, size_t i, const std::vector<int>& classes, const Matrix& values) {
  if (results.target == Target::classes) return results.classes[static_cast<size_t>(classes[i])];
  const auto row = values.row(i);
  if (results.target == Target::numbers) return row.size() == 1 ? Value(row[0]) : Value(List(row.begin(), row.end()));
  List tags;
  for (size_t j = 0; j < row.size(); ++j) {
    if (row[j] > 0) tags.push_back(results.classes[j]);
  }
  return tags;
}

Value truth_value(const Results& results, size_t i) { return target_value(results, i, results.truth, results.values); }

Value answer_value(const Results& results, const ModelResult& model, size_t i) {
  const bool numbers = results.target == Target::numbers;
  return target_value(results, i, model.predicted, numbers ? model.scores : model.taken);
}

std::string text_of(const Value& value) {
  if (const auto* text = value.text()) return *text;
  if (const auto* number = value.number()) return show_number(*number);
  std::vector<std::string> parts;
  for (const auto& part : *value.list()) parts.push_back(text_of(part));
  return data::joined(parts, {});
}

Value scores_value(const Scores& scores) {
  Map map;
  for (const auto& [name, score] : scores) map[name] = interval_value(score);
  return map;
}

}  // namespace

std::string truth_text(const Results& results, size_t i) { return text_of(truth_value(results, i)); }

std::string answer_text(const Results& results, const ModelResult& model, size_t i) {
  return text_of(answer_value(results, model, i));
}

metric::Answers answers_of(const Results& results, const ModelResult& model) {
  const bool classes = results.target == Target::classes;
  return {results.truth,
          model.predicted,
          &model.scores,
          static_cast<int>(results.classes.size()),
          model.kind,
          results.target,
          classes ? nullptr : &results.values,
          results.target == Target::tags ? &model.taken : nullptr};
}

std::vector<std::string> shown_metrics(const Results& results) {
  if (results.chosen || results.target != Target::classes) return results.metrics;
  const bool same = accuracy_is_top_1(results);
  std::vector<std::string> shown;
  for (const auto& name : results.metrics) {
    if (name == "precision" || name == "recall" || (name == "top_1" && same)) continue;
    shown.push_back(name);
  }
  return shown;
}

std::string words_of_votes(const Results& results) {
  const auto& models = results.models;
  const auto as_first = [&](const ModelResult& model) {
    return model.rows == models.front().rows && model.vote == models.front().vote;
  };
  const bool alike = std::all_of(models.begin(), models.end(), as_first);
  std::string text;
  for (const auto& model : models) {
    const std::string words = words_of_vote(model.rows, results.size(), model.vote);
    if (alike) return words;
    if (!words.empty()) text += (text.empty() ? "" : "; ") + model.name + ": " + words;
  }
  return text;
}

bool is_plain(const Results& results) {
  return !results.chosen && results.target == Target::classes &&
         std::none_of(results.metrics.begin(), results.metrics.end(),
                      [](const std::string& name) { return name.starts_with("top_"); });
}

std::vector<std::vector<std::string>> plain_table(const Results& results, bool limits) {
  const bool trained = std::any_of(results.models.begin(), results.models.end(),
                                   [](const ModelResult& model) { return !model.train.empty(); });
  std::vector<std::string> heads{"model",   limits ? "accuracy  (95 %)" : "accuracy", "precision", "recall", "F1",
                                 "weighted"};
  if (trained) heads.insert(heads.end(), {"train", "train F1"});
  heads.push_back("fit s");
  std::vector<std::vector<std::string>> rows{heads};
  for (const auto& model : results.models) {
    std::vector<std::string> row{cut(model.name, kPlainName)};
    row.push_back(limits ? with_limits(model.valid.at("accuracy")) : number(model.valid, "accuracy"));
    for (const char* name : {"precision", "recall", "f1", "f1_weighted"}) row.push_back(number(model.valid, name));
    if (trained) row.insert(row.end(), {number(model.train, "accuracy"), number(model.train, "f1")});
    row.push_back(fit_text(model));
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<std::string> remarks_on_intervals(const Results& results) {
  std::vector<std::string> remarks;
  if (results.models.empty() || results.metrics.empty()) return remarks;
  const size_t n = std::set(results.groups.begin(), results.groups.end()).size();
  const std::string group = results.group.empty() ? "group" : results.group;
  if (n == 1) {
    remarks.push_back("one " + group + " only: what chance does between " + group +
                      "s cannot be seen, so no score has an interval");
  } else if (n > 1 && n < kEnoughGroups) {
    remarks.push_back("intervals of " + std::to_string(n) + " " + group + "s are rough: they are known to hold from " +
                      std::to_string(kEnoughGroups) + " on");
  }
  const std::string& first = results.metrics.front();
  const auto has_limits = [&first](const ModelResult& model) {
    const Interval* score = find(model.valid, first);
    return !score || score->known();
  };
  if (n != 1 && std::none_of(results.models.begin(), results.models.end(), has_limits)) {
    remarks.push_back(metric::Scorer(first).title() + " has no interval: of a class too few " + group +
                      "s are seen to tell its spread");
  }
  if (is_plain(results))
    remarks.push_back("precision, recall and F1 are means over classes; weighted: F1 by their rows");
  if (const std::string silent = words_of_silent_tags(results); !silent.empty()) remarks.push_back(silent);
  if (!results.chosen && find(results.models.front().valid, "top_1") && !accuracy_is_top_1(results)) {
    remarks.push_back(
        "accuracy counts what a model predicts (an SVM by the votes of its pairs), top-1 its highest score");
  }
  return remarks;
}

std::string show(const Results& results) {
  std::string text = model_table(results);
  if (const std::string votes = words_of_votes(results); !votes.empty()) text += "\n" + votes + "\n";
  const auto remarks = remarks_on_intervals(results);
  if (!remarks.empty()) text += "\n";
  for (const auto& remark : remarks) text += remark + "\n";
  if (!results.differences.empty()) text += "\n" + difference_lines(results);
  if (results.synthetic) text += std::string("\n") + kMadeMusic + "\n";
  if (!results.models.empty()) text += "\n" + best_model_words(results.models.front(), results);
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

Value to_value(const ModelResult& model, const Results& results) {
  List confusion, predicted, per_class, per_tag;
  for (size_t i = 0; i < model.confusion.rows; ++i) {
    const auto row = model.confusion.row(i);
    confusion.push_back(List(row.begin(), row.end()));
  }
  for (size_t i = 0; i < results.size(); ++i) predicted.push_back(answer_value(results, model, i));
  for (const auto& tag : model.per_tag) {
    per_tag.push_back(Map{{"name", tag.name},
                          {"positives", tag.positives},
                          {"roc_auc", tag.roc_auc},
                          {"average_precision", tag.average_precision},
                          {"threshold", tag.threshold},
                          {"precision", tag.precision},
                          {"recall", tag.recall},
                          {"f1", tag.f1}});
  }
  for (const auto& row : model.per_class) {
    per_class.push_back(Map{{"name", row.name},
                            {"precision", row.precision},
                            {"recall", row.recall},
                            {"f1", row.f1},
                            {"support", row.support}});
  }
  return Map{{"name", model.name},
             {"settings", model.settings},
             {"valid", scores_value(model.valid)},
             {"train", scores_value(model.train)},
             {"search_score", model.search_score},
             {"search_metric", model.search_metric},
             {"score_kind", name_of(model.kind)},
             {"confusion", confusion},
             {"predicted", predicted},
             {"per_class", per_class},
             {"per_tag", per_tag}};
}

Value to_value(const Results& results) {
  List models, differences, truth, ids(results.ids.begin(), results.ids.end());
  for (const auto& model : results.models) models.push_back(to_value(model, results));
  for (size_t i = 0; i < results.size(); ++i) truth.push_back(truth_value(results, i));
  for (const auto& d : results.differences) {
    differences.push_back(Map{{"better", d.better},
                              {"worse", d.worse},
                              {"gain", interval_value(d.gain)},
                              {"beyond_chance", d.beyond_chance}});
  }
  return Map{{"models", models},
             {"differences", differences},
             {"classes", List(results.classes.begin(), results.classes.end())},
             {"ids", ids},
             {"target", name_of(results.target)},
             {"truth", truth},
             {"label", results.label},
             {"group", results.group},
             {"metrics", List(results.metrics.begin(), results.metrics.end())},
             {"rows", results.rows},
             {"vote", results.vote},
             {"synthetic", results.synthetic}};
}

}  // namespace lumir::evaluate
