// Summaries against torchinfo: golden/nn/summary.json.

#include "nn/summary.h"

#include <catch2/catch.hpp>  // behind LibTorch, which has a CHECK of its own

#include "core/file.h"
#include "tree.h"

using namespace lumir;

namespace {

const List& cases() {
  static const Value golden =
      from_json(read_file(std::string(LUMIR_ROOT) + "/tests/golden/nn/summary.json"), "summary.json");
  return *golden.at("cases").list();
}

std::vector<int64_t> shape_of(const Value& golden) {
  std::vector<int64_t> shape;
  for (const auto& size : *golden["shape"].list()) shape.push_back(static_cast<int64_t>(*size.number()));
  return shape;
}

int64_t whole(const Value& number) { return static_cast<int64_t>(*number.number()); }

nn::ModulePtr linear(int in, int out) {
  return nn::make_module("Linear", {{"in_features", in}, {"out_features", out}});
}

}  // namespace

TEST_CASE("a summary's figures are torchinfo's") {
  REQUIRE(cases().size() == 3);
  for (const auto& golden : cases()) {
    INFO(*golden["title"].text());
    const auto summary = nn::summarise(nn::make_module(golden["network"]), shape_of(golden));
    CHECK(summary.parameters() == whole(golden["parameters"]));
    CHECK(summary.mult_adds() == whole(golden["mult_adds"]));
    CHECK(summary.input_bytes == whole(golden["input_bytes"]));
    CHECK(summary.output_bytes() == whole(golden["output_bytes"]));
    CHECK(summary.parameter_bytes() == whole(golden["parameter_bytes"]));
  }
}

TEST_CASE("the residual network of the recipe has 2,913,492 parameters, its trunk 2,776,512") {
  const auto network = nn::make_module(cases()[1]["network"]);
  CHECK(nn::count_parameters(*network) == 2913492);
  const auto children = network->children();
  int64_t trunk = 0;
  for (size_t i = 0; i < 11; ++i) trunk += nn::count_parameters(*children[i].module);
  CHECK(trunk == 2776512);
}

TEST_CASE("a summary leaves mode, statistics and hooks as they were") {
  const auto network = nn::make_module(cases()[0]["network"]);
  const auto before = network->state();
  network->children()[1].module->train(false);
  nn::summarise(network, {1, 3, 128, 1292});
  CHECK(network->training());
  CHECK_FALSE(network->children()[1].module->training());
  const auto after = network->state();
  for (const auto& [name, array] : before) CHECK(array.doubles() == after.at(name).doubles());
}

TEST_CASE("a summary shows depth, layer, shape, parameters and mult-adds, then the sums") {
  const Value inner = std::make_shared<const std::any>(linear(8, 4));
  const Value relu = std::make_shared<const std::any>(nn::make_module("ReLU", {}));
  const auto network = nn::make_module("Sequential", {{"modules", List{inner, relu}}});
  const std::string text = nn::show(nn::summarise(network, {2, 8}));
  CHECK(text ==
        "Layer                 Depth   Output shape   Parameters   Mult-adds\n"
        "Sequential                0   [2, 4]                 --          --\n"
        "  (0): Linear(8, 4)       1   [2, 4]                 36          72\n"
        "  (1): ReLU()             1   [2, 4]                 --          --\n"
        "\n"
        "Parameters                  36\n"
        "  trainable                 36\n"
        "  frozen                     0\n"
        "Mult-adds                   72\n"
        "Input                  0.00 MB\n"
        "Forward and backward   0.00 MB\n"
        "Weights                0.00 MB\n"
        "Together               0.00 MB");
}
