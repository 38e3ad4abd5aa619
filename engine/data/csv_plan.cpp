// See csv_plan.h.

#include "data/csv_plan.h"

#include <algorithm>

#include "core/error.h"
#include "core/names.h"
#include "core/text.h"
#include "data/labels.h"
#include "data/layout.h"
#include "data/words.h"

namespace lumir::data {
namespace {

size_t place_of(const std::vector<std::string>& names, const std::string& name) {
  return static_cast<size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

/// The place of a column that an option names.
size_t column_called(const std::string& name, const char* option, const NamedCsv& csv) {
  const size_t place = place_of(csv.names, name);
  if (place < csv.names.size()) return place;
  constexpr size_t kWidest = 40;
  std::vector<std::string> shown;
  for (const auto& one : csv.names) shown.push_back(cut(visible(one), kWidest));
  throw ArgumentError("csv: '" + std::string(option) + "' = '" + name + "' is no column of " + csv.file.path() +
                      known_names(name, shown));
}

CsvPlan::Role role_called(const std::string& word) {
  if (word == "refused") return CsvPlan::Role::number;
  if (word == "onehot") return CsvPlan::Role::onehot;
  if (word == "ordinal") return CsvPlan::Role::ordinal;
  if (word == "kept") return CsvPlan::Role::kept;
  throw ArgumentError("csv: 'words' = '" + word + "' is none of 'refused', 'onehot', 'ordinal', 'kept'" +
                      did_you_mean(word, {"refused", "onehot", "ordinal", "kept"}));
}

void plan_words(CsvPlan& plan, const Value& words, const NamedCsv& csv) {
  if (const auto* word = words.text()) {
    plan.how = role_called(*word);
    plan.any_words = plan.how != CsvPlan::Role::number;
    return;
  }
  if (!words.map()) {
    throw ArgumentError("csv: 'words' must be a word, or a table that has one for each column, got " + show(words));
  }
  for (const auto& [name, word] : *words.map()) {
    if (!word.text()) throw ArgumentError("csv: 'words' must have a word for '" + name + "', got " + show(word));
    plan.roles[column_called(name, "words", csv)] = role_called(*word.text());
  }
}

/// The columns that `label` names: one by its name; several by a list, or by a '*' in a name.
void plan_labels(CsvPlan& plan, const NamedCsv& csv, const CsvOptions& options) {
  std::vector<std::string> names;
  if (const auto* one = options.label.text()) {
    if (!one->empty()) names = {*one};
  } else if (const List* list = options.label.list()) {
    plan.labels_apart = true;
    for (const auto& each : *list) names.push_back(each.text() ? *each.text() : show(each));
  } else {
    throw ArgumentError("csv: 'label' must be the name of a column or a list of them, got " + show(options.label));
  }
  for (const auto& name : names) {
    if (name.find('*') == std::string::npos) {
      plan.labels.push_back(column_called(name, "label", csv));
      continue;
    }
    plan.labels_apart = true;
    for (size_t i = 0; i < csv.names.size(); ++i) {
      if (matches(name, csv.names[i])) plan.labels.push_back(i);
    }
  }
  if (!names.empty() && plan.labels.empty()) {
    throw ArgumentError("csv: 'label' = '" + names.front() + "' matches no column of " + csv.file.path());
  }
  if (plan.labels_apart && options.target == name_of(Target::classes)) {
    throw ArgumentError(
        "csv: 'label' names several columns, which say no class; target = 'tags' takes 0 or 1 of each, "
        "'numbers' a number");
  }
  if (plan.labels.empty()) return;
  plan.label_name = plan.labels_apart ? options.target : csv.names[plan.labels.front()];
}

/// The words of one column as classes, a missing one left out.
std::vector<std::string> kinds_among(const std::vector<std::string>& words, const CsvFile& file) {
  std::vector<std::string> present;
  std::copy_if(words.begin(), words.end(), std::back_inserter(present),
               [&](const auto& word) { return !file.is_missing(word); });
  return classes_among(std::move(present));
}

/// Where every word is another, a column names rows. Of a few rows any column may look so.
bool names_rows(const std::vector<std::string>& words, const std::vector<std::string>& kinds) {
  constexpr size_t kFewRows = 20;
  return words.size() > kFewRows && kinds.size() == words.size();
}

[[noreturn]] void refuse_names(const NamedCsv& csv, size_t column, size_t rows) {
  const std::string name = "'" + visible(csv.names[column]) + "'";
  throw Error(csv.file.path() + ": column " + name + " holds another word in each of " + count_of(rows, "rows") +
              ", so it names them and is no feature (id = " + name + " says so, drop = { " + name +
              " } leaves it out, words = { [" + name + "] = 'onehot' } makes numbers of it all the same)");
}

}  // namespace

CsvPlan plan_of(const NamedCsv& csv, const CsvOptions& options) {
  CsvPlan plan;
  plan.roles.assign(csv.names.size(), CsvPlan::Role::number);
  const auto named = [&](const std::string& name, const char* option) {
    return name.empty() ? std::nullopt : std::optional(column_called(name, option, csv));
  };
  plan_labels(plan, csv, options);
  plan.group = named(options.group, "group");
  plan.id = named(options.id, "id");
  plan_words(plan, options.words, csv);
  for (const auto& pattern : options.drop) {
    if (pattern.find('*') == std::string::npos) column_called(pattern, "drop", csv);
    for (size_t i = 0; i < csv.names.size(); ++i) {
      if (matches(pattern, csv.names[i])) plan.roles[i] = CsvPlan::Role::dropped;
    }
  }
  for (const auto& column : {plan.group, plan.id}) {
    if (column) plan.roles[*column] = CsvPlan::Role::dropped;
  }
  for (const size_t column : plan.labels) plan.roles[column] = CsvPlan::Role::dropped;
  return plan;
}

void take_for_words(CsvPlan& plan, const std::vector<size_t>& columns) {
  for (const size_t column : columns) {
    if (plan.roles[column] == CsvPlan::Role::number) plan.roles[column] = plan.how;
  }
}

std::map<size_t, std::vector<std::string>> settle_words(const NamedCsv& csv, CsvPlan& plan) {
  std::vector<CsvColumn> read(csv.names.size(), {CsvColumn::Kind::skipped});
  std::vector<size_t> looked_at;
  for (size_t i = 0; i < read.size(); ++i) {
    if (!plan.is_encoded(i) && !(plan.any_words && plan.roles[i] == CsvPlan::Role::kept)) continue;
    read[i] = {CsvColumn::Kind::words, looked_at.size()};
    looked_at.push_back(i);
  }
  std::map<size_t, std::vector<std::string>> kinds;
  if (looked_at.empty()) return kinds;
  const CsvContent content = csv.file.read(read, 0);
  for (size_t i = 0; i < looked_at.size(); ++i) {
    const size_t column = looked_at[i];
    if (plan.any_words && !csv.file.are_words(content.words[i])) plan.roles[column] = CsvPlan::Role::number;
    if (!plan.is_encoded(column)) continue;
    kinds[column] = kinds_among(content.words[i], csv.file);
    if (plan.any_words && names_rows(content.words[i], kinds[column])) {
      refuse_names(csv, column, content.words[i].size());
    }
  }
  return kinds;
}

}  // namespace lumir::data
