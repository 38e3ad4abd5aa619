// Running the program as a user would: its exit status, what it printed, what it said on stderr.

#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/wait.h>
#include <unistd.h>

#include "core/file.h"

namespace lumir::tests {

/// A folder of its own, removed with all that is in it.
class Scratch {
 public:
  explicit Scratch(const std::string& name)
      : folder_(std::filesystem::temp_directory_path() / ("lumir-" + name + "-" + std::to_string(getpid()))) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~Scratch() { std::filesystem::remove_all(folder_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const std::filesystem::path& folder() const { return folder_; }
  std::string operator/(const std::string& name) const { return (folder_ / name).string(); }

 private:
  std::filesystem::path folder_;
};

/// $LUMIR_PROGRAM, else the program beside this one.
inline std::string program() {
  const char* given = std::getenv("LUMIR_PROGRAM");
  return given && *given ? given : std::filesystem::read_symlink("/proc/self/exe").replace_filename("lumir").string();
}

struct Outcome {
  int status = 0;
  std::string out;
  std::string err;
};

/// Runs `lumir ARGUMENTS` through the shell, in `folder`, with a cache of its own there and no standard input but a file's.
inline Outcome run(const std::filesystem::path& folder, const std::string& arguments,
                   const std::string& input = "/dev/null") {
  const auto said = folder / ".stdout", complained = folder / ".stderr";
  const std::string command = "cd '" + folder.string() + "' && LUMIR_CACHE=.cache '" + program() + "' " + arguments +
                              " >'" + said.string() + "' 2>'" + complained.string() + "' <'" + input + "'";
  const int code = std::system(command.c_str());
  return {WIFEXITED(code) ? WEXITSTATUS(code) : 128 + WTERMSIG(code), read_file(said), read_file(complained)};
}

}  // namespace lumir::tests
