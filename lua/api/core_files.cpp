// Folders, sizes, the cache and the machine, for the commands of scripts/ (runs, cache, doctor).

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <system_error>

#include "audio/device.h"
#include "bind/bind.h"
#include "core/cache.h"
#include "core/file.h"
#include "core/hash.h"
#include "core/interrupt.h"
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

/// core.folder_bytes(path): of all files below it.
int folder_bytes(Call& call) { return call.push(static_cast<double>(bytes_below(call.path(1)))); }

/// core.sound_devices('play' or 'record'): their names; an error in one line where there is no sound.
int sound_devices(Call& call) {
  const auto names = audio::device_names(call.text(1) == "record");
  return call.push(Value(List(names.begin(), names.end())));
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

/// core.state_of(path, left_out): another text after every change of a file or of what lies below a folder, as far as
/// names, sizes and times tell; nil for nothing there. Folders that are links lie elsewhere and are not looked into,
/// nor are the paths of `left_out`.
int state_of(Call& call) {
  const std::string root = call.path(1);
  const auto left_out = call.words(2, "left_out");
  std::error_code problem;
  if (!fs::exists(root, problem)) return 0;
  const auto is_left_out = [&](const fs::path& path) {
    std::error_code missing;  // what is not there is nothing to leave out
    return std::any_of(left_out.begin(), left_out.end(),
                       [&](const std::string& out) { return fs::equivalent(path, out, missing); });
  };
  if (is_left_out(root)) return call.push(sha256(""));
  std::vector<std::string> lines;
  const auto add = [&](const fs::directory_entry& entry) {
    if (!entry.is_regular_file(problem)) return;
    const auto time = std::to_string(entry.last_write_time(problem).time_since_epoch().count());
    lines.push_back(entry.path().string() + " " + std::to_string(entry.file_size(problem)) + " " + time);
  };
  add(fs::directory_entry(root));
  for (fs::recursive_directory_iterator at(root, problem), end; !problem && at != end; at.increment(problem)) {
    check_interrupt();
    const bool named = std::any_of(left_out.begin(), left_out.end(), [&](const std::string& out) {
      return fs::path(out).filename() == at->path().filename();  // which is quick to ask of many files
    });
    if (named && is_left_out(at->path())) {
      at.disable_recursion_pending();
    } else {
      add(*at);
    }
  }
  std::sort(lines.begin(), lines.end());
  std::string all;
  for (const auto& line : lines) all += line + "\n";
  return call.push(sha256(all));
}

int machine(Call& call) {
  Map facts;
  for (const auto& fact : report::machine_facts()) facts[fact.first] = fact.second;
  return call.push(Value(facts));
}

const Module core_module("core", [](ModuleTable& module) {
  module.function("list_folder", list_folder);
  module.function("cache_bytes", cache_bytes);
  module.function("folder_bytes", folder_bytes);
  module.function("sound_devices", sound_devices);
  module.function("gpu_problem", [](Call& call) { return call.push(tensor::gpu_problem().text); });
  module.function("absolute", [](Call& call) {
    std::error_code problem;
    return call.push(fs::weakly_canonical(call.path(1), problem).string());
  });
  module.function("state_of", state_of);
  module.function("sweep_cache", sweep_cache);
  module.function("machine", machine);
  module.function("program", [](Call& call) { return call.push(fs::read_symlink("/proc/self/exe").string()); });
});

}  // namespace
}  // namespace lumir::lua
