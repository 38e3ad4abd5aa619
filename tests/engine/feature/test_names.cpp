// A feature is one file: nothing else in the engine, in lua/ or in CMake addresses it by name, so that adding or
// removing one edits nothing else. A file that builds on it includes its header; comments and examples may speak of it.
// Named sets (fma_set.cpp ...) are lists of features.

#include <filesystem>
#include <regex>
#include <set>
#include <sstream>

#include <catch2/catch.hpp>

#include "core/file.h"
#include "core/registry.h"
#include "tree.h"

namespace {

namespace fs = std::filesystem;
const fs::path kRoot = LUMIR_ROOT;

std::vector<fs::path> sources() {
  std::vector<fs::path> files{kRoot / "CMakeLists.txt"};
  for (const char* folder : {"engine", "lua", "cmake"}) {
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder)) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
  }
  return files;
}

/// Files that speak of features by name, each for a reason.
const std::set<std::string> kMayName{
    "network_figures",   // knows what the rows of a network's inputs are by the step that made them
    "clips",             // shows clips by way of a few of them
    "new_files",         // begins recipes
    "python_names",      // what others call them
    "examples",          // what examples speak of
    "sample_artist20",   // has words for albums
    "sample_features",   // columns of published tables
    "i_vector",          // says what makes its rows
    "described_panels",  // has a word for rows that are lags no more
};

/// Comments, examples and options of other things may hold the word, and defaults of such options.
bool may_speak(const std::string& line) {
  const size_t at = line.find_first_not_of(' ');
  if (at == std::string::npos || line.starts_with("#include")) return true;
  const std::string text = line.substr(at);
  if (text.starts_with("std::string ") && text.ends_with("\";")) return true;
  return text.starts_with("//") || text.starts_with("--") || text.starts_with("#") ||
         text.find(".example") != std::string::npos || text.find(".input") != std::string::npos ||
         text.find("Option{") != std::string::npos || text.find("options.") != std::string::npos;
}

}  // namespace

TEST_CASE("a feature is addressed nowhere but in its own file") {
  size_t features = 0;
  for (const auto* entry : lumir::entries("feature")) {
    const std::string own = fs::path(entry->file).stem().string();
    const bool extractor = own == entry->name && own != "set" && own != "summary";  // those two are what all share
    if (!extractor) continue;
    ++features;
    const std::regex address("\"" + entry->name + "\"|feature\\." + entry->name + "\\b|\\(" + entry->name + ",|" +
                             entry->name + "\\.cpp");
    for (const auto& path : sources()) {
      const std::string stem = path.stem().string();
      if (stem == own || stem.ends_with("_set") || stem.starts_with("bench_") || kMayName.contains(stem)) continue;
      std::istringstream lines(lumir::read_file(path.string()));
      for (std::string line; std::getline(lines, line);) {
        if (line.find(entry->name) == std::string::npos || may_speak(line)) continue;
        line.erase(std::min(line.find("//"), line.size()));
        INFO(path.string() << ": " << line);
        CHECK_FALSE(std::regex_search(line, address));
      }
    }
  }
  CHECK(features >= 12);
}
