// How threads of OpenMP wait is settled before its runtime is loaded.

#include <catch2/catch.hpp>

#include <cstdlib>
#include <string>

#include "core/file.h"
#include "program.h"
#include "sanitized.h"

namespace {

constexpr const char* kLook = R"(
local lumir = require 'lumir'
local function loaded()
  for line in io.lines '/proc/self/maps' do if line:find 'libgomp' then return 'loaded' end end
  return 'not yet'
end
local before = loaded()
lumir.torch.ones(2)
print(('%s, %s, %s'):format(before, loaded(), os.getenv 'OMP_WAIT_POLICY' or 'as it is'))
)";

/// What the program says of it, where these are set.
std::string waits(const char* policy, const char* spins) {
  const lumir::tests::Scratch place("openmp");
  lumir::write_file(place / "look.lua", kLook);
  for (const auto& [name, value] : {std::pair{"OMP_WAIT_POLICY", policy}, {"GOMP_SPINCOUNT", spins}}) {
    value ? setenv(name, value, 1) : unsetenv(name);
  }
  const auto outcome = lumir::tests::run(place.folder(), "look.lua");
  setenv("OMP_WAIT_POLICY", "passive", 1);
  unsetenv("GOMP_SPINCOUNT");
  INFO(outcome.err);
  CHECK(outcome.status == 0);
  return outcome.out;
}

}  // namespace

TEST_CASE("threads of OpenMP sleep while they wait, unless they are told how to") {
  if (lumir::tests::sanitized("when libraries are loaded")) return;
  CHECK(waits(nullptr, nullptr) == "not yet, loaded, passive\n");
  CHECK(waits("active", nullptr) == "not yet, loaded, active\n");
  CHECK(waits(nullptr, "1000") == "not yet, loaded, as it is\n");
}
