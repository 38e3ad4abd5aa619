// A folder for one test, and corpora of tiny files in it.

#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <unistd.h>

#include "core/file.h"
#include "core/observer.h"

namespace lumir::tests {

/// Gone when the test ends.
class ScratchFolder {
 public:
  ScratchFolder() {
    static int counter = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("lumir-test-" + std::to_string(getpid()) + "-" + std::to_string(counter++));
    std::filesystem::create_directories(path_);
  }
  ~ScratchFolder() { std::filesystem::remove_all(path_); }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  std::string path(const std::string& name = "") const {
    return name.empty() ? path_.string() : (path_ / name).string();
  }
  /// Writes a file of `text` (its own name where empty) and says where.
  std::string file(const std::string& name, const std::string& text = "") const {
    write_file(path(name), text.empty() ? name : text);
    return path(name);
  }

 private:
  std::filesystem::path path_;
};

/// Keeps what observers are told.
class Listener : public Observer {
 public:
  void begin(const std::string& task, size_t total, const std::string& unit) override {
    tasks.push_back(task + " " + std::to_string(total) + " " + unit);
  }
  void advance(size_t) override {}
  void end(const std::string&) override {}
  void warn(const std::string& line) override { warnings.push_back(line); }

  std::vector<std::string> tasks;
  std::vector<std::string> warnings;
};

}  // namespace lumir::tests
