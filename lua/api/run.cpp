// The run's folder and record: one for each process.

#include "api/run.h"

#include <filesystem>

#include "bind/run.h"

namespace lumir::lua {

bool recipe_is_running() { return !current_run().recipe.empty(); }

report::RunRecord& run_record() {
  static report::RunRecord record(report::make_run_folder("runs", current_run().recipe), current_run().recipe);
  return record;
}

std::string output_path(const std::string& path) {
  if (!recipe_is_running() || std::filesystem::path(path).is_absolute()) return path;
  return run_record().folder() + "/" + path;
}

}  // namespace lumir::lua
