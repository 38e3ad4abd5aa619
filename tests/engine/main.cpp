// The test program: Catch2 cases of tests/engine and, as cases of the same list, the specs of tests/lua.
//
// A spec file's tests are found by their first line, `test('name', function()`; each runs in a Lua state of its own.
// A skipped test prints "SKIPPED: reason"; scripts/test counts those lines.

#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <regex>
#include <sstream>

#include "bind/state.h"
#include "core/file.h"
#include "tree.h"

namespace {

namespace fs = std::filesystem;
using lumir::lua::Outcome;
using lumir::lua::run_chunk;

constexpr int kSkipped = 77;
const std::string kRoot = LUMIR_ROOT;

struct Spec {
  std::string file;  // "lua/feature/mfcc"
  std::string name;
};

std::vector<Spec> find_specs() {
  std::vector<Spec> specs;
  const fs::path folder = fs::path(kRoot) / "tests/lua";
  const std::regex heading(R"(^test\((['"])(.*)\1, function\(\)$)");
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".lua") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& path : files) {
    const std::string file = "lua/" + fs::relative(path, folder).replace_extension().string();
    std::istringstream lines(lumir::read_file(path.string()));
    for (std::string line; std::getline(lines, line);) {
      std::smatch match;
      if (std::regex_match(line, match, heading)) specs.push_back({file, match[2]});
    }
  }
  return specs;
}

class SpecCase final : public Catch::ITestInvoker {
 public:
  explicit SpecCase(Spec spec) : spec_(std::move(spec)) {}
  void invoke() const override {
    const auto state = lumir::lua::open_state();
    lua_State* L = state.get();
    add_path(L);
    const std::string expect = kRoot + "/tests/lua/expect.lua", path = kRoot + "/tests/" + spec_.file + ".lua";
    Outcome outcome = run_chunk(L, lumir::read_file(expect), "@" + expect, {spec_.name});
    if (outcome.status == 0) outcome = run_chunk(L, lumir::read_file(path), "@" + path, {});
    if (outcome.status == kSkipped) {
      std::printf("SKIPPED: %s: %s (%s)\n", spec_.file.c_str(), spec_.name.c_str(), outcome.message.c_str());
      SUCCEED("skipped");
      return;
    }
    INFO(outcome.message);
    CHECK(outcome.status == 0);
  }

 private:
  static void add_path(lua_State* L) {
    lua_getglobal(L, "package");
    lua_pushstring(L, (kRoot + "/tests/?.lua;" + kRoot + "/?.lua").c_str());
    lua_setfield(L, -2, "path");
    lua_pop(L, 1);
  }
  Spec spec_;
};

void register_specs() {
  for (const auto& spec : find_specs()) {
    const std::string tag = "[" + spec.file + "]";
    Catch::getMutableRegistryHub().registerTest(Catch::makeTestCase(
        new SpecCase(spec), "", Catch::NameAndTags(spec.file + ": " + spec.name, tag), CATCH_INTERNAL_LINEINFO));
  }
}

}  // namespace

int main(int argc, char** argv) {
  setenv("SDL_AUDIODRIVER", "dummy", 1);  // tests make no sound
  register_specs();
  return Catch::Session().run(argc, argv);
}
