// The run as the modules of Lua's `lumir` share it: its folder, its record, and where relative outputs go. A Lua state
// has one; two states of one process have two.

#pragma once

#include <memory>
#include <optional>
#include <string>

#include "bind/bind.h"
#include "bind/state.h"
#include "data/audit.h"
#include "report/recordings.h"
#include "report/run_record.h"

namespace lumir::model {
struct Model;
}

namespace lumir::lua {

/// What the running recipe has found out so far.
struct Session {
  std::optional<report::RunRecord> record;    // made with its folder when first asked for
  report::RecordingList recordings;           // that were judged
  std::shared_ptr<const model::Model> saved;  // in the run's model file; null: nothing yet
  bool has_cut = false;                       // a split was shown and recorded: the one that scores are about
  std::string code;                           // the file that is run now for the classes in it; empty: none
  bool synthetic = false;                     // it goes by a model or a run of made music; its report says so
};
Session& session_of(lua_State* L);

/// True while a recipe runs; at the prompt and in commands there is no run folder.
bool recipe_is_running(lua_State* L);
/// The record of the running recipe; its folder is made at the first call.
report::RunRecord& run_record(lua_State* L);
/// Puts a line on what leaks behind those that run.json has already; it stays red wherever the run is shown.
void add_red_line(report::RunRecord& record, const std::string& line);
/// Puts what leaks (or was moved) into log.jsonl, a line for each, and into run.json; `where` is "split" or "SVM's
/// folds". Nothing where no recipe runs.
void record_leaks(lua_State* L, const std::string& where, const data::Audit& audit);
/// Says in the run's log that the recipe came to its end, or that it failed; of one that was interrupted nothing. The
/// folder of a recipe that did not get beyond its beginning is removed.
void end_run(lua_State* L, const Outcome& outcome);
/// Writes what is known of each judged recording into the run folder; nothing where no recipe runs, or
/// where nothing was judged yet.
void write_recordings(lua_State* L);
/// A relative path of a running recipe lies in its run folder; every other path stays as it is.
std::string output_path(lua_State* L, const std::string& path);
/// What this run has written under a relative path is read from its run folder; every other path stays as it is.
std::string input_path(lua_State* L, const std::string& path);

}  // namespace lumir::lua
