// Where the fixtures are, for tests that read real recordings.

#pragma once

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "tree.h"

namespace lumir::tests {

/// $LUMIR_FIXTURES, else ../shared/fixtures beside the project.
inline std::string fixtures() {
  const char* given = std::getenv("LUMIR_FIXTURES");
  return given && *given ? given : std::string(LUMIR_ROOT) + "/../shared/fixtures";
}

/// The path of a fixture; empty, and one counted line, where it is missing: `if (path.empty()) return;`
inline std::string fixture(const std::string& name) {
  std::string path = fixtures() + "/" + name;
  if (std::filesystem::exists(path)) return path;
  std::printf("SKIPPED: the fixture %s is not there\n", name.c_str());
  return "";
}

}  // namespace lumir::tests
