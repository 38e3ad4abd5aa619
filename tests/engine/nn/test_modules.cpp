// What every module does, whatever it computes: shared weights, hooks, states of what has no size yet.

#include <ATen/core/Tensor.h>
#include <ATen/ops/ones.h>

#include "core/error.h"
#include "nn/best.h"
#include "nn/module.h"
#include "nn/summary.h"

#undef CHECK  // LibTorch's logging has one too
#include <catch2/catch.hpp>

using namespace lumir;
using nn::Flow;
using nn::ModulePtr;

namespace {

Value held(const ModulePtr& module) { return std::make_shared<const std::any>(module); }

ModulePtr linear(int in, int out) { return nn::make_module("Linear", {{"in_features", in}, {"out_features", out}}); }

/// One linear layer in two places, another behind them.
ModulePtr tied() {
  const ModulePtr shared = linear(3, 3);
  return nn::make_module("Sequential", {{"modules", List{held(shared), held(shared), held(linear(3, 2))}}});
}

}  // namespace

TEST_CASE("a module in two places is one, with one name, but two in its state") {
  const ModulePtr net = tied();
  CHECK(nn::all_of(net).size() == 3);
  CHECK(nn::count_parameters(*net) == 12 + 8);
  CHECK(nn::slots_of(*net).size() == 4);
  CHECK(nn::named_slots_of(*net).size() == 6);
  CHECK(net->state().contains("1.weight"));
}

TEST_CASE("a description says what stands in several places, and what is built from it is so") {
  const ModulePtr net = tied();
  const Value text = from_json(to_json(net->description()), "text");
  const ModulePtr again = nn::make_module(text);
  CHECK(again->children()[0].module == again->children()[1].module);
  again->load_state(net->state(), "test");
  CHECK(nn::count_parameters(*again) == 12 + 8);
  CHECK(nn::summarise(again, {2, 3}).parameters() == 12 + 8);
  const at::Tensor x = at::ones({2, 3});
  CHECK((*again)(x).equal((*net)(x)));
  again->to(std::nullopt, at::kDouble);
  CHECK(again->children()[1].module->slots()[0].tensor->scalar_type() == at::kDouble);
  CHECK(again->description() == net->description());
  CHECK_THROWS_WITH(nn::make_module(Map{{"name", "nn.ReLU"}, {"options", Map{}}, {"again", 7}}),
                    Catch::Contains("of a part that it has not described before"));
}

TEST_CASE("a module that stands in two parts of a network is one after it was described, and a part alone is whole") {
  const ModulePtr shared = linear(2, 2);
  const auto around = [](const ModulePtr& module) { return nn::make_module("Residual", {{"body", held(module)}}); };
  const ModulePtr first = around(shared), second = around(shared);
  const ModulePtr net = nn::make_module("Sequential", {{"modules", List{held(first), held(second)}}});
  const ModulePtr again = nn::make_module(from_json(to_json(net->description()), "text"));
  CHECK(again->children()[0].module->children()[0].module == again->children()[1].module->children()[0].module);
  CHECK(nn::make_module(second->description())->show() == second->show());
  CHECK(nn::count_parameters(*nn::clone(*net)) == 6);
}

TEST_CASE("weights that a file of an earlier version calls tied are so again") {
  Map description =
      *nn::make_module("Sequential", {{"modules", List{held(linear(3, 3)), held(linear(3, 3))}}})->description().map();
  description["tied"] = Map{{"1.weight", "0.weight"}};
  const ModulePtr net = nn::make_module(Value(description));
  const auto slots = nn::named_slots_of(*net);
  CHECK(slots[0].tensor->is_same(*slots[2].tensor));
  CHECK_FALSE(slots[1].tensor->is_same(*slots[3].tensor));
  CHECK(net->description() == Value(description));
}

TEST_CASE("one without sizes in two places is not copied apart") {
  const ModulePtr lazy = nn::make_module("LazyLinear", {{"out_features", 3}});
  const ModulePtr net = nn::make_module("Sequential", {{"modules", List{held(lazy), held(lazy)}}});
  const ModulePtr copy = nn::clone(*net);
  CHECK(copy->children()[0].module == copy->children()[1].module);
  (*net)(at::ones({1, 3}));
  CHECK(nn::count_parameters(*nn::clone(*net)) == 12);
}

TEST_CASE("hooks that are added in a pass are called from the next one on, those that are taken off to its end") {
  const ModulePtr net = linear(2, 2);
  int first = 0, second = 0, later = 0, own = 0;
  own = net->add_hook([&](nn::Module& module, const Flow&, const Flow&) {
    ++first;
    module.remove_hook(own);
    for (int i = 0; i < 100; ++i) module.add_hook([&](nn::Module&, const Flow&, const Flow&) { ++later; });
  });
  net->add_hook([&](nn::Module&, const Flow&, const Flow&) { ++second; });
  (*net)(at::ones({1, 2}));
  CHECK(later == 0);
  (*net)(at::ones({1, 2}));
  CHECK(first == 1);
  CHECK(second == 2);
  CHECK(later == 100);
}

TEST_CASE("a state that does not fit leaves what has no size yet without one") {
  const ModulePtr lazy = nn::make_module("LazyConv1d", {{"out_channels", 2}, {"kernel_size", 3}});
  const State good{{"weight", Array({2, 4, 3}, std::vector<double>(24, 1))}, {"bias", {1, 2}}};
  State bad = good;
  bad["bias"] = {1, 2, 3};
  CHECK_THROWS_WITH(lazy->load_state(bad, "file"), "file: 'bias' is [3], Conv1d takes [2]");
  CHECK(lazy->name() == "LazyConv1d");
  CHECK_FALSE(lazy->slots()[0].tensor->defined());
  lazy->load_state(good, "file");
  CHECK(lazy->show() == "Conv1d(4, 2, 3)");
}

TEST_CASE("a state whose counts are none is no state of a Best") {
  nn::Best best(linear(2, 2), true);
  best.offer(0.5);
  State state = best.state();
  state["at"] = {1.5};
  CHECK_THROWS_WITH(best.load_state(state, "file"), "file: 'at' = 1.5 is no count");
  state["at"] = {-1};
  CHECK_THROWS_WITH(best.load_state(state, "file"), "file: 'at' = -1 is no count");
  CHECK(best.at() == 1);
}
