// Lines of recordings.csv.

#include "report/recordings.h"

#include "core/csv.h"

namespace lumir::report {
namespace {

/// A recording by id and path; two corpora may have the same ids.
std::string key_of(const std::vector<std::string>& ids, const std::vector<std::string>& paths, size_t i) {
  return (ids.empty() ? std::to_string(i) : ids[i]) + "\n" + (paths.empty() ? "" : paths[i]);
}

std::string field(const std::vector<std::string>& texts, size_t i) { return texts.empty() ? "" : csv_field(texts[i]); }

std::string header_of(const evaluate::Results& results) {
  std::string line = "id,path,group,truth";
  for (const auto& model : results.models) {
    line += "," + csv_field(model.name);
    for (const auto& name : results.classes) line += "," + csv_field(model.name + ": " + name);
  }
  return line;
}

std::string line_of(const evaluate::Results& results, size_t i) {
  const auto name_of = [&](int number) { return csv_field(results.classes[static_cast<size_t>(number)]); };
  std::string line = field(results.ids, i) + "," + field(results.paths, i) + "," + field(results.groups, i) + "," +
                     name_of(results.truth[i]);
  for (const auto& model : results.models) {
    line += "," + name_of(model.predicted[i]);
    for (const double score : model.scores.row(i)) line += "," + show_number(score);
  }
  return line;
}

}  // namespace

void RecordingList::place(const std::string& embedding, const data::Table& table, const Matrix& points) {
  embeddings_[embedding] = {table, points};
}

/// The rows of an embedding, joined as those of the results were.
RecordingList::Places RecordingList::places_of(const Embedding& embedding) const {
  const data::Table& table = embedding.table;
  const bool known = results_->over.empty() || results_->over == table.group || table.levels.contains(results_->over);
  if (!known) return {};  // of another corpus
  const auto recordings = evaluate::recordings_of(table, {results_->vote, results_->over});
  Places places;
  for (size_t i = 0; i < recordings.size(); ++i) {
    places[key_of(recordings.ids, recordings.paths, i)] = mean_of(embedding.points, recordings.parts[i]);
  }
  return places;
}

std::string RecordingList::csv() const {
  if (empty()) return "";
  std::string text = header_of(*results_);
  std::vector<std::pair<size_t, Places>> embeddings;  // dimensions, places
  for (const auto& [name, embedding] : embeddings_) {
    embeddings.emplace_back(embedding.points.columns, places_of(embedding));
    for (size_t d = 0; d < embedding.points.columns; ++d) text += "," + name + "_" + std::to_string(d + 1);
  }
  text += "\n";
  for (size_t i = 0; i < results_->truth.size(); ++i) {
    text += line_of(*results_, i);
    for (const auto& [dimensions, places] : embeddings) {
      const auto found = places.find(key_of(results_->ids, results_->paths, i));
      for (size_t d = 0; d < dimensions; ++d) {
        text += "," + (found == places.end() ? "" : show_number(found->second[d]));
      }
    }
    text += "\n";
  }
  return text;
}

}  // namespace lumir::report
