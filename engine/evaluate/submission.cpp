// Writing, checking and scoring submissions.

#include "evaluate/submission.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <map>
#include <numeric>
#include <set>

#include "core/csv.h"
#include "core/error.h"
#include "core/readable.h"
#include "core/registry.h"
#include "core/text.h"
#include "core/value.h"
#include "evaluate/score_sheet.h"

namespace lumir::evaluate {
namespace {

bool is_number(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c); });
}

/// A name or ID as an error line shows it: whole where it is one that a person would write.
std::string shown(const std::string& text) {
  constexpr size_t kLongest = 80;
  const bool is_long = text.size() > kLongest;
  const std::string begin = visible(std::string_view(text).substr(0, kLongest));
  return "'" + begin + "'" + (is_long ? "... (" + show_count(static_cast<long>(text.size())) + " bytes)" : "");
}

/// An ID without quotes, where it is a number.
std::string plain(const std::string& id) { return is_number(id) && id.size() < 80 ? id : shown(id); }

/// What cannot be taken for text at all.
void refuse_utf16(const std::string& text, const std::string& file) {
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    throw Error(file + ": UTF-16; submissions and truth are UTF-8");
  }
}

std::string plural(size_t n, const std::string& word) { return std::to_string(n) + " " + word + (n == 1 ? "" : "s"); }

/// The rows of a JSON object, names by ID: their lines are their places in the order of IDs.
std::vector<CsvRow> rows_of_json(const std::string& text, const std::string& file) {
  const Value json = from_json(text, file);
  if (!json.map())
    throw Error(file + ": not an object of names by ID, {\"001\": [\"first\", \"second\", \"third\"], ...}");
  std::vector<CsvRow> rows;
  for (const auto& [id, names] : *json.map()) {
    CsvRow row{0, {id}, true};
    const List alone{names};
    for (const auto& name : names.list() ? *names.list() : alone) {
      if (!name.text()) {
        throw Error(file + ": ID " + shown(id) + " has a " + std::string(kind_of(name)) + " where a name is wanted");
      }
      row.fields.push_back(*name.text());
    }
    rows.push_back(std::move(row));
  }
  std::sort(rows.begin(), rows.end(),
            [](const CsvRow& a, const CsvRow& b) { return id_before(a.fields[0], b.fields[0]); });
  return rows;
}

std::vector<CsvRow> read_rows(const std::string& text, const std::string& file) {
  refuse_utf16(text, file);
  return format_of(file) == Format::json ? rows_of_json(text, file) : read_csv(text);
}

/// "out.csv:12", or "out.json: ID 17" where lines say nothing.
std::string place_of(const std::string& file, const CsvRow& row) {
  return row.line > 0 ? file + ":" + std::to_string(row.line) : file + ": ID " + shown(row.fields[0]);
}

/// True where the first row names the columns: it says so, or every ID but its own is a number.
bool has_header(const std::vector<CsvRow>& rows) {
  if (rows.size() < 2 || is_number(rows[0].fields[0])) return false;
  if (rows[0].fields[0] == "ID" || rows[0].fields[0] == "id") return true;
  return std::all_of(rows.begin() + 1, rows.end(), [](const CsvRow& row) { return is_number(row.fields[0]); });
}

/// Gathers errors in the order of lines.
class Checker {
 public:
  Checker(const std::string& file, const SubmissionRules& rules) : file_(file), rules_(rules) {
    for (const auto& id : rules.ids) known_ids_.insert(submission_id(id));
  }

  void row(const CsvRow& row) {
    if (!row.closed) return add(row, "a quote is left open");
    if (row.fields.size() != kGuesses + 1) {
      return add(row, plural(row.fields.size(), "field") + ", " + std::to_string(kGuesses + 1) +
                          " are wanted: ID,name,name,name");
    }
    id(row, row.fields[0]);
    names(row);
  }

  std::vector<std::string> finish() {
    for (const auto& id : known_ids_) {
      if (!seen_.contains(id)) missing_.push_back(id);
    }
    std::sort(missing_.begin(), missing_.end(), id_before);
    for (const auto& id : missing_) errors_.push_back(file_ + ": ID " + plain(id) + " is missing");
    return std::move(errors_);
  }

