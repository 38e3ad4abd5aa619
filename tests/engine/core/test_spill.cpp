// Numbers that stand on disk: they are the same after their pages have gone, and memory is free of them.

#include <fstream>
#include <sstream>
#include <string>

#include <catch2/catch.hpp>

#include "core/spill.h"

using namespace lumir;

namespace {

/// Bytes of this process's memory.
size_t resident() {
  std::ifstream file("/proc/self/statm");
  size_t pages = 0, present = 0;
  file >> pages >> present;
  return present * 4096;
}

}  // namespace

TEST_CASE("few numbers stay on the heap") {
  const size_t before = spilled_bytes();
  const Floats numbers(1000, 2.0f);
  CHECK(spilled_bytes() == before);
  CHECK(reinterpret_cast<uintptr_t>(numbers.data()) % 64 == 0);
}

TEST_CASE("many numbers stand in a file, and keep their values when memory is relieved") {
  const size_t before = spilled_bytes();
  {
    Floats numbers;
    numbers.reserve(kSpillBytes / sizeof(float));
    REQUIRE(spilled_bytes() == before + kSpillBytes);
    for (size_t i = 0; i < kSpillBytes / sizeof(float); ++i) numbers.push_back(static_cast<float>(i % 65537));
    const size_t full = resident();
    relieve_memory();
    CHECK(resident() + kSpillBytes / 2 < full);
    bool same = true;
    for (size_t i = 0; i < numbers.size(); ++i) same = same && numbers[i] == static_cast<float>(i % 65537);
    CHECK(same);
    Floats copy = numbers;
    CHECK(spilled_bytes() == before + 2 * kSpillBytes);
    CHECK(copy == numbers);
  }
  CHECK(spilled_bytes() == before);
}
