// The list of kernels, by which modules of processor levels are matched with the program.

#include <catch2/catch.hpp>

#include "signal/kernel.h"

using namespace lumir;

TEST_CASE("two kernels of one name are an error, which stops a program at start") {
  REQUIRE_FALSE(signal::kernels().empty());
  const size_t before = signal::kernels().size();
  CHECK_THROWS_WITH(signal::list_kernel("lanes_of_level", nullptr), "two kernels are called lanes_of_level");
  CHECK(signal::kernels().size() == before);
}