 private:
  void add(const CsvRow& row, const std::string& text) { errors_.push_back(place_of(file_, row) + ": " + text); }

  bool is_unknown(const std::string& name) const {
    const auto& known = rules_.classes;
    return !known.empty() && std::find(known.begin(), known.end(), name) == known.end();
  }

  void id(const CsvRow& row, const std::string& written) {
    const std::string id = submission_id(written);
    if (written.empty()) return add(row, "the ID is empty");
    const auto [first, is_new] = seen_.emplace(id, row.line);
    if (!is_new) {
      const std::string line = row.line > 0 ? " (first on line " + std::to_string(first->second) + ")" : "";
      return add(row, "ID " + plain(id) + " twice" + line);
    }
    const std::string no_header = row.line == 1 && !is_number(written) ? "; a submission has no header" : "";
    const bool named = !is_number(written) && known_ids_.contains(id);
    if (!named && !is_number(written)) return add(row, "ID " + shown(written) + " is no whole number" + no_header);
    if (!known_ids_.empty() && !known_ids_.contains(id)) {
      add(row, "ID " + shown(written) + " is none of " + (rules_.ids_from.empty() ? "the IDs" : rules_.ids_from) +
                   no_header);
      return;
    }
    if (!previous_.empty() && id_before(id, previous_)) {
      add(row, "ID " + plain(id) + " stands after " + plain(previous_) +
                   (named ? "; IDs ascend, numbers before names" : "; IDs ascend as numbers"));
    }
    previous_ = id;
  }

  void names(const CsvRow& row) {
    std::set<std::string> given;
    for (size_t i = 1; i < row.fields.size(); ++i) {
      const std::string& name = row.fields[i];
      if (name.empty()) {
        add(row, "name " + std::to_string(i) + " is empty");
      } else if (!given.insert(name).second) {
        add(row, shown(name) + " twice; the three names must differ");
      } else if (is_unknown(name)) {
        add(row, shown(name) + " is no known " + rules_.label + visible(did_you_mean(name, rules_.classes)));
      }
    }
  }

  const std::string& file_;
  const SubmissionRules& rules_;
  std::set<std::string> known_ids_;
  std::map<std::string, size_t> seen_;
  std::vector<std::string> missing_, errors_;
  std::string previous_;
};

/// Names by ID. `ids` are those of the submission, in their order: a bare list of names counts along them.
std::map<std::string, std::string> read_truth(const std::string& text, const std::string& file,
                                              const std::vector<std::string>& ids) {
  std::map<std::string, std::string> truth;
  std::vector<CsvRow> rows;
  const Value json = format_of(file) == Format::json ? from_json(text, file) : Value();
  if (const List* names = json.list()) {
    if (names->size() != ids.size()) {
      throw Error(file + ": " + plural(names->size(), "name") + ", and the submission has " + plural(ids.size(), "ID") +
                  "; a list without IDs stands in their order");
    }
    for (size_t i = 0; i < ids.size(); ++i) {
      if (!(*names)[i].text()) throw Error(file + ": entry " + std::to_string(i + 1) + " of the list is no name");
      rows.push_back({0, {ids[i], *(*names)[i].text()}, true});
    }
  } else {
    rows = read_rows(text, file);
  }
  for (size_t i = has_header(rows) ? 1 : 0; i < rows.size(); ++i) {
    const CsvRow& row = rows[i];
    const std::string place = place_of(file, row) + ": ";
    if (row.fields.size() != 2) throw Error(place + plural(row.fields.size(), "field") + ", 2 are wanted: ID,name");
    if (!truth.emplace(submission_id(row.fields[0]), row.fields[1]).second) {
      throw Error(place + "ID " + plain(submission_id(row.fields[0])) + " twice");
    }
  }
  if (truth.empty()) throw Error(file + ": no rows in it");
  return truth;
}

