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
#include <fcntl.h>
#include <pango/pango.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>
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

/// The last event of a run's log; empty where it has none.
std::string last_event(const std::string& folder) {
  std::ifstream log(folder + "/log.jsonl");
  std::string last;
  for (std::string line; std::getline(log, line);) {
    if (!line.empty()) last = line;
  }
  try {
    const Value event = last.empty() ? Value() : from_json(last, "log.jsonl")["event"];
    return event.text() ? *event.text() : "";
  } catch (const Error&) {  // a kill left half a line
    return "";
  }
}

bool is_running(const std::string& folder) {
  const int file = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return false;
  const bool free = flock(file, LOCK_SH | LOCK_NB) == 0;
  close(file);
  return !free;
}

/// Empty for a run that was stopped in its training. A report is the end of runs of before ends were logged.
std::string why_not_resumable(const std::string& folder) {
  std::error_code problem;
  if (is_running(folder)) return "is still running";
  const std::string event = last_event(folder);
  if (event == "end" || event == "report") return "is finished";
  if (!fs::exists(folder + "/checkpoints", problem)) return "has no checkpoint";
  return "";
}

}  // namespace

RunRecord::Lock::Lock(const std::string& folder) : file(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (file >= 0 && flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    close(file);
    throw Error(folder + ": another process is running it");
  }
}

RunRecord::Lock::~Lock() {
  if (file >= 0) close(file);
}

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

std::string end_of_run(const std::string& folder) {
  std::error_code problem;
  if (!fs::exists(folder + "/log.jsonl", problem)) return "ended";
  if (is_running(folder)) return "running";
  const std::string event = last_event(folder);
  if (event == "end" || event == "report") return "ended";  // runs of before ends were logged end in a report
  return event == "failed" ? event : "stopped";
}

std::string run_to_resume(const std::string& root, const std::string& recipe, long number) {
  const std::string parent = root + "/" + run_name(recipe);
  std::vector<long> numbers, stopped;
  std::error_code problem;
  for (const auto& entry : fs::directory_iterator(parent, problem)) {
    if (const long one = number_of(entry.path().filename().string()); one > 0) numbers.push_back(one);
  }
  std::sort(numbers.begin(), numbers.end());
  const auto folder_of = [&](long one) { return parent + "/" + std::to_string(one); };
  for (const long one : numbers) {
    if (why_not_resumable(folder_of(one)).empty()) stopped.push_back(one);
  }
  if (number == 0 && !stopped.empty()) return folder_of(stopped.back());
  if (number == 0) {
    std::string last;
    if (!numbers.empty()) {
      last = "; the last one, " + folder_of(numbers.back()) + ", " + why_not_resumable(folder_of(numbers.back()));
    }
    throw Error("--resume: nothing to resume: no run of " + recipe + " was stopped in its training" + last);
  }
  if (std::find(stopped.begin(), stopped.end(), number) != stopped.end()) return folder_of(number);
  const bool there = std::find(numbers.begin(), numbers.end(), number) != numbers.end();
  std::string others;
  for (const long one : stopped) others += (others.empty() ? "" : ", ") + std::to_string(one);
  throw Error("--resume=" + std::to_string(number) + ": " + folder_of(number) + " " +
              (there ? why_not_resumable(folder_of(number)) : "is not there") +
              "; stopped in their training: " + (others.empty() ? "none" : others));
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

RunRecord::RunRecord(std::string folder, std::string recipe)
    : lock_(std::make_unique<Lock>(folder)), folder_(std::move(folder)), recipe_(std::move(recipe)) {
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
