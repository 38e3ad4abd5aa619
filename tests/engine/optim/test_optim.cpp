// Optimisers and schedules against PyTorch's numbers (tests/golden/nn/optimisers.py), and what they promise beside.

#include <cmath>
#include <limits>

#include <ATen/core/Tensor.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

// LibTorch has a CHECK of its own, so Catch stands behind it
#include <catch2/catch.hpp>

#include "core/file.h"
#include "core/observer.h"
#include "core/once.h"
#include "engine/golden_table.h"
#include "optim/averaged_model.h"
#include "optim/clip.h"
#include "optim/lambda_lr.h"
#include "optim/optimizer.h"
#include "optim/schedule.h"
#include "tensor/convert.h"
#include "tree.h"

using namespace lumir;
using namespace lumir::optim;

namespace {

using Shape = std::vector<int64_t>;

const std::vector<std::pair<std::string, Shape>>& shapes() {
  static const std::vector<std::pair<std::string, Shape>> all{
      {"0.weight", {5, 7}}, {"0.bias", {7}}, {"1.scale", {}}, {"2.weight", {2, 1, 3, 3}}, {"late.weight", {3}}};
  return all;
}

at::Tensor filled(const Shape& shape, at::ScalarType type, const std::function<double(double)>& value) {
  int64_t count = 1;
  for (const int64_t side : shape) count *= side;
  std::vector<double> values;
  for (int64_t i = 0; i < count; ++i) values.push_back(value(static_cast<double>(i)));
  return tensor::from_doubles(values, shape).to(type);
}

/// As optimisers.py has them.
std::vector<NamedTensor> start(at::ScalarType type) {
  std::vector<NamedTensor> all;
  for (const auto& [name, shape] : shapes()) {
    const auto k = static_cast<double>(all.size());
    all.push_back({name, filled(shape, type, [k](double i) { return std::sin(0.7 * i + k); })});
    all.back().tensor.requires_grad_(true);
  }
  return all;
}

void set_gradients(std::vector<NamedTensor>& parameters, int step) {
  for (size_t k = 0; k < parameters.size(); ++k) {
    auto& [name, tensor] = parameters[k];
    const auto value = [&](double i) {
      return (1 + 0.1 * step) * std::sin(1.3 * i + 2 * static_cast<double>(k) + 0.9 * step);
    };
    const bool late = name == "late.weight" && step < 3;
    tensor.mutable_grad() = late ? at::Tensor() : filled(shapes()[k].second, tensor.scalar_type(), value);
  }
}

/// The first of each, at most so many.
std::vector<double> numbers(const std::vector<NamedTensor>& parameters, bool gradients = false, size_t most = 1000) {
  std::vector<double> all;
  for (const auto& parameter : parameters) {
    const auto some = tensor::to_doubles(gradients ? parameter.tensor.grad() : parameter.tensor.detach(), "numbers");
    all.insert(all.end(), some.begin(), some.begin() + static_cast<long>(std::min(some.size(), most)));
  }
  return all;
}

constexpr size_t kKept = 5;  // numbers of each tensor in the golden

double furthest(const std::vector<double>& a, const Value& b) {
  double most = 0;
  REQUIRE(b.list());
  REQUIRE(a.size() == b.list()->size());
  for (size_t i = 0; i < a.size(); ++i) {
    const double wanted = *(*b.list())[i].number();
    most = testing::worse(most, std::abs(a[i] - wanted) / std::max(1.0, std::abs(wanted)));
  }
  return most;
}

double furthest_kept(const std::vector<NamedTensor>& parameters, const Value& golden, bool gradients = false) {
  return furthest(numbers(parameters, gradients, kKept), golden);
}

const Value& golden() {
  static const Value value =
      from_json(read_file(std::string(LUMIR_ROOT) + "/tests/golden/nn/optim.json"), "optim.json");
  return value;
}

/// Steps `from` to `to` - 1 of optimisers.py.
void run(const OptimizerPtr& optimizer, std::vector<NamedTensor>& parameters, int from, int to) {
  for (int step = from; step < to; ++step) {
    set_gradients(parameters, step);
    optimizer->step();
  }
}

std::vector<double> rates(const Optimizer& optimizer) {
  std::vector<double> all;
  for (size_t group = 0; group < optimizer.groups(); ++group) all.push_back(optimizer.lr(group));
  return all;
}

/// Two groups with rates 0.02 and 0.1.
OptimizerPtr two_groups() {
  const Map first{{"match", "a"}, {"lr", 0.02}};
  const auto one = [] { return at::ones({1}).requires_grad_(true); };
  return make_optimizer("SGD", {{"lr", 0.1}, {"momentum", 0.5}, {"groups", List{first}}})
      ->bind({{"a", one()}, {"b", one()}});
}

std::string problem(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

bool same(const State& a, const State& b) {
  if (a.size() != b.size()) return false;
  for (const auto& [name, array] : a) {
    const auto other = b.find(name);
    if (other == b.end() || array.doubles() != other->second.doubles()) return false;
  }
  return true;
}

/// The loss whose gradient by w is w itself.
at::Tensor half_square(const at::Tensor& w) { return w.mul(w).sum().div(2); }

}  // namespace

TEST_CASE("ten steps of every optimiser give PyTorch's parameters") {
  testing::GoldenTable table;
  for (const auto& one : *golden()["optimizers"].list()) {
    const std::string name = *one["name"].text();
    INFO(name << " " << show(one["options"]));
    const OptimizerPtr plain = make_optimizer(name, *one["options"].map());
    auto doubles = start(at::kDouble);
    const OptimizerPtr precise = plain->bind(doubles);
    const List& after = *one["float64"].list();
    int done = 0;
    double worst = 0;
    for (const auto& [steps, wanted] : {std::pair{1, &after[0]}, {4, &after[1]}, {10, &after[2]}}) {
      run(precise, doubles, done, steps);
      done = steps;
      worst = testing::worse(worst, furthest_kept(doubles, *wanted));
    }
    CHECK(worst < 1e-13);
    table.add("optim." + name, worst);
    auto floats = start(at::kFloat);
    run(plain->bind(floats), floats, 0, 10);
    CHECK(furthest_kept(floats, (*one["float32"].list())[0]) < 5e-7);
  }
  table.print("optimiser");
  for (const Entry* entry : entries("optim")) {
    INFO(entry->full_name() << " has no row in tests/golden/nn/optimisers.py");
    if (is_optimizer(*entry)) CHECK(table.has(*entry));
  }
}

TEST_CASE("every schedule gives PyTorch's rates and momenta") {
  testing::GoldenTable table;
  for (const auto& one : *golden()["schedules"].list()) {
    INFO(*one["name"].text() << " " << show(one["options"]));
    const OptimizerPtr optimizer = two_groups();
    const SchedulePtr schedule = make_schedule(*one["name"].text(), *one["options"].map())->bind(optimizer);
    const List& wanted = *one["rates"].list();
    const List* metrics = one["metrics"].list();
    double worst = 0;
    for (size_t step = 0; step < wanted.size(); ++step) {
      INFO("step " << step);
      const double off = furthest(rates(*optimizer), wanted[step]);
      CHECK(off < 1e-14);
      worst = testing::worse(worst, off);
      CHECK(*optimizer->momentum(0) == Approx(*(*one["momenta"].list())[step].number()).epsilon(1e-14));
      if (step + 1 == wanted.size()) break;
      schedule->step(schedule->wants_metric() ? std::optional(*metrics->at(step).number()) : std::nullopt);
    }
    table.add("optim." + *one["name"].text(), worst);
  }
  table.print("schedule");
  for (const Entry* entry : entries("optim")) {
    INFO(entry->full_name() << " has no row in tests/golden/nn/optimisers.py");
    if (is_schedule(*entry) && entry->name != "LambdaLR") CHECK(table.has(*entry));  // that one stands in the chains
  }
}

TEST_CASE("schedules of one optimiser multiply, and go on from a rate that was set, as PyTorch's do") {
  const StepFunction fall = [](double t) { return std::pow(0.9, t); };
  for (const auto& one : *golden()["chains"].list()) {
    INFO(show(one["parts"]) << (*one["sets"].boolean() ? ", set" : ""));
    const OptimizerPtr optimizer = two_groups();
    std::vector<SchedulePtr> chain;
    for (const auto& part : *one["parts"].list()) {
      Map options = *part["options"].map();
      if (*part["name"].text() == "LambdaLR") options["lr_lambda"] = Value(std::make_shared<const std::any>(fall));
      chain.push_back(make_schedule(*part["name"].text(), options)->bind(optimizer));
    }
    const List& wanted = *one["rates"].list();
    for (size_t step = 0; step < wanted.size(); ++step) {
      INFO("step " << step);
      CHECK(furthest(rates(*optimizer), wanted[step]) < 1e-14);
      for (const auto& schedule : chain) schedule->step();
      if (*one["sets"].boolean() && step == 3) optimizer->set_lr(0.07);
    }
  }
}

TEST_CASE("what an accumulation leaves at the end of a pass is a step, as in PyTorch's loops") {
  for (const auto& one : *golden()["accumulation"].list()) {
    auto parameters = start(at::kDouble);
    const OptimizerPtr sgd = make_optimizer("SGD", {{"lr", 0.05}, {"momentum", 0.9}})->bind(parameters);
    MinimizeOptions options;
    options.accumulate = static_cast<int>(*one["accumulate"].number());
    options.clip_norm = 2;
    for (const auto& after : *one["after"].list()) {
      for (int batch = 0; batch < *one["batches"].number(); ++batch) {
        at::Tensor loss = at::zeros({}, at::kDouble);
        for (const auto& parameter : parameters) loss = loss.add(parameter.tensor.mul(parameter.tensor).sum());
        sgd->minimize(loss.mul(1 + 0.1 * batch), options);
      }
      sgd->finish();
      CHECK_FALSE(sgd->finish());
      CHECK(furthest_kept(parameters, after) < 1e-13);
    }
  }
}

TEST_CASE("a warm-up that is longer than T_max only rises, and says so once") {
  struct Listener : Observer {
    std::vector<std::string> lines;
    void begin(const std::string&, size_t, const std::string&) override {}
    void advance(size_t) override {}
    void end(const std::string&) override {}
    void warn(const std::string& line) override { lines.push_back(line); }
  } listener;
  const ObserverScope scope(listener);
  Told told;
  const ToldScope session(told);
  const SchedulePtr plain = make_schedule("CosineAnnealingLR", {{"T_max", 2}, {"warmup", 3}});
  for (int time = 0; time < 2; ++time) {
    const OptimizerPtr optimizer = two_groups();
    const SchedulePtr schedule = plain->bind(optimizer);
    for (const double share : {0.25, 0.5, 0.75, 1.0, 0.0}) {
      CHECK(optimizer->lr(1) == Approx(0.1 * share).margin(1e-15));
      schedule->step();
    }
  }
  CHECK(listener.lines ==
        std::vector<std::string>{"CosineAnnealingLR: 'warmup' = 3 takes all of T_max = 2: the rate only rises"});
}

TEST_CASE("gradients are clipped as PyTorch clips them") {
  for (const auto& one : *golden()["clipping"].list()) {
    auto parameters = start(at::kDouble);
    set_gradients(parameters, 3);
    for (size_t k = 0; k < parameters.size(); ++k) {  // of step 0, late.weight too
      parameters[k].tensor.mutable_grad() = filled(
          shapes()[k].second, at::kDouble, [k](double i) { return std::sin(1.3 * i + 2 * static_cast<double>(k)); });
    }
    std::vector<at::Tensor> tensors;
    for (const auto& parameter : parameters) tensors.push_back(parameter.tensor);
    const double type = *one["norm_type"].number();
    CHECK(grad_norm(tensors, type) == Approx(*one["norm"].number()).epsilon(1e-13));
    CHECK(clip_grad_norm(tensors, 0.7, type) == Approx(*one["norm"].number()).epsilon(1e-13));
    CHECK(furthest_kept(parameters, one["by_norm"], true) < 1e-14);
    CHECK(grad_norm(tensors, type) == Approx(0.7).epsilon(1e-5));
    clip_grad_value(tensors, 0.05);
    CHECK(furthest_kept(parameters, one["by_value"], true) < 1e-14);
  }
}

TEST_CASE("averages of weights are PyTorch's, come back from a state and give the weights back") {
  for (const auto& one : *golden()["averages"].list()) {
    INFO("decay " << show(one["decay"]));
    auto parameters = start(at::kDouble);
    AverageOptions options;
    if (one["decay"].number()) options.decay = *one["decay"].number();
    AveragedModel whole(parameters, options), again(parameters, options);
    CHECK(problem([&] { whole.swap(); }) == "swap: nothing was averaged yet");
    const OptimizerPtr sgd = make_optimizer("SGD", {{"lr", 0.1}})->bind(parameters);
    int step = 0;
    for (const auto& wanted : *one["after"].list()) {
      for (size_t k = 0; k < parameters.size(); ++k) {  // late.weight too
        parameters[k].tensor.mutable_grad() = filled(shapes()[k].second, at::kDouble, [&](double i) {
          return (1 + 0.1 * step) * std::sin(1.3 * i + 2 * static_cast<double>(k) + 0.9 * step);
        });
      }
      ++step;
      sgd->step();
      again.load_state(whole.state(), "file");
      whole.update();
      again.update();
      CHECK(same(whole.state(), again.state()));
      const auto before = numbers(parameters);
      whole.swap();
      CHECK(furthest_kept(parameters, wanted) < 1e-14);
      CHECK(problem([&] { whole.update(); }) == "update: the averages stand in the network; swap them back first");
      whole.swap();
      CHECK(numbers(parameters) == before);
    }
    State state = whole.state();
    state["average.0.bias"] = {1, 2};
    CHECK(problem([&] { whole.load_state(state, "f.safetensors"); }) ==
          "f.safetensors: 'average.0.bias' is [2], AveragedModel takes [7]");
    CHECK(same(whole.state(), again.state()));
  }
}

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

TEST_CASE("groups are picked by name: the first pattern that matches has a parameter, the rest come last") {
  const Map no_decay{{"match", List{"*.bias", "1.*"}}, {"weight_decay", 0}}, late{{"match", "*.weight"}, {"lr", 0.5}};
  const OptimizerPtr adamw =
      make_optimizer("AdamW", {{"lr", 0.1}, {"groups", List{no_decay, late}}})->bind(start(at::kFloat));
  REQUIRE(adamw->groups() == 2);  // nothing is left over
  CHECK(adamw->parameters(0).size() == 2);
  CHECK(adamw->parameters(1).size() == 3);
  CHECK(rates(*adamw) == std::vector<double>{0.1, 0.5});
  CHECK(*adamw->group_options(0)["weight_decay"].number() == 0);
  CHECK(*adamw->group_options(1)["weight_decay"].number() == 0.01);
  const auto made = [](const Map& group) {
    return problem([&] { make_optimizer("SGD", {{"groups", List{group}}})->bind(start(at::kFloat)); });
  };
  CHECK(made({{"match", "*.bais"}}) ==
        "SGD: group 1: no parameter is left that '*.bais' matches (the first is '0.weight')");
  CHECK(made({{"match", "*"}, {"momentun", 1}})
            .starts_with("SGD: group 1: unknown option 'momentun' (did you mean 'momentum'?)"));
  CHECK(made({{"lr", 1}}) == "SGD: group 1: 'match' must be a pattern of names or a list of them, got nil");
}

TEST_CASE("a tensor that stands twice is changed once") {
  const at::Tensor w = at::ones({2}).requires_grad_(true);
  const OptimizerPtr sgd = make_optimizer("SGD", {{"lr", 0.1}})->bind({{"a", w}, {"b", w}});
  w.mutable_grad() = at::ones({2});
  sgd->step();
  CHECK(tensor::to_doubles(w.detach(), "w")[0] == Approx(0.9));
}

TEST_CASE("parameters with gaps and gradients of another layout are changed where they stand") {
  for (const char* name : {"SGD", "Adam", "AdamW"}) {
    const at::Tensor store = filled({3, 4}, at::kDouble, [](double i) { return i; });
    const at::Tensor view = store.select(1, 2).requires_grad_(true);
    const at::Tensor matrix = filled({3, 4}, at::kDouble, [](double i) { return i; }).requires_grad_(true);
    const OptimizerPtr optimizer = make_optimizer(name, {{"lr", 0.1}})->bind({{"view", view}, {"matrix", matrix}});
    view.mutable_grad() = filled({3}, at::kDouble, [](double i) { return i + 1; });
    matrix.mutable_grad() = filled({4, 3}, at::kDouble, [](double i) { return std::sin(i); }).t();
    const at::Tensor plain = matrix.detach().clone().requires_grad_(true);
    const OptimizerPtr other = make_optimizer(name, {{"lr", 0.1}})->bind({{"plain", plain}});
    plain.mutable_grad() = matrix.grad().contiguous();
    optimizer->step();
    other->step();
    CHECK(matrix.detach().equal(plain.detach()));
    CHECK(store.detach().select(1, 2).equal(view.detach()));
    CHECK(store.detach().select(1, 1).equal(filled({3}, at::kDouble, [](double i) { return 4 * i + 1; })));
    CHECK_FALSE(view.detach().equal(filled({3}, at::kDouble, [](double i) { return 4 * i + 2; })));
  }
}

TEST_CASE("minimize answers the loss, leaves the gradient, and knows its norm before it was clipped") {
  const at::Tensor w = filled({2}, at::kDouble, [](double i) { return 3 + i; }).requires_grad_(true);
  const OptimizerPtr sgd = make_optimizer("SGD", {{"lr", 0.5}})->bind({{"w", w}});
  MinimizeOptions options;
  options.clip_norm = 1;
  CHECK(sgd->minimize(half_square(w), options) == 12.5);
  CHECK(sgd->grad_norm() == Approx(5));
  CHECK(tensor::to_doubles(w.grad(), "w")[0] == Approx(0.6));
  CHECK(tensor::to_doubles(w.detach(), "w")[0] == Approx(2.7));
  options.clip_norm.reset();
  options.clip_value = 0.25;
  sgd->minimize(half_square(w), options);
  CHECK(tensor::to_doubles(w.grad(), "w") == std::vector<double>{0.25, 0.25});
}

TEST_CASE("accumulation steps once in so many calls, by the mean of their gradients, and survives a state") {
  const auto weights = [] { return filled({1}, at::kDouble, [](double) { return 2; }).requires_grad_(true); };
  const at::Tensor w = weights(), resumed = weights();
  const OptimizerPtr sgd = make_optimizer("SGD", {{"lr", 0.1}})->bind({{"w", w}});
  const OptimizerPtr again = make_optimizer("SGD", {{"lr", 0.1}})->bind({{"w", resumed}});
  MinimizeOptions options;
  options.accumulate = 3;
  CHECK(sgd->minimize(w.sum().mul(1), options) == 2);
  CHECK(sgd->minimize(w.sum().mul(2), options) == 4);
  CHECK(w.detach().item<double>() == 2);
  again->load_state(sgd->state(), "file");
  for (const auto& [optimizer, tensor] : {std::pair{sgd, w}, {again, resumed}}) {
    CHECK(optimizer->minimize(tensor.sum().mul(6), options) == 12);
    CHECK(tensor.detach().item<double>() == Approx(2 - 0.1 * 3));
    optimizer->minimize(tensor.sum(), options);  // begins anew, without the old gradient
    CHECK(tensor.grad().item<double>() == Approx(1.0 / 3));
  }
}

TEST_CASE("a loss or a gradient that is not finite is named, and no parameter has changed") {
  const at::Tensor w = filled({2}, at::kDouble, [](double i) { return i; }).requires_grad_(true);
  const at::Tensor v = filled({1}, at::kDouble, [](double) { return 1; }).requires_grad_(true);
  const OptimizerPtr adam = make_optimizer("Adam", {})->bind({{"v", v}, {"body.weight", w}});
  const std::vector<double> before = tensor::to_doubles(w.detach(), "w");
  CHECK(problem([&] { adam->minimize(w.log().sum().mul(-1), {}); }) == "minimize: the loss is inf");
  CHECK(problem([&] { adam->minimize(w.mul(std::numeric_limits<double>::quiet_NaN()).sum(), {}); }) ==
        "minimize: the loss is nan");
  CHECK(problem([&] { adam->minimize(w.sqrt().sum().add(v.sum()), {}); }) ==
        "minimize: the gradient of 'body.weight' is not finite");
  CHECK(tensor::to_doubles(w.detach(), "w") == before);
  CHECK(problem([&] { adam->minimize(w, {}); }) ==
        "minimize: a loss is one number, got [2] (:mean() makes one of many)");
  CHECK(problem([&] { adam->minimize(w.detach().sum(), {}); }) ==
        "minimize: nothing that the loss was computed from requires a gradient");
}

TEST_CASE("the step behind the last batch of a cycle changes nothing, and the next one is refused") {
  const OptimizerPtr optimizer = two_groups();
  const auto cycle =
      make_schedule("OneCycleLR", {{"max_lr", 1}, {"total_steps", 5}, {"anneal_strategy", "linear"}})->bind(optimizer);
  for (int step = 0; step < 4; ++step) cycle->step();
  const double last = optimizer->lr(), momentum = *optimizer->momentum(0);
  CHECK(last == Approx(1 / 25.0 / 1e4));
  cycle->step();
  CHECK(optimizer->lr() == last);
  CHECK(*optimizer->momentum(0) == momentum);
  CHECK(problem([&] { cycle->step(); }).find("step 6 is asked for") != std::string::npos);
}

TEST_CASE("what is not a number counts as no better on a plateau") {
  const OptimizerPtr optimizer = two_groups();
  const auto plateau = make_schedule("ReduceLROnPlateau", {{"patience", 1}, {"factor", 0.5}})->bind(optimizer);
  const double before = optimizer->lr();
  plateau->step(1);
  plateau->step(std::nan(""));
  CHECK(optimizer->lr() == before);
  plateau->step(std::nan(""));
  CHECK(optimizer->lr() == before / 2);
}

TEST_CASE("an option of a group that does not go with the others is refused when it is set, and nothing is changed") {
  const OptimizerPtr sgd = make_optimizer("SGD", {{"momentum", 0.9}})->bind({{"w", at::ones({2}).requires_grad_()}});
  sgd->set_group_options(0, {{"nesterov", true}});
  CHECK(problem([&] {
          sgd->set_group_options(0, {{"momentum", 0}});
        }) == "SGD: 'nesterov' needs momentum above 0 and no dampening");
  CHECK(*sgd->group_options(0).at("momentum").number() == 0.9);
  const OptimizerPtr adam = make_optimizer("Adam", {})->bind({{"w", at::ones({2}).requires_grad_()}});
  CHECK(problem([&] {
          adam->set_group_options(0, {{"betas", List{0.9}}});
        }) == "Adam: 'betas' must be 2 numbers, got 1");
  CHECK(adam->group_options(0).at("betas").list()->size() == 2);
  CHECK(problem([&] {
          adam->set_group_options(0, {{"groups", List{}}});
        }) == "Adam: 'groups' are made with the optimizer; a group has none of its own");
  const Map bad{{"match", "w"}, {"betas", List{0.5}}}, nested{{"match", "w"}, {"groups", List{}}};
  const auto bind = [](const Map& group) {
    make_optimizer("Adam", {{"groups", List{group}}})->bind({{"w", at::ones({2}).requires_grad_()}});
  };
  CHECK(problem([&] { bind(bad); }) == "Adam: group 1: 'betas' must be 2 numbers, got 1");
  CHECK(problem([&] { bind(nested); }) == "Adam: group 1: a group has no 'groups' of its own");
}

TEST_CASE("zero_grad begins a new accumulation") {
  const at::Tensor w = at::ones({1}).requires_grad_(true);
  const OptimizerPtr sgd = make_optimizer("SGD", {{"lr", 1}})->bind({{"w", w}});
  optim::MinimizeOptions two;
  two.accumulate = 2;
  sgd->minimize(w.sum(), two);
  sgd->zero_grad();
  sgd->minimize(w.sum(), two);
  CHECK(w.item<double>() == 1);
  sgd->minimize(w.sum(), two);
  CHECK(w.item<double>() == 0);
}

TEST_CASE("what cannot be is refused by name") {
  CHECK(problem([] { make_optimizer("AdmW", {}); }) == "there is no optimizer 'AdmW' (did you mean 'AdamW'?)");
  CHECK(problem([] { make_schedule("CosineLR", {}); }).starts_with("there is no schedule 'CosineLR'"));
  CHECK(problem([] { make_optimizer("SGD", {})->bind({}); }) == "SGD: there is no parameter to change");
  CHECK(problem([] { make_optimizer("SGD", {})->step(); }) ==
        "step: SGD has no parameters yet: optim.SGD(net, options), or bind");
  CHECK(problem([] {
          make_optimizer("SGD", {{"nesterov", true}});
        }) == "SGD: 'nesterov' needs momentum above 0 and no dampening");
  CHECK(problem([] { make_optimizer("Adam", {{"betas", List{0.9}}}); }) == "Adam: 'betas' must be 2 numbers, got 1");
  CHECK(problem([] { make_optimizer("Adam", {{"betas", List{0.9, 1}}}); }).find("out of range") != std::string::npos);
  CHECK(problem([] {
          const at::Tensor w = at::ones({2}).requires_grad_(true);
          make_optimizer("SGD", {})->bind({{"w", w.mul(2)}});
        }) == "SGD: parameter 'w' is computed from others: only what is at the beginning can be changed");
  CHECK(problem([] {
          make_schedule("StepLR", {{"step_size", 1}})->step();
        }) == "step: StepLR has no optimizer yet: optim.StepLR(optimizer, options), or bind");
  const auto cycle = make_schedule("OneCycleLR", {{"max_lr", 1}, {"total_steps", 2}})->bind(two_groups());
  cycle->step();
  cycle->step();
  CHECK(problem([&] { cycle->step(); }) == "step: OneCycleLR has 2 steps; step 3 is asked for");
  CHECK(cycle->steps() == 2);
  const auto plateau = make_schedule("ReduceLROnPlateau", {})->bind(two_groups());
  CHECK(problem([&] { plateau->step(); }) == "step: ReduceLROnPlateau goes by a number: step(valid.loss)");
  CHECK(problem([] {
          make_schedule("LambdaLR", {{"lr_lambda", 3}});
        }) == "LambdaLR: 'lr_lambda' must be a function, got 3");
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