const Entry& check_entry = register_entry(
    "evaluate", "check_submission",
    {.summary = "Every error of a submission, one line each; none where it is valid. Also: how many rows it has.",
     .returns = "a list of lines, a number of rows",
     .example = "evaluate.check_submission(submission, { classes = { 'abba', 'queen', 'u2' } })",
     .source = "the course's rules: rows ID,No.1,No.2,No.3 without a header, or a JSON object of names by ID"},
    with_arguments({{"path", "text", "the file, .csv or .json"}}, schema_of<SubmissionRules>()));

const Entry& score_entry = register_entry(
    "evaluate", "score_submission",
    {.summary = "How much of a submission is right, beside a truth: rows ID,name (a header is passed over), or JSON, "
                "names by ID "
                "or a list of them in the order of IDs.",
     .returns = "a table: top_1, top_3, course = top_1 + 0.5 top_3, rows, missing, text",
     .example = "evaluate.score_submission(submission, truth)",
     .source = "the course's rules: an ID that is missing counts as wrong"},
    with_arguments(
        {{"path", "text", "the file, .csv or .json"}, {"truth", "text", "a .csv of rows ID,name, or a .json"}}, {}));

const Entry& text_entry = register_entry(
    "evaluate", "submission_text",
    {.summary = "The text of a submission: the three likeliest classes of each row, IDs ascending; of tags "
                "and numbers a head, and the scores of each.",
     .returns = "text, and how many rows it has",
     .example = "evaluate.submission_text(model, songs)",
     .source = "the course's rules: rows ID,No.1,No.2,No.3 without a header"},
    with_arguments({{"model", "model", "a fitted classifier"}, {"data", "table", "what it is to judge"}},
                   schema_of<SubmissionOptions>()));

}  // namespace

std::string json_id(const std::string& id) {
  return is_number(id) && id.size() < 3 ? std::string(3 - id.size(), '0') + id : id;
}

std::vector<size_t> submission_order(const std::vector<std::string>& ids) {
  std::vector<size_t> order(ids.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return id_before(ids[a], ids[b]); });
  for (size_t i = 1; i < order.size(); ++i) {
    const std::string id = submission_id(ids[order[i]]);
    if (id == submission_id(ids[order[i - 1]])) throw ArgumentError("submission: ID " + id + " stands for two files");
  }
  return order;
}

Schema SubmissionOptions::schema() {
  return with_vote(
      {Option{"path", &SubmissionOptions::path, "the file; its ending .csv or .json says how it is written"}});
}

Schema SubmissionRules::schema() {
  return {Option{"ids", &SubmissionRules::ids, "IDs that must be there, and no others; empty: any"},
          Option{"classes", &SubmissionRules::classes, "names that are known; empty: any"},
          Option{"ids_from", &SubmissionRules::ids_from, "where the IDs were read, for the texts of errors"},
          Option{"label", &SubmissionRules::label, "what a name is"}};
}

std::string submission_id(const std::string& file_id) {
  if (!is_number(file_id)) return file_id;
  const size_t first = file_id.find_first_not_of('0');
  return first == std::string::npos ? "0" : file_id.substr(first);
}

bool id_before(const std::string& a, const std::string& b) {
  const bool a_number = is_number(a), b_number = is_number(b);
  if (a_number != b_number) return a_number;
  if (!a_number) return a < b;
  const std::string left = submission_id(a), right = submission_id(b);
  return left.size() != right.size() ? left.size() < right.size() : left < right;
}

std::vector<std::vector<int>> ranking(const Matrix& scores, size_t k) {
  std::vector<std::vector<int>> ranked(scores.rows);
  const size_t kept = std::min(k, scores.columns);
  std::vector<int> order(scores.columns);
  for (size_t i = 0; i < scores.rows; ++i) {
    const auto row = scores.row(i);
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(),
                     [&](int a, int b) { return row[static_cast<size_t>(a)] > row[static_cast<size_t>(b)]; });
    ranked[i].assign(order.begin(), order.begin() + static_cast<long>(kept));
  }
  return ranked;
}

Format format_of(const std::string& path) {
  return std::filesystem::path(path).extension() == ".json" ? Format::json : Format::csv;
}

