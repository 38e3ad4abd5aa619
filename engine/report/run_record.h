// The record of a run: a folder of its own, run.json and log.jsonl.
//
// run.json says all that is needed to repeat the run and to trace its numbers. What differs between two runs of the
// same recipe (times, the folder's number) stands in its member "timings" and in log.jsonl only, so everything else,
// figures and csv included, is byte-equal on one machine.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/value.h"
#include "report/experiment.h"

namespace lumir::report {

/// "artist20-svm" for "recipes/artist20/svm.lua"; "svm" for a recipe elsewhere, "/home/me/svm.lua".
std::string run_name(const std::string& recipe);
/// Makes ROOT/NAME/1, or the next free number; two processes never get the same. Returns its path.
std::string make_run_folder(const std::string& root, const std::string& recipe);

/// The newest run of the recipe that has checkpoints of a training; empty where there is none.
std::string resumable_run(const std::string& root, const std::string& recipe);

/// Of the processor and the programs: "processor", "cores", "compiler", "libtorch", "lumir", "system".
std::vector<Fact> machine_facts();
/// { commit = "5f396e9...", changed = true, files = { ... } } of the folder's git tree; nil outside of one.
Value git_state(const std::string& folder);

class RunRecord {
 public:
  /// In a folder that make_run_folder gave; writes log.jsonl's first line.
  RunRecord(std::string folder, std::string recipe);

  const std::string& folder() const { return folder_; }
  const std::string& recipe() const { return recipe_; }
  /// A member of run.json: "options", "seeds", "data", "results", "split". A later value replaces an earlier one.
  void set(const std::string& member, Value value);
  /// Seconds that a part of the run took; parts of one name add up.
  void add_seconds(const std::string& part, double seconds);
  /// One line of log.jsonl: { "time": ..., "event": event, ...members }.
  void log(const std::string& event, const Map& members = {});
  /// Writes run.json whole; may be called again as more is known.
  void write() const;
  Value value() const;

 private:
  std::string folder_;
  std::string recipe_;
  std::string started_;
  Map members_;
  std::map<std::string, double> seconds_;
};

}  // namespace lumir::report
