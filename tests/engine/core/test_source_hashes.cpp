// Hashes of sources, which are parts of cache keys: they change with everything that a file stands on, in any room.

#include <cstdlib>

#include <catch2/catch.hpp>

#include "core/file.h"
#include "program.h"
#include "tree.h"

using namespace lumir;

namespace {

/// The line of a file in the table that cmake/source_hashes.cmake writes for a tree.
std::string hash_line(const tests::Scratch& tree, const std::string& file) {
  const std::string out = tree / "hashes.cpp";
  const std::string command = "cmake -DROOT='" + tree.folder().string() + "' -DOUT='" + out + "' -P '" +
                              std::string(LUMIR_ROOT) + "/cmake/source_hashes.cmake'";
  REQUIRE(std::system(command.c_str()) == 0);
  const std::string text = read_file(out);
  const size_t at = text.find("{\"" + file + "\"");
  REQUIRE(at != std::string::npos);
  return text.substr(at, text.find('\n', at) - at);
}

}  // namespace

TEST_CASE("a feature's hash follows its includes through the rooms, and the sources of the headers that it includes") {
  const tests::Scratch tree("hashes");
  write_file(tree / "engine/feature/loudness.cpp", "#include \"feature/plan/node.h\"\n");
  write_file(tree / "engine/feature/other.cpp", "\n");
  write_file(tree / "engine/feature/plan/node.h", "#include \"signal/window.h\"\n");
  write_file(tree / "engine/signal/window.h", "double window(int i);\n");
  write_file(tree / "engine/signal/window.cpp", "double window(int) { return 1; }\n");
  const std::string before = hash_line(tree, "engine/feature/loudness.cpp");
  const std::string other = hash_line(tree, "engine/feature/other.cpp");
  write_file(tree / "engine/signal/window.cpp", "double window(int) { return 2; }\n");
  CHECK(hash_line(tree, "engine/feature/loudness.cpp") != before);
  CHECK(hash_line(tree, "engine/feature/other.cpp") == other);
}
