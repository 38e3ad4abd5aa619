// The run's folder and record: one for each Lua state.

#include "api/run.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <sstream>

#include <unistd.h>

#include "bind/bind.h"
#include "bind/owned.h"
#include "bind/run.h"
#include "core/file.h"
#include "core/terminal.h"
#include "core/text.h"

namespace lumir::lua {

Session& session_of(lua_State* L) { return owned_by<Session>(L); }

bool recipe_is_running(lua_State* L) { return !run_of(L).recipe.empty(); }

report::RunRecord& run_record(lua_State* L) {
  auto& record = session_of(L).record;
  const std::string& recipe = run_of(L).recipe;
  if (!record) {
    const Map& flags = run_of(L).flags;
    const auto resumed = flags.find("resume");
    record.emplace(resumed == flags.end() ? report::make_run_folder("runs", recipe) : *resumed->second.text(), recipe);
  }
  return *record;
}

void add_red_line(report::RunRecord& record, const std::string& line) {
  const Value known = record.value()["leak"];
  if (!known.text()) {
    record.set("leak", line);
  } else if (known.text()->find(line) == std::string::npos) {
    record.set("leak", *known.text() + "; " + line);
  }
}

namespace {

/// Broken between words where it is wider than a terminal, its later lines set in.
std::string broken(const std::string& line) {
  constexpr size_t kWidth = 80;
  const std::string inset = "  ";
  std::string text, row;
  std::istringstream words(line);
  for (std::string word; words >> word;) {
    const bool full = !row.empty() && text_width(row) + 1 + text_width(word) > kWidth;
    if (full) text += row + "\n";
    row = full ? inset + word : row.empty() ? word : row + " " + word;
  }
  return text + row;
}

/// core.red_line(line): said in red, and on every page of the run that is going on.
int red_line(Call& call) {
  const std::string line = call.text(1, "line");
  const bool red = isatty(STDOUT_FILENO) == 1;
  std::printf("%s%s%s\n", red ? "\033[31m" : "", broken(for_terminal(line)).c_str(), red ? "\033[0m" : "");
  std::fflush(stdout);
  if (!recipe_is_running(call.L)) return 0;
  add_red_line(run_record(call.L), line);
  run_record(call.L).write();
  return 0;
}

const Module core_module("core", [](ModuleTable& module) {
  module.function("red_line", red_line);
  module.function("end_of_run", [](Call& call) { return call.push(report::end_of_run(call.text(1, "folder"))); });
  module.function("mark_synthetic", [](Call& call) {
    session_of(call.L).synthetic = true;
    return 0;
  });
});

}  // namespace

void record_leaks(lua_State* L, const std::string& where, const data::Audit& audit) {
  if (!recipe_is_running(L) || (audit.clean() && audit.moved.empty())) return;
  auto& record = run_record(L);
  const Value known = record.value()["leaks"];
  List leaks = known.list() ? *known.list() : List{};
  const auto add = [&](const std::vector<data::Finding>& findings, bool moved) {
    for (const auto& finding : findings) {
      const Map one{{"where", where},
                    {"kind", finding.kind},
                    {"train", finding.train},
                    {"validation", finding.valid},
                    {"moved", moved}};
      leaks.push_back(one);
      record.log("leak", one);
    }
  };
  add(audit.findings, false);
  add(audit.moved, true);
  record.set("leaks", leaks);
  record.write();
}

namespace {

/// Removes the run's folder where nothing but its beginning is in it; says whether it did.
bool drop_unused_run(const std::filesystem::path& folder) {
  std::error_code problem;
  for (const auto& entry : std::filesystem::directory_iterator(folder, problem)) {
    const auto name = entry.path().filename();
    if (name != "run.json" && name != "log.jsonl") return false;
  }
  const std::filesystem::path journal = folder / "log.jsonl";
  const std::string log = std::filesystem::is_regular_file(journal, problem) ? read_file(journal.string()) : "";
  if (std::count(log.begin(), log.end(), '\n') > 1) return false;
  std::filesystem::remove_all(folder, problem);
  std::filesystem::remove(folder.parent_path(), problem);  // where it was the first: one that is not empty stays
  std::filesystem::remove(folder.parent_path().parent_path(), problem);
  return true;
}

}  // namespace

void end_run(lua_State* L, const Outcome& outcome) {
  constexpr int kInterrupted = 130;
  auto& record = session_of(L).record;
  if (!record) return;
  if (outcome.status == 0) return record->end();
  if (!drop_unused_run(record->folder()) && outcome.status != kInterrupted) record->fail(outcome.message);
}

void write_recordings(lua_State* L) {
  if (!recipe_is_running(L) || session_of(L).recordings.empty()) return;
  write_file(run_record(L).folder() + "/recordings.csv", session_of(L).recordings.csv());
}

std::string output_path(lua_State* L, const std::string& path) {
  if (!recipe_is_running(L) || std::filesystem::path(path).is_absolute()) return path;
  return run_record(L).folder() + "/" + path;
}

std::string input_path(lua_State* L, const std::string& path) {
  const auto& record = session_of(L).record;
  if (!record || std::filesystem::path(path).is_absolute()) return path;
  const std::string written = record->folder() + "/" + path;
  return std::filesystem::exists(written) ? written : path;
}

}  // namespace lumir::lua
