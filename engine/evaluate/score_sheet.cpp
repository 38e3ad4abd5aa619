// See score_sheet.h.

#include "evaluate/score_sheet.h"

#include "core/csv.h"
#include "core/error.h"
#include "core/value.h"
#include "data/label_kind.h"

namespace lumir::evaluate {
namespace {

List given_tags(const model::Model& model, std::span<const double> taken) {
  List tags;
  for (size_t j = 0; j < taken.size(); ++j) {
    if (taken[j] > 0) tags.push_back(model.classes.at(j));
  }
  return tags;
}

std::string csv_row(const std::string& id, const List* tags, std::span<const double> scores) {
  std::string text = csv_field(id);
  if (tags) {
    std::vector<std::string> words;
    for (const auto& tag : *tags) words.push_back(*tag.text());
    text += "," + csv_field(data::joined(words, {}));
  }
  for (const double score : scores) text += "," + show_number(score);
  return text + "\n";
}

std::string json_row(const model::Model& model, const List* tags, std::span<const double> scores) {
  Map named;
  for (size_t j = 0; j < scores.size(); ++j) named[model.classes.at(j)] = scores[j];
  return to_json(tags ? Value(Map{{"tags", *tags}, {"scores", named}}) : Value(named));
}

}  // namespace

std::string score_sheet(const model::Model& model, const std::vector<std::string>& ids,
                        const model::Predictions& answers, Format format) {
  const bool tags = model.target == Target::tags, json = format == Format::json;
  const Matrix taken = tags ? model::tags_of(model, answers) : Matrix();
  std::string text = json ? "" : tags ? "id,tags" : "id";
  for (const auto& name : model.classes) text += json ? "" : "," + csv_field(name);
  text += json ? "{" : "\n";
  bool first = true;
  for (const size_t i : submission_order(ids)) {
    const List given = tags ? given_tags(model, taken.row(i)) : List{};
    const List* of_row = tags ? &given : nullptr;
    if (json) {
      text += (first ? "\n  " : ",\n  ") + to_json(Value(json_id(submission_id(ids[i])))) + ": " +
              json_row(model, of_row, answers.scores.row(i));
    } else {
      text += csv_row(submission_id(ids[i]), of_row, answers.scores.row(i));
    }
    first = false;
  }
  return json ? text + "\n}\n" : text;
}

}  // namespace lumir::evaluate
