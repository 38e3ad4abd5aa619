// Folders, sizes, the cache and the machine, for the commands of scripts/ (runs, cache, doctor).

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <system_error>

#include "bind/bind.h"
#include "core/cache.h"
#include "core/file.h"
#include "report/run_record.h"

namespace lumir::lua {
namespace {

namespace fs = std::filesystem;

/// core.list_folder(path): the names in it, sorted; none where it is no folder.
int list_folder(Call& call) {
  std::vector<std::string> names;
  std::error_code problem;
  for (const auto& entry : fs::directory_iterator(call.path(1), problem)) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return call.push(Value(List(names.begin(), names.end())));
}

/// core.size_of(path): bytes of a file, or of all files below a folder; 0 where there is neither.
int size_of(Call& call) {
  const std::string path = call.path(1);
  std::error_code problem;
  if (fs::is_regular_file(path, problem)) return call.push(static_cast<double>(fs::file_size(path, problem)));
  uintmax_t sum = 0;
  for (const auto& entry : fs::recursive_directory_iterator(path, problem)) {
    if (entry.is_regular_file(problem)) sum += entry.file_size(problem);
  }
  return call.push(static_cast<double>(sum));
}

/// core.sweep_cache(bytes): removes what was used longest ago, until what stays fits.
int sweep_cache(Call& call) {
  constexpr double kMost = 1e15;
  const double limit = std::clamp(call.number(1, "bytes"), 0.0, kMost);
  Cache(cache().folder(), static_cast<uint64_t>(limit)).sweep();
  return 0;
}

int machine(Call& call) {
  Map facts;
  for (const auto& fact : report::machine_facts()) facts[fact.first] = fact.second;
  return call.push(Value(facts));
}

const Module core_module("core", [](ModuleTable& module) {
  module.function("list_folder", list_folder);
  module.function("size_of", size_of);
  module.function("sweep_cache", sweep_cache);
  module.function("cache_folder", [](Call& call) { return call.push(cache().folder()); });
  module.function("machine", machine);
  module.function("program", [](Call& call) { return call.push(fs::read_symlink("/proc/self/exe").string()); });
});

}  // namespace
}  // namespace lumir::lua
