// Folders, sizes, the cache and the machine, for the commands of scripts/ (runs, cache, doctor).

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <system_error>

#include "bind/bind.h"
#include "core/cache.h"
#include "core/file.h"
#include "report/run_record.h"
#include "tensor/gpu.h"

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

uintmax_t bytes_below(const std::string& path) {
  std::error_code problem;
  uintmax_t sum = 0;
  for (const auto& entry : fs::recursive_directory_iterator(path, problem)) {
    if (entry.is_regular_file(problem)) sum += entry.file_size(problem);
  }
  return sum;
}

/// core.cache_bytes(): what computed entries take. LibTorch and weights lie beside them, and are no part of it.
int cache_bytes(Call& call) {
  const std::string folder = cache().folder();
  return call.push(static_cast<double>(bytes_below(folder + "/entries") + bytes_below(folder + "/small")));
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
  module.function("cache_bytes", cache_bytes);
  module.function("gpu_problem", [](Call& call) { return call.push(tensor::gpu_problem().text); });
  module.function("absolute", [](Call& call) {
    std::error_code problem;
    return call.push(fs::weakly_canonical(call.path(1), problem).string());
  });
  module.function("sweep_cache", sweep_cache);
  module.function("machine", machine);
  module.function("program", [](Call& call) { return call.push(fs::read_symlink("/proc/self/exe").string()); });
});

}  // namespace
}  // namespace lumir::lua
