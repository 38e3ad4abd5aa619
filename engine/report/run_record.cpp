// Making run folders, and writing what happened in them.

#include "report/run_record.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <limits>

#include <cairo.h>
#include <pango/pango.h>
#include <sys/stat.h>
#include <sys/utsname.h>
extern "C" {
#include <libavutil/avutil.h>
}

#include "core/error.h"
#include "core/file.h"
#include "core/parallel.h"
#include "core/version.h"
#include "signal/kernel.h"

namespace lumir::report {
namespace {

namespace fs = std::filesystem;

/// The lines that a command prints; none where it fails.
std::vector<std::string> lines_of(const std::string& command) {
  std::vector<std::string> lines;
  FILE* pipe = popen((command + " 2>/dev/null").c_str(), "r");
  if (!pipe) return lines;
  std::string line;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) {
    if (c == '\n') {
      lines.push_back(std::move(line));
      line.clear();
    } else {
      line += static_cast<char>(c);
    }
  }
  if (pclose(pipe) != 0) lines.clear();
  return lines;
}

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string processor() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown";
}

std::string now() {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm local{};
  localtime_r(&seconds, &local);
  char text[40];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S%z", &local);
  return text;
}

/// Of a run's folder; 0 for names that are no whole number.
long number_of(std::string_view name) {
  long number = 0;
  const auto [end, problem] = std::from_chars(name.data(), name.data() + name.size(), number);
  return problem == std::errc() && end == name.data() + name.size() ? number : 0;
}

}  // namespace

std::string run_name(const std::string& recipe) {
  const fs::path path = fs::path(recipe).lexically_normal();
  std::string name = path.stem().string();
  std::vector<std::string> parts;
  for (const auto& part : path.parent_path()) parts.push_back(part.string());
  // folders below the last `recipes` say what the recipe is about
  for (size_t i = parts.size(); i-- > 0;) {
    if (parts[i] != "recipes") continue;
    std::string folders;
    for (size_t j = i + 1; j < parts.size(); ++j) folders += parts[j] + "-";
    return folders + name;
  }
  return name.empty() ? "prompt" : name;
}

std::string make_run_folder(const std::string& root, const std::string& recipe) {
  const std::string parent = root + "/" + run_name(recipe);
  std::error_code problem;
  fs::create_directories(parent, problem);
  if (problem) throw Error(parent + ": " + problem.message());
  remove_abandoned_parts(parent);
  long highest = 0;
  for (const auto& entry : fs::directory_iterator(parent)) {
    highest = std::max(highest, number_of(entry.path().filename().string()));
  }
  if (highest == std::numeric_limits<long>::max()) throw Error(parent + ": no number is left for a run");
  while (true) {  // another process may take the same number first: mkdir decides
    const std::string folder = parent + "/" + std::to_string(++highest);
    if (mkdir(folder.c_str(), 0777) == 0) return folder;
    if (errno != EEXIST) throw Error(folder + ": " + std::strerror(errno));
  }
}

std::string resumable_run(const std::string& root, const std::string& recipe) {
  std::string newest;
  long highest = 0;
  std::error_code problem;
  for (const auto& entry : fs::directory_iterator(root + "/" + run_name(recipe), problem)) {
    const long number = number_of(entry.path().filename().string());
    if (number <= highest || !fs::exists(entry.path() / "checkpoints", problem)) continue;
    highest = number;
    newest = entry.path().string();
  }
  return newest;
}

std::vector<Fact> machine_facts() {
  utsname system{};
  uname(&system);
  return {{"processor", processor()},
          {"threads", std::to_string(thread_count())},
          {"level", signal::level_name()},  // which kernels: rounding differs between them
          {"system", std::string(system.sysname) + " " + system.machine},
          {"compiler", "g++ " __VERSION__},
          {"libtorch", LUMIR_LIBTORCH_VERSION},
          {"FFmpeg", av_version_info()},
          {"Cairo, Pango", std::string(cairo_version_string()) + ", " + pango_version_string()},
          {"lumir", version()}};
}

Value git_state(const std::string& folder) {
  const std::string git = "git -C " + quoted(folder) + " ";
  const auto commit = lines_of(git + "rev-parse HEAD");
  if (commit.empty()) return {};
  List files;
  for (const auto& line : lines_of(git + "status --porcelain --untracked-files=no")) files.push_back(line.substr(3));
  return Map{{"commit", commit[0]}, {"changed", !files.empty()}, {"files", files}};
}

RunRecord::RunRecord(std::string folder, std::string recipe) : folder_(std::move(folder)), recipe_(std::move(recipe)) {
  started_ = now();
  members_["recipe"] = recipe_;
  log("begin", {{"recipe", recipe_}});
}

void RunRecord::set(const std::string& member, Value value) { members_[member] = std::move(value); }

void RunRecord::add_seconds(const std::string& part, double seconds) { seconds_[part] += seconds; }

void RunRecord::log(const std::string& event, const Map& members) {
  Map line = members;
  line["time"] = now();
  line["event"] = event;
  append_line(folder_ + "/log.jsonl", to_json(line));
}

Value RunRecord::value() const {
  Map whole = members_;
  Map seconds;
  for (const auto& [part, taken] : seconds_) seconds[part] = taken;
  whole["timings"] = Map{{"folder", folder_}, {"started", started_}, {"written", now()}, {"seconds", seconds}};
  return whole;
}

void RunRecord::write() const { write_file(folder_ + "/run.json", to_json(value(), 2) + "\n"); }

}  // namespace lumir::report
