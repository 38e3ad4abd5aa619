// Results in words and as a Value.

#include "evaluate/results.h"

#include <algorithm>
#include <cstdio>

#include "core/score.h"

namespace lumir::evaluate {
namespace {

/// Columns in a terminal: a byte that continues a UTF-8 character takes none.
size_t width_of(const std::string& text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string left(const std::string& text, size_t width) {
  const size_t wide = width_of(text);
  return wide < width ? text + std::string(width - wide, ' ') : text;
}

std::string right(const std::string& text, size_t width) {
  const size_t wide = width_of(text);
  return wide < width ? std::string(width - wide, ' ') + text : text;
}

std::string trimmed(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

const Interval* find(const Scores& scores, const std::string& name) {
  const auto found = scores.find(name);
  return found == scores.end() ? nullptr : &found->second;
}

std::string number(const Scores& scores, const std::string& name) {
  const Interval* score = find(scores, name);
  return score ? show_score(score->value) : "-";
}

std::string model_table(const Results& results) {
  size_t name_width = 5;
  for (const auto& model : results.models) name_width = std::max(name_width, width_of(model.name));
  std::string text = left("model", name_width + 2) + left("accuracy (95 %)", 20);
  for (const int k : results.top) text += left("top-" + std::to_string(k), 8);
  text = trimmed(text + left("macro F1", 11) + right("fit s", 6));
  for (const auto& model : results.models) {
    const Interval& accuracy = model.valid.at("accuracy");
    std::string line = left(model.name, name_width + 2) +
                       left(show_score(accuracy.value) + "  (" + show_limits(accuracy.low, accuracy.high) + ")", 20);
    for (const int k : results.top) line += left(number(model.valid, "top_" + std::to_string(k)), 8);
    line += left(number(model.valid, "f1"), 11) + right(show_seconds(model.fit_seconds), 6) + "    " + model.settings;
    text += trimmed(line);
  }
  return text;
}

std::string train_lines(const Results& results) {
  std::string text;
  for (const auto& model : results.models) {
    if (model.train.empty()) continue;
    text += "on the training set: " + model.name + " " + number(model.train, "accuracy") + "\n";
  }
  return text;
}

std::string difference_lines(const Results& results) {
  std::string text;
  for (const auto& d : results.differences) {
    text += d.better + " over " + d.worse + ": " + show_gain(d.gain.value) + " (" + show_gain(d.gain.low) + " to " +
            show_gain(d.gain.high) + ")" + (d.beyond_chance ? ", beyond chance\n" : ", within chance\n");
  }
  return text;
}

/// Rows are true classes, columns predicted ones; columns are numbered, because 20 names do not fit side by side.
std::string confusion_table(const ModelResult& model, const std::vector<std::string>& classes) {
  size_t name_width = 0;
  for (const auto& name : classes) name_width = std::max(name_width, width_of(name));
  const size_t number_width = std::to_string(classes.size()).size() + 1;
  const size_t cell = std::max<size_t>(3, number_width);
  std::string text = left("", name_width + number_width + 2);
  for (size_t j = 0; j < classes.size(); ++j) text += right(std::to_string(j + 1), cell);
  text = trimmed(text + "   recall");
  for (size_t i = 0; i < classes.size(); ++i) {
    std::string line = right(std::to_string(i + 1), number_width) + " " + left(classes[i], name_width + 1);
    for (size_t j = 0; j < classes.size(); ++j) {
      const auto count = static_cast<long>(model.confusion(i, j));
      line += right(count > 0 ? std::to_string(count) : "·", cell);
    }
    const bool seen = model.per_class[i].support > 0;
    text += trimmed(line + "   " + (seen ? show_score(model.per_class[i].recall) : "-"));
  }
  return text;
}

Value interval_value(const Interval& score) {
  return Map{{"value", score.value}, {"low", score.low}, {"high", score.high}};
}

Value scores_value(const Scores& scores) {
  Map map;
  for (const auto& [name, score] : scores) map[name] = interval_value(score);
  return map;
}

Value model_value(const ModelResult& model, const Results& results) {
  List confusion, predicted, per_class;
  for (size_t i = 0; i < model.confusion.rows; ++i) {
    const auto row = model.confusion.row(i);
    confusion.push_back(List(row.begin(), row.end()));
  }
  for (const int y : model.predicted) predicted.push_back(results.classes[static_cast<size_t>(y)]);
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
             {"confusion", confusion},
             {"predicted", predicted},
             {"per_class", per_class}};
}

}  // namespace

std::string show(const Results& results) {
  std::string text = model_table(results) + train_lines(results) + difference_lines(results);
  if (results.synthetic) text += "synthetic sample: the singers are made, so the scores say nothing about music\n";
  if (results.models.empty()) return text;
  const auto& best = results.models.front();
  text += "\n" + best.name + ": rows are the true " + results.label + ", columns what was predicted\n" +
          confusion_table(best, results.classes);
  text.pop_back();
  return text;
}

Value to_value(const Results& results) {
  List models, differences, truth, ids(results.ids.begin(), results.ids.end());
  for (const auto& model : results.models) models.push_back(model_value(model, results));
  for (const int y : results.truth) truth.push_back(results.classes[static_cast<size_t>(y)]);
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
             {"truth", truth},
             {"label", results.label},
             {"group", results.group},
             {"synthetic", results.synthetic}};
}

}  // namespace lumir::evaluate
