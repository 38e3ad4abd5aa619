// Fitted transformers as steps: what they make of rows and tensors, and what a state must be.

#include <ATen/core/Tensor.h>
#include <ATen/ops/full.h>

#include "data/table.h"
#include "feature/plan/frames.h"
#include "model/transform_step.h"

#undef CHECK  // LibTorch's logging has one too
#include <catch2/catch.hpp>

using namespace lumir;

namespace {

model::Model scaler() {
  model::Model model;
  model.estimator = model::make_estimator("learn.StandardScaler", {});
  data::Table table;
  Matrix x(2, 2);
  x.values = {0, 10, 2, 30};  // means 1 and 20, deviations 1 and 10
  table.x = x;
  table.columns = {"a", "b"};
  model::fit(model, table);
  return model;
}

/// The step's description with another state.
StepPtr with_state(const Value& state) {
  Map description = *model::transform_step(scaler())->description().map();
  Map options = *description.at("options").map();
  options["state"] = state;
  description["options"] = options;
  return make_step(Value(description));
}

Map first_array(const Value& shape, const Value& values) {
  const Map options = *model::transform_step(scaler())->description()["options"].map();
  Map state = *options.at("state").map();
  state.begin()->second = Map{{"shape", shape}, {"values", values}};
  return state;
}

}  // namespace

TEST_CASE("a fitted scaler as a step changes a row of numbers, and a tensor column by column") {
  const StepPtr step = model::transform_step(scaler());
  const auto row = std::any_cast<feature::Description>(step->apply(feature::Description{{"a", "b"}, {3, 0}}));
  CHECK(row.values == std::vector<double>{2, -2});
  CHECK(row.names == std::vector<std::string>{"a", "b"});
  const auto frames = std::any_cast<at::Tensor>(step->apply(at::full({4, 3, 2}, 30.0)));
  CHECK(frames.sizes() == at::IntArrayRef{4, 3, 2});
  CHECK(frames[3][2][0].item<float>() == 29);
  CHECK(frames[3][2][1].item<float>() == 1);
}

TEST_CASE("a step that is built from its description does the same") {
  const StepPtr step = model::transform_step(scaler());
  const StepPtr again = make_step(from_json(to_json(step->description()), "text"));
  const auto row = std::any_cast<feature::Description>(again->apply(feature::Description{{"a", "b"}, {3, 0}}));
  CHECK(row.values == std::vector<double>{2, -2});
}

TEST_CASE("a state that holds something else than numbers is refused") {
  const std::string name = model::transform_step(scaler())->description()["options"]["state"].map()->begin()->first;
  const std::string who = "transform: the state's array '" + name + "' ";
  CHECK_THROWS_WITH(with_state(first_array(List{2}, List{1, "x"})), who + "holds 'x', which is no number");
  CHECK_THROWS_WITH(with_state(first_array(List{2}, List{1})), who + "holds 1 numbers, its shape 2");
  CHECK_THROWS_WITH(with_state(first_array(List{0.5}, List{1})), who + "has no shape");
  CHECK_THROWS_WITH(with_state(first_array("x", List{1})), who + "has no list 'shape'");
  CHECK_THROWS_WITH(with_state(List{1}), Catch::Contains("the state must be arrays by name"));
}
