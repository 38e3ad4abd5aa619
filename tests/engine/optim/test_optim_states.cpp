// Optimisers and schedules from states and from descriptions: they go on as if they had never stopped.

#include "optim_cases.h"

using namespace lumir;
using namespace lumir::optim;
using namespace lumir::tests::optim_cases;

namespace {

TEST_CASE("an optimiser goes on from its state as if it had never stopped, bit by bit") {
  for (const auto& one : *golden()["optimizers"].list()) {
    INFO(*one["name"].text() << " " << show(one["options"]));
    const OptimizerPtr plain = make_optimizer(*one["name"].text(), *one["options"].map());
    auto parameters = start(at::kFloat);
    const OptimizerPtr whole = plain->bind(parameters);
    run(whole, parameters, 0, 5);
    whole->set_lr(0.05);
    auto copies = start(at::kFloat);
    for (size_t k = 0; k < copies.size(); ++k) {
      copies[k].tensor = parameters[k].tensor.detach().clone().requires_grad_(true);
    }
    const State kept = whole->state();
    const OptimizerPtr again = plain->bind(copies);
    again->load_state(kept, "file");
    run(whole, parameters, 5, 10);
    run(again, copies, 5, 10);
    CHECK(numbers(parameters) == numbers(copies));
    CHECK(same(whole->state(), again->state()));
    CHECK(again->lr() == 0.05);
    const auto first = kept.lower_bound("state.");
    const bool remembers = first != kept.end() && first->first.starts_with("state.");
    CHECK(same(kept, whole->state()) == !remembers);  // what was kept has not moved with it
  }
}

TEST_CASE("a schedule goes on from its state, its optimiser's rates included") {
  for (const auto& one : *golden()["schedules"].list()) {
    INFO(*one["name"].text() << " " << show(one["options"]));
    const SchedulePtr plain = make_schedule(*one["name"].text(), *one["options"].map());
    const OptimizerPtr first = two_groups(), second = two_groups();
    const SchedulePtr whole = plain->bind(first), again = plain->bind(second);
    const auto step = [&](const SchedulePtr& schedule) {
      schedule->step(schedule->wants_metric() ? std::optional(1.0) : std::nullopt);
    };
    for (int i = 0; i < 5; ++i) step(whole);
    second->load_state(first->state(), "file");
    again->load_state(whole->state(), "file");
    for (int i = 0; i < 5; ++i) {
      CHECK(rates(*first) == rates(*second));
      CHECK(*first->momentum(1) == *second->momentum(1));
      step(whole);
      step(again);
    }
    CHECK(same(whole->state(), again->state()));
  }
}

TEST_CASE("a state that does not fit is refused and changes nothing") {
  auto parameters = start(at::kFloat);
  const OptimizerPtr adam = make_optimizer("Adam", {})->bind(parameters);
  run(adam, parameters, 0, 2);
  const State before = adam->state();
  State state = before;
  state["state.0.bias.exp_avg"] = {1, 2};
  CHECK(problem([&] { adam->load_state(state, "f.safetensors"); }) ==
        "f.safetensors: 'state.0.bias.exp_avg' is [2], Adam takes [7]");
  state = before;
  state["state.0.biass.step"] = {1};
  CHECK(problem([&] { adam->load_state(state, "f.safetensors"); }) ==
        "f.safetensors: 'state.0.biass.step' is no part of Adam (did you mean 'state.0.bias.step'?)");
  state = before;
  state.erase("groups.1.lr");
  CHECK(problem([&] { adam->load_state(state, "f.safetensors"); }) ==
        "f.safetensors: has no array 'groups.1.lr' of Adam");
  state = before;
  state["groups.1.betas"] = {0.9};
  CHECK(problem([&] { adam->load_state(state, "f.safetensors"); }) ==
        "f.safetensors: 'groups.1.betas' holds 1 numbers, Adam takes 2");
  state = before;
  state["groups.1.eps"] = {-1};
  CHECK(problem([&] { adam->load_state(state, "f.safetensors"); }) ==
        "f.safetensors: Adam: 'eps' = -1 is out of range (at least 0)");
  state = before;
  state["accumulated"] = {std::numeric_limits<double>::quiet_NaN()};
  CHECK(problem([&] { adam->load_state(state, "f.safetensors"); }) == "f.safetensors: 'accumulated' = nan is no count");
  CHECK(same(adam->state(), before));
}

TEST_CASE("a description builds the same again") {
  const Map bias{{"match", "*.bias"}, {"weight_decay", 0}};
  const OptimizerPtr made = make_optimizer("optim.AdamW", {{"lr", 0.5}, {"groups", List{bias}}});
  const Value text = from_json(to_json(made->description()), "text");
  const auto again = make_optimizer(*text["name"].text(), *text["options"].map());
  CHECK(to_json(again->description()) == to_json(made->description()));
  CHECK(again->show() == "AdamW { lr = 0.5, groups = { { match = '*.bias', weight_decay = 0 } } }");
  CHECK(make_schedule("StepLR", {{"step_size", 3}})->show() == "StepLR { step_size = 3 }");
}

}  // namespace
