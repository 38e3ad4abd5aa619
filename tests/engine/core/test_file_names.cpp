// Names of files that a reader could take for one another.

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include <catch2/catch.hpp>

#include "core/registry.h"
#include "tree.h"

namespace fs = std::filesystem;

namespace {

const fs::path kEngine = fs::path(LUMIR_ROOT) / "engine";

std::string without_underscores(std::string name) {
  std::erase(name, '_');
  return name;
}

/// The same, or one letter more, less or other.
bool alike(const std::string& a, const std::string& b) {
  const auto [shorter, longer] = std::minmax(a, b, [](const auto& x, const auto& y) { return x.size() < y.size(); });
  if (longer.size() > shorter.size() + 1) return false;
  const auto [left, right] = std::mismatch(shorter.begin(), shorter.end(), longer.begin());
  const long same = left - shorter.begin();
  const bool other = shorter.size() == longer.size();
  if (left == shorter.end()) return true;
  return shorter.substr(static_cast<size_t>(same + (other ? 1 : 0))) == longer.substr(static_cast<size_t>(same + 1));
}

std::set<std::string> registered() {
  std::set<std::string> names;
  for (const auto* entry : lumir::entries("")) names.insert(fs::path(entry->file).stem().string());
  return names;
}

}  // namespace

TEST_CASE("no two files of a folder have names that differ by an underscore or a letter, but for registered ones") {
  std::map<std::string, std::set<std::string>> folders;
  for (const auto& entry : fs::recursive_directory_iterator(kEngine)) {
    if (!entry.is_regular_file()) continue;
    const fs::path path = fs::relative(entry.path(), kEngine);
    if (path.extension() == ".cpp" || path.extension() == ".h") {
      folders[path.begin()->string()].insert(path.stem().string());
    }
  }
  REQUIRE(folders.size() >= 10);
  const auto given = registered();
  for (const auto& [folder, names] : folders) {
    for (const auto& a : names) {
      for (const auto& b : names) {
        if (b <= a || (given.contains(a) && given.contains(b))) continue;
        INFO(folder << ": " << a << " and " << b);
        CHECK_FALSE(alike(without_underscores(a), without_underscores(b)));
      }
    }
  }
}