std::string submission(const std::vector<std::string>& ids, const Matrix& scores,
                       const std::vector<std::string>& classes, Format format) {
  if (classes.size() < kGuesses) {
    throw ArgumentError("submission: needs at least 3 classes to name, the model knows " +
                        std::to_string(classes.size()));
  }
  const auto ranked = ranking(scores, kGuesses);
  const bool json = format == Format::json;
  std::string text;
  for (const size_t i : submission_order(ids)) {
    const std::string id = submission_id(ids[i]);
    List names;
    std::string row = csv_field(id);
    for (const int name : ranked[i]) {
      names.push_back(classes[static_cast<size_t>(name)]);
      row += "," + csv_field(classes[static_cast<size_t>(name)]);
    }
    if (json) {
      text += (text.empty() ? "{\n  " : ",\n  ") + to_json(Value(json_id(id))) + ": " + to_json(Value(names));
    } else {
      text += row + "\n";
    }
  }
  return json ? (text.empty() ? "{" : text + "\n") + "}\n" : text;
}

std::string submission(const model::Model& model, const data::Table& table, const VoteOptions& vote,
                       const std::string& who, Format format) {
  if (vote.vote == "none" && !recordings_of(table, {}).whole()) {
    throw ArgumentError(who +
                        ": 'vote' = 'none' would name a recording in several rows; 'mean' or 'majority' joins them");
  }
  const Recordings recordings = recordings_of(table, vote);
  const model::Predictions answers = join(model::answer(model, table, who), recordings, vote);
  if (model.target != Target::classes) return score_sheet(model, recordings.ids, answers, format);
  return submission(recordings.ids, answers.scores, model.classes, format);
}

std::vector<std::string> check_submission(const std::string& text, const std::string& file,
                                          const SubmissionRules& rules) {
  Checker checker(file, rules);
  const auto rows = read_rows(text, file);
  for (const auto& row : rows) checker.row(row);
  auto errors = checker.finish();
  if (rows.empty()) errors.insert(errors.begin(), file + ": no rows in it");
  return errors;
}

size_t submission_rows(const std::string& text, const std::string& file) { return read_rows(text, file).size(); }

SubmissionScore score_submission(const std::string& text, const std::string& file, const std::string& truth,
                                 const std::string& truth_file) {
  std::map<std::string, std::vector<std::string>> guesses;
  std::vector<std::string> ids;
  const auto rows = read_rows(text, file);
  for (size_t i = has_header(rows) ? 1 : 0; i < rows.size(); ++i) {
    const CsvRow& row = rows[i];
    if (row.fields.size() < 2) throw Error(place_of(file, row) + ": no name in it; ID,name,name,name is wanted");
    ids.push_back(row.fields[0]);
    guesses.emplace(submission_id(row.fields[0]), std::vector(row.fields.begin() + 1, row.fields.end()));
  }
  std::sort(ids.begin(), ids.end(), id_before);
  const auto names = read_truth(truth, truth_file, ids);
  SubmissionScore score;
  score.rows = names.size();
  size_t first = 0, among_three = 0;
  for (const auto& [id, name] : names) {
    const auto found = guesses.find(id);
    if (found == guesses.end()) {
      ++score.missing;
      continue;
    }
    const auto& guess = found->second;
    first += guess[0] == name;
    const auto end = guess.begin() + static_cast<long>(std::min(guess.size(), kGuesses));
    among_three += std::find(guess.begin(), end, name) != end;
  }
  for (const auto& [id, guess] : guesses) score.unknown += !names.contains(id);
  score.top_1 = static_cast<double>(first) / static_cast<double>(score.rows);
  score.top_3 = static_cast<double>(among_three) / static_cast<double>(score.rows);
  return score;
}

std::string show(const SubmissionScore& score) {
  std::string text = "top-1 " + show_score(score.top_1) + "   top-3 " + show_score(score.top_3) +
                     "   top-1 + 0.5 top-3 = " + show_score(score.course());
  if (score.missing > 0) text += "   (" + plural(score.missing, "ID") + " missing, counted as wrong)";
  if (score.unknown > 0) text += "   (" + plural(score.unknown, "ID") + " not in the truth, not counted)";
  return text;
}

}  // namespace lumir::evaluate
