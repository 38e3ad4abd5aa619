// Lines of recordings.csv.

#include "report/recordings.h"

#include <algorithm>

#include "core/csv.h"
#include "evaluate/compare.h"

namespace lumir::report {
namespace {

using evaluate::ModelResult;
using evaluate::Results;
using Set = std::vector<RecordingList::ResultsPtr>;

/// A recording by id and path; two corpora may have the same ids.
std::string key_of(const std::vector<std::string>& ids, const std::vector<std::string>& paths, size_t i) {
  return (ids.empty() ? std::to_string(i) : ids[i]) + "\n" + (paths.empty() ? "" : paths[i]);
}

std::string field(const std::vector<std::string>& texts, size_t i) { return texts.empty() ? "" : csv_field(texts[i]); }

/// Of rows without names nobody can say that they are the same; then both are of one set where nothing tells them apart.
bool replaces(const Results& newer, const Results& older) {
  if (evaluate::places_in(older, newer).empty()) return false;
  return std::all_of(older.models.begin(), older.models.end(), [&](const ModelResult& model) {
    return std::any_of(newer.models.begin(), newer.models.end(),
                       [&](const ModelResult& one) { return one.name == model.name; });
  });
}

/// The columns of one model, whichever sets it was asked about.
struct Columns {
  std::string model;
  std::vector<std::string> classes;
};

std::vector<Columns> columns_of(const std::vector<Set>& sets) {
  std::vector<Columns> columns;
  for (const auto& set : sets) {
    for (const auto& results : set) {
      for (const auto& model : results->models) {
        auto found =
            std::find_if(columns.begin(), columns.end(), [&](const auto& one) { return one.model == model.name; });
        if (found == columns.end()) found = columns.insert(found, {model.name, {}});
        for (const auto& name : results->classes) {
          auto& known = found->classes;
          if (std::find(known.begin(), known.end(), name) == known.end()) known.push_back(name);
        }
      }
    }
  }
  return columns;
}

/// A model's answers about a set, and where they have each of its recordings.
struct Answers {
  const Results* results = nullptr;
  const ModelResult* model = nullptr;
  std::vector<size_t> places;
};

/// The newest of a set under a name; nothing where the model was not asked about it.
Answers answers_in(const Set& set, const std::string& name) {
  Answers answers;
  for (const auto& results : set) {
    for (const auto& model : results->models) {
      if (model.name == name) answers = {results.get(), &model, evaluate::places_in(*set.front(), *results)};
    }
  }
  return answers;
}

std::string cells_of(const Answers& answers, const Columns& columns, size_t i) {
  if (!answers.model) return std::string(columns.classes.size() + 1, ',');
  const auto& classes = answers.results->classes;
  const size_t row = answers.places[i];
  std::string text = "," + csv_field(evaluate::answer_text(*answers.results, *answers.model, row));
  const auto scores = answers.model->scores.row(row);
  for (const auto& name : columns.classes) {
    const auto at = static_cast<size_t>(std::find(classes.begin(), classes.end(), name) - classes.begin());
    text += "," + (at < classes.size() ? show_number(scores[at]) : "");
  }
  return text;
}

/// ID, path, group and truth; the number of the set before the truth, 0 for none.
std::string beginning_of(const Results& results, size_t i, size_t set) {
  std::string text = field(results.ids, i) + "," + field(results.paths, i) + "," + field(results.groups, i) + ",";
  if (set > 0) text += std::to_string(set) + ",";
  return text + csv_field(evaluate::truth_text(results, i));
}

}  // namespace

void RecordingList::judge(ResultsPtr results) {
  std::erase_if(results_, [&](const ResultsPtr& older) { return replaces(*results, *older); });
  results_.push_back(std::move(results));
}

std::vector<std::vector<RecordingList::ResultsPtr>> RecordingList::sets() const {
  std::vector<Set> sets;
  for (const auto& results : results_) {
    const auto same = [&](const Set& set) {
      return !results->ids.empty() && !evaluate::places_in(*set.front(), *results).empty();
    };
    const auto found = std::find_if(sets.begin(), sets.end(), same);
    if (found == sets.end()) {
      sets.push_back({results});
    } else {
      found->push_back(results);
    }
  }
  return sets;
}

void RecordingList::place(const std::string& embedding, const data::Table& table, const Matrix& points) {
  embeddings_[embedding] = {table, points};
}

/// The rows of an embedding, joined as those of the results were.
RecordingList::Places RecordingList::places_of(const Embedding& embedding, const Results& results) {
  const data::Table& table = embedding.table;
  const bool known = results.over.empty() || results.over == table.group || table.levels.contains(results.over);
  if (!known) return {};  // of another corpus
  const auto recordings = evaluate::recordings_of(table, {results.vote, results.over});
  Places places;
  for (size_t i = 0; i < recordings.size(); ++i) {
    places[key_of(recordings.ids, recordings.paths, i)] = mean_of(embedding.points, recordings.parts[i]);
  }
  return places;
}

std::string RecordingList::header(bool numbered) const {
  std::string text = numbered ? "id,path,group,set,truth" : "id,path,group,truth";
  for (const auto& [model, classes] : columns_of(sets())) {
    text += "," + csv_field(model);
    for (const auto& name : classes) text += "," + csv_field(model + ": " + name);
  }
  for (const auto& [name, embedding] : embeddings_) {
    for (size_t d = 0; d < embedding.points.columns; ++d) text += "," + name + "_" + std::to_string(d + 1);
  }
  return text + "\n";
}

std::string RecordingList::csv() const {
  if (empty()) return "";
  const auto all = sets();
  const auto columns = columns_of(all);
  std::string text = header(all.size() > 1);
  for (size_t s = 0; s < all.size(); ++s) {
    const Results& first = *all[s].front();
    std::vector<Answers> answers;
    for (const auto& one : columns) answers.push_back(answers_in(all[s], one.model));
    std::vector<std::pair<size_t, Places>> embeddings;  // dimensions, places
    for (const auto& [name, embedding] : embeddings_) {
      embeddings.emplace_back(embedding.points.columns, places_of(embedding, first));
    }
    for (size_t i = 0; i < first.size(); ++i) {
      text += beginning_of(first, i, all.size() > 1 ? s + 1 : 0);
      for (size_t c = 0; c < columns.size(); ++c) text += cells_of(answers[c], columns[c], i);
      for (const auto& [dimensions, places] : embeddings) {
        const auto found = places.find(key_of(first.ids, first.paths, i));
        for (size_t d = 0; d < dimensions; ++d) {
          text += "," + (found == places.end() ? "" : show_number(found->second[d]));
        }
      }
      text += "\n";
    }
  }
  return text;
}

}  // namespace lumir::report
