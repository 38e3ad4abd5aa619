// Submissions: three different known names for each ID, likeliest first, IDs ascending as numbers.
//
// The ending of the file says how they are written. csv: rows `ID,No.1,No.2,No.3` without a header; a name with a comma,
// a quote or a line break is quoted. json: {"001": ["first", "second", "third"], ...}, the keys as the files are called.
//
// The truth beside it is rows `ID,name` (a first line whose ID is no number, such as ID,name, is a header), or a JSON
// object of names by ID, or a JSON list of names in the order of the IDs.

#pragma once

#include <string>
#include <vector>

#include "core/matrix.h"
#include "core/schema.h"
#include "evaluate/vote.h"
#include "model/model.h"

namespace lumir::evaluate {

inline constexpr size_t kGuesses = 3;

/// An ID as submissions write it: "17" for the file name "0017"; what is no whole number stays as it is.
std::string submission_id(const std::string& file_id);
/// Numbers ascending, then words by their bytes.
bool id_before(const std::string& a, const std::string& b);

/// The places of ids as submissions list them. Throws ArgumentError where two ids are the same number.
std::vector<size_t> submission_order(const std::vector<std::string>& ids);
/// IDs as JSON keys: three digits at least, as the corpus's files are called.
std::string json_id(const std::string& id);

/// The classes of each row, likeliest first; equal scores by the order of classes. [rows][min(k, classes)].
std::vector<std::vector<int>> ranking(const Matrix& scores, size_t k);

/// How answers are joined, and where they go.
struct SubmissionOptions : VoteOptions {
  std::string path = "submission.csv";
  static Schema schema();
};

enum class Format { csv, json };
/// "out.json" is JSON; every other ending is csv.
Format format_of(const std::string& path);

/// The text of a submission: one row for each id, in the order of IDs. Throws ArgumentError for fewer than three
/// classes, or two ids that are the same number.
std::string submission(const std::vector<std::string>& ids, const Matrix& scores,
                       const std::vector<std::string>& classes, Format format = Format::csv);

/// The same of a fitted model and the recordings of a table: one row for each, whatever it was heard in; of tags and
/// numbers a score sheet. Throws ArgumentError, begun by `who`, also for vote = 'none' where a recording has several rows.
std::string submission(const model::Model& model, const data::Table& table, const VoteOptions& vote,
                       const std::string& who, Format format = Format::csv);

/// What a submission is checked against; an empty list is not checked.
struct SubmissionRules {
  std::vector<std::string> ids = {};      // file ids or IDs that must be there, and no others
  std::vector<std::string> classes = {};  // the names that are known
  std::string ids_from = "";              // where the ids were read, for error texts: "test"
  std::string label = "artist";           // what a name is

  static Schema schema();
};

/// Every error, one line each: "out.csv:12: 'singer_4' is no known artist (did you mean 'singer_04'?)". `file` begins
/// each line. Empty: the submission is valid.
std::vector<std::string> check_submission(const std::string& text, const std::string& file,
                                          const SubmissionRules& rules);

/// How many rows a submission has; `file` says how it is written.
size_t submission_rows(const std::string& text, const std::string& file);

struct SubmissionScore {
  double top_1 = 0;
  double top_3 = 0;
  size_t rows = 0;     // of the truth
  size_t missing = 0;  // IDs of the truth that the submission lacks: they count as wrong
  size_t unknown = 0;  // IDs of the submission that the truth lacks: they do not count
  double course() const { return top_1 + 0.5 * top_3; }
};

/// Scores a submission against the truth, each written as its file's ending says. Throws Error with file and line for
/// what cannot be read.
SubmissionScore score_submission(const std::string& text, const std::string& file, const std::string& truth,
                                 const std::string& truth_file);

/// "top-1 0.625   top-3 0.850   top-1 + 0.5 top-3 = 1.050".
std::string show(const SubmissionScore& score);

}  // namespace lumir::evaluate
