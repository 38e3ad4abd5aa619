// Initialisers against PyTorch's: golden/nn/init.json.

#include <set>

#include <ATen/Context.h>
#include <ATen/ops/empty.h>

// LibTorch has a CHECK of its own, so Catch stands behind it
#include <catch2/catch.hpp>

#include "core/file.h"
#include "core/registry.h"
#include "nn/initializers.h"
#include "tensor/convert.h"
#include "tree.h"

using namespace lumir;

TEST_CASE("initialisers draw what PyTorch's draw after the same seed") {
  const Value golden = from_json(read_file(std::string(LUMIR_ROOT) + "/tests/golden/nn/init.json"), "init.json");
  std::set<std::string> seen;
  for (const auto& one : *golden.at("cases").list()) {
    const std::string& name = *one["name"].text();
    INFO(name << " " << show(one["options"]));
    std::vector<int64_t> shape;
    for (const auto& size : *one["shape"].list()) shape.push_back(static_cast<int64_t>(*size.number()));
    const at::Tensor tensor = at::empty(shape, at::kFloat);
    at::manual_seed(static_cast<uint64_t>(*one["seed"].number()));
    nn::initialise(name, tensor, *one["options"].map());
    const auto found = tensor::to_doubles(tensor, "test");
    const List& wanted = *one["values"].list();
    REQUIRE(found.size() == wanted.size());
    for (size_t i = 0; i < found.size(); ++i) CHECK(found[i] == Approx(*wanted[i].number()).epsilon(1e-6).margin(1e-7));
    seen.insert(name);
  }
  CHECK(seen.size() == entries("nn.init").size());
}

TEST_CASE("an initialiser says in one line what it does not fit") {
  CHECK_THROWS_WITH(nn::initialise("xavier_uniform_", at::empty({3}), {}),
                    "xavier_uniform_: takes two dimensions and more, got [3]");
  CHECK_THROWS_WITH(nn::initialise("eye_", at::empty({3}), {}), "eye_: takes [rows, columns], got [3]");
  CHECK_THROWS_WITH(nn::initialise("xavier_unifrom_", at::empty({3}), {}),
                    "there is no initialiser 'xavier_unifrom_' (did you mean 'xavier_uniform_'?)");
  CHECK_THROWS_WITH(nn::initialise("ones_", at::empty({3}, at::kLong), {}),
                    "ones_: takes a tensor of floating-point numbers");
}
