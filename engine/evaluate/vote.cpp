// Joining the answers for the parts of a recording.

#include "evaluate/vote.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "core/error.h"
#include "core/readable.h"

namespace lumir::evaluate {
namespace {

/// What rows have in common that are joined; empty: each stands alone. Two files of one name in different folders are
/// two recordings.
std::vector<std::string> names_of(const data::Table& table, const VoteOptions& options) {
  if (options.vote == "none") return {};
  if (!options.over.empty()) return table.groups_by(options.over);
  std::vector<std::string> names = table.recordings;
  for (size_t i = 0; i < names.size() && i < table.paths.size(); ++i) names[i] += "\n" + table.paths[i];
  return names;
}

std::vector<std::vector<int>> parts_by(const std::vector<std::string>& names, size_t rows) {
  std::vector<std::vector<int>> parts;
  std::map<std::string_view, size_t> known;
  for (size_t i = 0; i < rows; ++i) {
    const size_t place = names.empty() ? parts.size() : known.emplace(names[i], parts.size()).first->second;
    if (place == parts.size()) parts.emplace_back();
    parts[place].push_back(static_cast<int>(i));
  }
  return parts;
}

template <class T>
std::vector<T> of_first_rows(const std::vector<T>& rows, const std::vector<std::vector<int>>& parts) {
  std::vector<T> first;
  if (rows.empty()) return first;
  for (const auto& part : parts) first.push_back(rows.at(static_cast<size_t>(part.front())));
  return first;
}

/// A recording by the name of its level; else by its own id; a row by itself has an id of its own.
std::vector<std::string> ids_of(const data::Table& table, const VoteOptions& options,
                                const std::vector<std::vector<int>>& parts) {
  if (options.vote != "none" && !options.over.empty()) return of_first_rows(table.groups_by(options.over), parts);
  const bool own = options.vote == "none" || table.recordings.empty();
  return of_first_rows(own ? table.ids : table.recordings, parts);
}

/// Each class's share of the votes; what the mean score says of equal ones adds less than half a vote.
std::vector<double> votes_of(const model::Predictions& answers, const std::vector<int>& rows) {
  const auto mean = mean_of(answers.scores, rows);
  std::vector<size_t> worst_first(mean.size());
  std::iota(worst_first.begin(), worst_first.end(), size_t{0});
  std::sort(worst_first.begin(), worst_first.end(),
            [&](size_t a, size_t b) { return mean[a] != mean[b] ? mean[a] < mean[b] : a > b; });
  std::vector<double> votes(mean.size());
  for (size_t rank = 0; rank < mean.size(); ++rank) {
    votes[worst_first[rank]] = 0.5 * static_cast<double>(rank) / static_cast<double>(mean.size());
  }
  for (const int row : rows) votes[static_cast<size_t>(answers.predicted[static_cast<size_t>(row)])] += 1;
  const double total = std::accumulate(votes.begin(), votes.end(), 0.0);
  for (double& vote : votes) vote /= total;
  return votes;
}

}  // namespace

Schema VoteOptions::schema() {
  return {
      Option{"vote", &VoteOptions::vote,
             "how the parts of a recording answer together: the mean of their scores, the majority of their classes, "
             "or each row by itself",
             Choices{"mean", "majority", "none"}},
      Option{"over", &VoteOptions::over, "the column whose rows answer together: 'track'; empty: the recording"}};
}

bool Recordings::whole() const {
  return std::all_of(parts.begin(), parts.end(), [](const auto& rows) { return rows.size() == 1; });
}

Recordings recordings_of(const data::Table& table, const VoteOptions& options) {
  Recordings recordings;
  recordings.parts = parts_by(names_of(table, options), table.rows());
  recordings.ids = ids_of(table, options, recordings.parts);
  recordings.paths = of_first_rows(table.paths, recordings.parts);
  recordings.groups = of_first_rows(table.groups, recordings.parts);
  recordings.y = of_first_rows(table.y, recordings.parts);
  if (table.values.rows > 0) {
    std::vector<int> first;
    for (const auto& part : recordings.parts) first.push_back(part.front());
    recordings.values = table.values.take(first);
  }
  return recordings;
}

void check_labels(const data::Table& table, const Recordings& recordings) {
  for (size_t i = 0; i < recordings.values.rows; ++i) {
    const auto first = recordings.values.row(i);
    for (const int row : recordings.parts[i]) {
      if (std::equal(first.begin(), first.end(), table.values.row(static_cast<size_t>(row)).begin())) continue;
      throw ArgumentError("vote: '" + recordings.ids[i] + "' has rows of different " +
                          (table.label.empty() ? name_of(table.target) : table.label) +
                          ", so it has no one answer (vote = 'none' judges each row)");
    }
  }
  if (table.y.empty()) return;
  for (size_t i = 0; i < recordings.size(); ++i) {
    for (const int row : recordings.parts[i]) {
      const int label = table.y[static_cast<size_t>(row)];
      if (label == recordings.y[i]) continue;
      throw ArgumentError(
          "vote: '" + recordings.ids[i] + "' has rows of " + (table.label.empty() ? "class" : table.label) + " '" +
          table.classes[static_cast<size_t>(recordings.y[i])] + "' and '" + table.classes[static_cast<size_t>(label)] +
          "', so it has no one answer (vote = 'none' judges each row)");
    }
  }
}

model::Predictions join(const model::Predictions& rows, const Recordings& recordings, const VoteOptions& options) {
  if (recordings.whole()) return rows;
  const bool majority = options.vote == "majority", classes = !rows.predicted.empty();
  if (majority && !classes) throw ArgumentError("vote: 'majority' needs one class for each row; 'mean' joins scores");
  model::Predictions joined;
  joined.kind = majority ? ScoreKind::votes : rows.kind;
  joined.scores = Matrix(recordings.size(), rows.scores.columns);
  for (size_t i = 0; i < recordings.size(); ++i) {
    const auto& parts = recordings.parts[i];
    const auto scores = majority ? votes_of(rows, parts) : mean_of(rows.scores, parts);
    std::copy(scores.begin(), scores.end(), joined.scores.row(i).begin());
    if (!classes) continue;
    const auto best = std::max_element(scores.begin(), scores.end()) - scores.begin();
    const bool alone = parts.size() == 1;
    joined.predicted.push_back(alone ? rows.predicted[static_cast<size_t>(parts.front())] : static_cast<int>(best));
  }
  return joined;
}

std::string words_of_vote(size_t rows, size_t recordings, const std::string& vote) {
  if (rows == recordings) return "";
  const std::string how = vote == "majority" ? "the majority of their classes" : "the mean of their scores";
  return show_count(static_cast<long>(rows)) + " rows joined to " + show_count(static_cast<long>(recordings)) +
         " recordings by " + how;
}

}  // namespace lumir::evaluate
