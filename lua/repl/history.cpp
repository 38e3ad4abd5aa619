// A line of the file is an entry, its line breaks written as \n and its backslashes as \\.

#include "repl/history.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include "core/error.h"
#include "core/file.h"

namespace lumir::lua {
namespace {

constexpr size_t kMost = 10000;

std::string as_line(std::string_view entry) {
  std::string line;
  for (const char c : entry) {
    if (c == '\n') {
      line += "\\n";
    } else if (c == '\\') {
      line += "\\\\";
    } else {
      line += c;
    }
  }
  return line;
}

std::string as_entry(std::string_view line) {
  std::string entry;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size()) {
      ++i;
      entry += line[i] == 'n' ? '\n' : line[i];
    } else {
      entry += line[i];
    }
  }
  return entry;
}

std::vector<std::string> entries_in(const std::string& text) {
  std::vector<std::string> entries;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    if (end > begin) entries.push_back(as_entry(std::string_view(text).substr(begin, end - begin)));
    begin = end + 1;
  }
  return entries;
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

}  // namespace

std::string history_path() {
  if (const char* named = std::getenv("LUMIR_HISTORY")) return named;
  const std::string state = environment("XDG_STATE_HOME"), home = environment("HOME");
  if (state.empty() && home.empty()) return "";
  return (state.empty() ? home + "/.local/state" : state) + "/lumir/history";
}

History::History(std::string path) : path_(std::move(path)) {
  std::error_code problem;
  if (path_.empty()) return;
  std::filesystem::create_directories(std::filesystem::path(path_).parent_path(), problem);
  if (!std::filesystem::is_regular_file(path_, problem)) return;
  try {
    const std::string text = read_file(path_);
    entries_ = entries_in(text);
    const bool broken = !text.empty() && text.back() != '\n';  // the next entry would stand behind half of another
    if (entries_.size() <= kMost && !broken) return;
    if (entries_.size() > kMost) entries_.erase(entries_.begin(), entries_.end() - static_cast<long>(kMost / 2));
    std::string kept;
    for (const auto& entry : entries_) kept += as_line(entry) + "\n";
    write_file(path_, kept);
  } catch (const Error&) {  // a prompt without what was typed before is a prompt
    path_.clear();
  }
}

void History::add(const std::string& entry) {
  if (entry.empty() || (!entries_.empty() && entries_.back() == entry)) return;
  entries_.push_back(entry);
  if (path_.empty()) return;
  constexpr mode_t kOwners = 0600;
  const int file = open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, kOwners);
  if (file < 0) return;
  const std::string line = as_line(entry) + "\n";
  [[maybe_unused]] const ssize_t written = write(file, line.data(), line.size());
  close(file);
}

std::optional<size_t> History::beginning_with(std::string_view text, size_t before) const {
  for (size_t i = std::min(before, size()); i > 0; --i) {
    if (entries_[i - 1].starts_with(text)) return i - 1;
  }
  return std::nullopt;
}

std::optional<size_t> History::next_beginning_with(std::string_view text, size_t after) const {
  for (size_t i = after + 1; i < size(); ++i) {
    if (entries_[i].starts_with(text)) return i;
  }
  return std::nullopt;
}

std::optional<size_t> History::holding(std::string_view text, size_t before) const {
  for (size_t i = std::min(before, size()); i > 0; --i) {
    if (entries_[i - 1].find(text) != std::string::npos) return i - 1;
  }
  return std::nullopt;
}

}  // namespace lumir::lua
