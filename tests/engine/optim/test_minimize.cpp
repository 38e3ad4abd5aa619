// What optimisers promise beside their numbers: groups, losses, accumulation, what is refused.

#include "optim_cases.h"

#include "optim/lambda_lr.h"

using namespace lumir;
using namespace lumir::optim;
using namespace lumir::tests::optim_cases;

namespace {

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

}  // namespace
