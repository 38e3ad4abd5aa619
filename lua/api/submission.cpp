// lumir.report.submission: the file that is handed in, checked before it is.

#include <filesystem>

#include "api/report.h"
#include "api/run.h"
#include "bind/run.h"
#include "core/file.h"
#include "data/dataset.h"
#include "evaluate/submission.h"

namespace lumir::lua {
namespace {

namespace fs = std::filesystem;

/// The truth of a folder of unlabelled recordings, for those that have it: `truth.csv` or `truth.json` beside the folder,
/// as the sample corpus has it; empty where there is none.
std::string truth_beside(const std::string& folder) {
  for (const char* name : {"truth.csv", "truth.json"}) {
    const fs::path truth = (fs::path(folder) / "").parent_path().parent_path() / name;
    if (fs::exists(truth)) return truth.string();
  }
  return "";
}

/// Recordings to submit for that the model has learnt from: their answers say nothing of how well it does.
void tell_known(lua_State* L, const model::Model& learner, const data::Dataset& files) {
  if (!learner.songs) return;
  data::Audit audit;
  for (const auto& copy : data::copies_between(*learner.songs, files)) {
    audit.findings.push_back({copy.kind, copy.first, copy.second});
  }
  if (audit.clean()) return;
  const size_t n = audit.findings.size();
  const std::string line = std::to_string(n) + (n == 1 ? " unlabelled recording was" : " unlabelled recordings were") +
                           " trained on, the first: " + audit.findings[0].valid + " is " + audit.findings[0].train;
  tell("LEAK         " + line);
  if (recipe_is_running(L)) add_red_line(run_record(L), "LEAK: " + line);
  record_leaks(L, "submission", audit);
}

/// report.submission(model, unlabelled, { path = 'submission.json', vote }): writes it, checks it, and scores it where a truth file lies
/// beside.
int submission(Call& call) {
  call.at_most(3);
  const auto learner = model_at(call, 1, nullptr);
  const auto& files = call.object<data::Dataset>(2, "data");
  const data::Table table = files.table();
  const auto options = call.options<evaluate::SubmissionOptions>(3);
  tell_known(call.L, *learner, files);
  const auto format = evaluate::format_of(options.path);
  const std::string text = evaluate::submission(*learner, table, options, call.who(), format);
  const std::string name = student(call.L);
  const char* ending = format == evaluate::Format::json ? ".json" : ".csv";
  const std::string path = output_path(call.L, name.empty() ? options.path : name + ending);
  write_file(path, text);
  if (recipe_is_running(call.L)) keep_model(call.L, learner);

  if (learner->target != Target::classes) {
    tell("scores       " + path + "      " + std::to_string(evaluate::recordings_of(table, options).size()) + " rows");
    return call.push(path);
  }
  const evaluate::SubmissionRules rules{files.column("id"), learner->classes, files.root(), learner->label};
  const auto problems = evaluate::check_submission(text, path, rules);
  tell("submission   " + path + "      " + std::to_string(evaluate::submission_rows(text, path)) + " rows, " +
       (problems.empty() ? "valid" : std::to_string(problems.size()) + " errors") +
       (learner->synthetic ? "       (synthetic sample)" : ""));
  for (const auto& problem : problems) tell("             " + problem);
  if (!problems.empty()) run_of(call.L).unfit = true;

  if (const std::string truth = truth_beside(files.root()); !truth.empty()) {
    const auto score = evaluate::score_submission(text, path, read_file(truth), truth);
    tell("score        " + evaluate::show(score));
  }
  return call.push(path);
}

const Module submission_module = Module("report").function(
    "submission", submission,
    {.summary = "Writes the three likeliest classes of each recording as csv or JSON, checks the file, "
                "and scores it where a truth.csv or truth.json lies beside their folder. Of tags and numbers it has a "
                "head, and the scores of each.",
     .returns = "the path that was written",
     .example = "report.submission(model, unlabelled)",
     .source = "the course's rules: rows ID,No.1,No.2,No.3 without a header, or JSON",
     .parameters =
         with_arguments({{"model", "Estimator", "a fitted classifier"},
                         {"data", "Dataset", "recordings by ID, mapped as those that the model was fitted on"}},
                        schema_of<evaluate::SubmissionOptions>())});

}  // namespace
}  // namespace lumir::lua
