// Optimisers, schedules, clipping and averages against PyTorch's numbers (tests/golden/nn/optimisers.py).

#include "optim_cases.h"

#include "core/observer.h"
#include "core/once.h"
#include "optim/averaged_model.h"
#include "optim/clip.h"
#include "optim/lambda_lr.h"

using namespace lumir;
using namespace lumir::optim;
using namespace lumir::tests::optim_cases;

namespace {

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
    const auto bound = AveragedModel(options).bind(parameters), other = AveragedModel(options).bind(parameters);
    AveragedModel &whole = *bound, &again = *other;
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

}  // namespace
