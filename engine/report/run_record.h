// The record of a run: a folder of its own, run.json and log.jsonl.
//
// run.json says all that is needed to repeat the run and to trace its numbers. What differs between two runs of the
// same recipe (times, the folder's number) stands in its member "timings" and in log.jsonl only, so everything else,
// figures and csv included, is byte-equal on one machine.

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/value.h"
#include "report/experiment.h"

namespace lumir::report {

/// "artist20-svm" for "recipes/artist20/svm.lua"; "svm" for a recipe elsewhere, "/home/me/svm.lua".
std::string run_name(const std::string& recipe);
/// Makes ROOT/NAME/1, or the next free number; two processes never get the same. Returns its path.
std::string make_run_folder(const std::string& root, const std::string& recipe);

/// The run of the recipe of that number that was stopped in its training; 0: the newest such. A run that came to its
/// end, or that another process is running, is none. Throws Error, in a line, where there is none.
std::string run_to_resume(const std::string& root, const std::string& recipe, long number);

/// How the run in a folder ended: "ended", "failed", "stopped" where it was broken off, "running". A run without a log
/// counts as ended.
std::string end_of_run(const std::string& folder);

/// Of the processor and the programs: "processor", "cores", "compiler", "libtorch", "lumir", "system".
std::vector<Fact> machine_facts();
/// { commit = "5f396e9...", changed = true, files = { ... } } of the folder's git tree; nil outside of one.
Value git_state(const std::string& folder);

class RunRecord {
 public:
  /// In a folder that make_run_folder or run_to_resume gave, which no other process takes while it lives; writes
  /// log.jsonl's first line.
  RunRecord(std::string folder, std::string recipe);

  const std::string& folder() const { return folder_; }
  const std::string& recipe() const { return recipe_; }
  /// A member of run.json: "options", "seeds", "data", "results", "split". A later value replaces an earlier one.
  void set(const std::string& member, Value value);
  void remove(const std::string& member) { members_.erase(member); }
  /// Seconds that a part of the run took; parts of one name add up.
  void add_seconds(const std::string& part, double seconds);
  /// One line of log.jsonl: { "time": ..., "event": event, ...members }.
  void log(const std::string& event, const Map& members = {});
  /// Says in the log that the run came to its end: nothing goes on with it then.
  void end() { log("end"); }
  /// Says in the log that the run failed, and why.
  void fail(const std::string& message) { log("failed", {{"message", message}}); }
  /// Writes run.json whole; may be called again as more is known.
  void write() const;
  Value value() const;

 private:
  /// Held while the run is: no other process goes on with it.
  struct Lock {
    int file = -1;
    explicit Lock(const std::string& folder);
    ~Lock();
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;
  };
  std::unique_ptr<Lock> lock_;
  std::string folder_;
  std::string recipe_;
  std::string started_;
  Map members_;
  std::map<std::string, double> seconds_;
};

}  // namespace lumir::report
