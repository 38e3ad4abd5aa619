// Votes: rows that are parts of one recording (excerpts, copies) are joined before anything counts rows.
//
// A model that hears excerpts answers for each of them; what is asked is the recording. Scores, intervals, submissions
// and reports therefore see one answer for each recording, and rows that are whole recordings pass through unchanged.

#pragma once

#include <string>
#include <vector>

#include "core/schema.h"
#include "data/table.h"
#include "model/predictions.h"

namespace lumir::evaluate {

struct VoteOptions {
  std::string vote = "mean";
  std::string over = "";
  static Schema schema();
};

/// The options of a vote in the schema of a struct that has VoteOptions as a base.
inline Schema with_vote(Schema schema) {
  for (auto& option : VoteOptions::schema()) schema.push_back(std::move(option));
  return schema;
}

/// The recordings of a table, in the order of their first rows.
struct Recordings {
  std::vector<std::vector<int>> parts;  // the rows of each
  std::vector<std::string> ids;         // empty where the table has none
  std::vector<std::string> paths;       // empty where the table has none
  std::vector<std::string> groups;      // what resampling keeps together; empty where the table has none
  std::vector<int> y;                   // empty where the table has none
  Matrix values;                        // [recordings, tags or numbers]; empty where the table has none

  size_t size() const { return parts.size(); }
  /// Every row is a recording.
  bool whole() const;
};

/// vote = 'none': every row by itself. `over` names a level of the table ('track', 'album') in place of the recording.
/// Throws ArgumentError for an unknown level.
Recordings recordings_of(const data::Table& table, const VoteOptions& options);

/// Throws ArgumentError where rows of one recording have different labels: it could be given no one answer.
void check_labels(const data::Table& table, const Recordings& recordings);

/// One answer for each recording. 'mean': the mean of the scores, and the class where it is highest. 'majority': the
/// class that most rows were taken for; scores are then votes, and among equal votes the mean score decides. What is
/// equal still goes by the order of classes. A recording of one row keeps the model's own answer.
model::Predictions join(const model::Predictions& rows, const Recordings& recordings, const VoteOptions& options);

/// "71 rows joined to 8 recordings by the mean of their scores"; empty where every row is a recording.
std::string words_of_vote(size_t rows, size_t recordings, const std::string& vote);

}  // namespace lumir::evaluate
