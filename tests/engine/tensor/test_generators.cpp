// States of LibTorch's generators.

#include <ATen/core/Tensor.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/randn.h>

#include "core/error.h"
#include "tensor/generators.h"

#undef CHECK  // LibTorch's logging has one too
#include <catch2/catch.hpp>

using namespace lumir;

TEST_CASE("after its state is set a generator draws the same again") {
  at::randn({3});  // leaves the spare half of a pair behind
  const State states = tensor::generator_states();
  const at::Tensor first = at::randn({5}), second = at::rand({5});
  tensor::set_generator_states(states, "test");
  CHECK(at::randn({5}).equal(first));
  CHECK(at::rand({5}).equal(second));
}

TEST_CASE("what is no state of a generator is refused") {
  CHECK_THROWS_WITH(tensor::set_generator_states({}, "file"), "file: has no state of the generator");
  CHECK_THROWS_WITH(tensor::set_generator_states({{"generator", {1, 2}}}, "file"),
                    Catch::StartsWith("file: 'generator' is no state of a generator: "));
  State states = tensor::generator_states();
  states["generator.cuda:63"] = states["generator"];
  CHECK_NOTHROW(tensor::set_generator_states(states, "file"));
}
