// Every layer and loss against PyTorch: golden/nn/layers.json and losses.json, whose golden.py says how weights, inputs
// and gradients come of a case's seed. What each module must do besides is asked of all that are registered, on the same
// cases.

#include <cmath>
#include <set>

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/zeros.h>

// LibTorch has a CHECK of its own, so Catch stands behind it
#include <catch2/catch.hpp>

#include "core/file.h"
#include "engine/golden_table.h"
#include "engine/golden_tensor.h"
#include "nn/module.h"
#include "tensor/convert.h"
#include "tree.h"

using namespace lumir;
using nn::Flow;
using nn::ModulePtr;
using testing::difference;
using testing::numbers_of;
using testing::shape_of;

namespace {

const List& cases() {
  static const List all = [] {
    List found;
    for (const std::string file : {"layers.json", "losses.json"}) {
      const Value golden = from_json(read_file(std::string(LUMIR_ROOT) + "/tests/golden/nn/" + file), file);
      const List& some = *golden.at("cases").list();
      found.insert(found.end(), some.begin(), some.end());
    }
    return found;
  }();
  return all;
}

void seed(const Value& golden, int step) {
  at::manual_seed(static_cast<uint64_t>(*golden["seed"].number()) + static_cast<uint64_t>(step));
}

/// An input that is written out, or one that is drawn.
at::Tensor input_of(const Value& described) {
  const auto shape = shape_of(described);
  if (described["values"].is_nil()) {
    const bool positive = *described["type"].text() == "positive";
    return (positive ? at::rand(shape) : at::randn(shape)).requires_grad_(true);
  }
  const auto type = tensor::dtype_of(*described["type"].text(), "layers.json");
  return tensor::from_doubles(numbers_of(described), shape).to(type);
}

Flow inputs_of(const Value& golden) {
  seed(golden, 1000);
  Flow flow;
  for (const auto& input : *golden["inputs"].list()) flow.tensors.push_back(input_of(input));
  for (const auto& [name, input] : *golden["named"].map()) flow.named[name] = input_of(input);
  return flow;
}

ModulePtr built(const Value& golden) {
  seed(golden, 0);
  ModulePtr module = nn::make_module(golden["module"]);
  module->train(*golden["training"].boolean());
  return module;
}

Flow run(const Value& golden, const ModulePtr& module, const Flow& inputs) {
  seed(golden, 2000);
  return (*module)(inputs);
}

/// The weighted sum of all that came out, differentiated.
void differentiate(const Value& golden, const Flow& output) {
  seed(golden, 3000);
  at::Tensor total;
  for (const auto& tensor : output.tensors) {
    if (!tensor.requires_grad()) continue;
    const at::Tensor part = (tensor * at::randn(tensor.sizes())).sum();
    total = total.defined() ? total + part : part;
  }
  if (total.defined()) total.backward();
}

void check(const at::Tensor& tensor, const Value& wanted, const std::string& what, double tolerance = 2e-5) {
  INFO(what);
  CHECK(difference(tensor, wanted) < tolerance);
}

void for_every_case(const std::function<void(const Value&)>& body) {
  REQUIRE(cases().size() > 300);
  for (const auto& golden : cases()) {
    INFO(*golden["title"].text());
    body(golden);
  }
}

bool same(const at::Tensor& a, const at::Tensor& b) { return a.sizes() == b.sizes() && a.equal(b); }

}  // namespace

TEST_CASE("every layer has PyTorch's weights after manual_seed, under PyTorch's names") {
  for_every_case([](const Value& golden) {
    const ModulePtr module = built(golden);
    if (*golden["lazy"].boolean()) run(golden, module, inputs_of(golden));
    std::set<std::string> names;
    for (const auto& slot : nn::slots_of(*module)) {
      if (!slot.persistent || !slot.tensor->defined()) continue;
      names.insert(slot.name);
      const Value& wanted = golden["state"][slot.name];
      REQUIRE_FALSE(wanted.is_nil());
      check(*slot.tensor, wanted, slot.name, 1e-8);
    }
    CHECK(names.size() == golden["state"].map()->size());
  });
}

namespace {

/// How far outputs, gradients and buffers of a case are from PyTorch's at their worst.
double worst_of(const Value& golden) {
  const ModulePtr module = built(golden);
  const Flow inputs = inputs_of(golden);
  const Flow output = run(golden, module, inputs);
  const List& wanted = *golden["outputs"].list();
  REQUIRE(output.tensors.size() == wanted.size());
  double worst = 0;
  for (size_t i = 0; i < wanted.size(); ++i) worst = testing::worse(worst, difference(output.tensors[i], wanted[i]));

  differentiate(golden, output);
  std::map<std::string, at::Tensor> tensors;
  for (const auto& slot : nn::slots_of(*module)) tensors[slot.name] = *slot.tensor;
  for (size_t i = 0; i < inputs.tensors.size(); ++i) tensors["input " + std::to_string(i)] = inputs.tensors[i];
  for (const auto& [name, gradient] : *golden["gradients"].map()) {
    INFO("gradient of " << name);
    at::Tensor found = tensors.at(name).grad();
    if (!found.defined()) found = at::zeros(tensors.at(name).sizes());
    worst = testing::worse(worst, difference(found, gradient));
  }
  for (const auto& [name, buffer] : *golden["buffers"].map()) {
    INFO(name);
    worst = testing::worse(worst, difference(tensors.at(name), buffer));
  }
  return worst;
}

}  // namespace

TEST_CASE("a tensor that has NaN where a golden has a number is off, wherever it stands") {
  CHECK(testing::worse(1, 2) == 2);
  CHECK(testing::worse(2, 1) == 2);
  CHECK(std::isnan(testing::worse(NAN, 2)));
  CHECK(std::isnan(testing::worse(2, NAN)));
  const Value golden = Map{{"shape", List{3}}, {"values", List{1, 2, 3}}};
  for (const auto& numbers : {std::vector<double>{NAN, 2, 3}, {1, NAN, 3}, {1, 2, NAN}}) {
    CHECK_FALSE(difference(tensor::from_doubles(numbers, {3}), golden) < 1);
  }
  std::vector<double> many(12);
  many[11] = NAN;  // of more than 8 numbers it is not among those that are kept
  const Value sums = Map{{"shape", List{12}}, {"values", List{0, 0, 0, 0, 0, 0}}, {"norm", 0}, {"dot", 0}};
  CHECK_FALSE(difference(tensor::from_doubles(many, {12}), sums) < 1);
}

TEST_CASE("every registered module gives what PyTorch's gives, and so do its gradients and buffers") {
  testing::GoldenTable table;
  for_every_case([&](const Value& golden) {
    const double worst = worst_of(golden);
    CHECK(worst < 5e-5);
    table.add(*golden["module"]["name"].text(), worst);
  });
  table.print("layer or loss");
  // they hold modules, or a function of Lua, and compute nothing of their own
  const std::set<std::string> without{"nn.ModuleList", "nn.Lambda", "nn.Checkpoint"};
  for (const Entry* entry : entries("nn")) {
    INFO(entry->full_name() << " has no row in tests/golden/nn/layers.py or losses.py");
    if (nn::is_module(*entry) && !without.contains(entry->full_name())) CHECK(table.has(*entry));
  }
}

TEST_CASE("every module is built again from its description, and with its state gives the same") {
  for_every_case([](const Value& golden) {
    const ModulePtr first = built(golden);
    const Flow inputs = inputs_of(golden);
    run(golden, first, inputs);  // running statistics move
    const ModulePtr second = nn::make_module(from_json(to_json(first->description()), "description"));
    CHECK(second->description() == first->description());
    second->load_state(first->state(), "test");
    second->train(first->training());
    const Flow a = run(golden, first, inputs), b = run(golden, second, inputs);
    REQUIRE(a.tensors.size() == b.tensors.size());
    for (size_t i = 0; i < a.tensors.size(); ++i) CHECK(same(a.tensors[i], b.tensors[i]));
  });
}

TEST_CASE("every module computes in float64 as well") {
  for_every_case([](const Value& golden) {
    if (*golden["module"]["name"].text() == "nn.DropPath" ||
        golden["module"]["name"].text()->find("Dropout") != std::string::npos) {
      return;  // draws by type
    }
    const ModulePtr module = built(golden);
    Flow inputs = inputs_of(golden);
    if (*golden["lazy"].boolean()) run(golden, module, inputs);
    module->to(std::nullopt, at::kDouble);
    for (auto& tensor : inputs.tensors) {
      if (tensor.is_floating_point()) tensor = tensor.detach().to(at::kDouble);
    }
    const bool draws = golden["title"].text()->find("dropout") != std::string::npos;
    const Flow output = run(golden, module, inputs);
    const List& wanted = *golden["outputs"].list();
    for (size_t i = 0; i < wanted.size(); ++i) {
      if (output.tensors[i].is_floating_point()) CHECK(output.tensors[i].scalar_type() == at::kDouble);
      if (!draws) check(output.tensors[i], wanted[i], "output " + std::to_string(i), 1e-4);
    }
  });
}

TEST_CASE("a lazy layer is the plain one as soon as it knows its sizes, by an input or by a file") {
  const ModulePtr module = nn::make_module("LazyLinear", {{"out_features", 3}});
  CHECK(module->show() == "LazyLinear(3)");
  CHECK(nn::count_parameters(*module) == 0);
  CHECK(module->state().empty());
  (*module)(at::randn({2, 5}));
  CHECK(module->show() == "Linear(5, 3)");
  CHECK(nn::count_parameters(*module) == 18);
  CHECK(nn::make_module(module->description())->show() == "Linear(5, 3)");

  const ModulePtr conv =
      nn::make_module("Conv2d", {{"in_channels", 4}, {"out_channels", 2}, {"kernel_size", 3}, {"groups", 2}});
  const ModulePtr lazy = nn::make_module("LazyConv2d", {{"out_channels", 2}, {"kernel_size", 3}, {"groups", 2}});
  lazy->load_state(conv->state(), "test");
  CHECK(lazy->description() == conv->description());
  CHECK(same(*lazy->slots()[0].tensor, *conv->slots()[0].tensor));
}

TEST_CASE("an encoder's layers begin with the weights of the one that was given, and learn on their own") {
  at::manual_seed(3);
  const ModulePtr layer = nn::make_module("TransformerEncoderLayer", {{"d_model", 8}, {"nhead", 2}});
  const Value given = std::make_shared<const std::any>(layer);
  const at::Tensor next = at::detail::getDefaultCPUGenerator().get_state();
  const ModulePtr encoder = nn::make_module("TransformerEncoder", {{"encoder_layer", given}, {"num_layers", 2}});
  CHECK(same(at::detail::getDefaultCPUGenerator().get_state(), next));  // copies draw nothing
  const auto slots = nn::slots_of(*encoder);
  CHECK(slots[0].name == "layers.0.self_attn.in_proj_weight");
  CHECK(same(*slots[0].tensor, *nn::slots_of(*layer)[0].tensor));
  CHECK(slots[0].tensor->data_ptr() != nn::slots_of(*layer)[0].tensor->data_ptr());
  CHECK(slots.size() == 2 * nn::slots_of(*layer).size());
}

TEST_CASE("every module shows itself in words that name what is no default") {
  const auto shown = [](const std::string& name, const Map& options) { return nn::make_module(name, options)->show(); };
  CHECK(shown("Conv2d", {{"in_channels", 1}, {"out_channels", 64}, {"kernel_size", 7}, {"stride", 2}}) ==
        "Conv2d(1, 64, 7, { stride = 2 })");
  CHECK(shown("Conv1d", {{"in_channels", 4}, {"out_channels", 8}, {"kernel_size", 3}, {"padding", "same"}}) ==
        "Conv1d(4, 8, 3, { padding = 'same' })");
  CHECK(shown("Flatten", {}) == "Flatten()");
  CHECK(shown("Softmax", {{"dim", 2}}) == "Softmax(2)");
  CHECK(shown("Dropout", {{"p", 0.3}}) == "Dropout(0.3)");
}

TEST_CASE("what does not fit a layer is said in one line") {
  const auto problem = [](const std::string& name, const Map& options) -> std::string {
    try {
      nn::make_module(name, options);
    } catch (const ArgumentError& error) {
      return error.what();
    }
    return "";
  };
  const Map conv{{"in_channels", 3}, {"out_channels", 4}, {"kernel_size", 3}};
  const auto with = [&](Map more) {
    more.insert(conv.begin(), conv.end());
    return more;
  };
  CHECK(problem("Conv2d", with({{"groups", 2}})) == "Conv2d: 'in_channels' = 3 must be a multiple of 'groups' = 2");
  CHECK(problem("Conv2d", with({{"padding", "same"}, {"stride", 2}})) ==
        "Conv2d: 'padding' = 'same' goes with 'stride' = 1 only");
  CHECK(problem("Conv2d", with({{"stride", List{1, 2, 3}}})) ==
        "Conv2d: 'stride' must be one number or a list of 2, got 3");
  CHECK(problem("Conv2d", with({{"padding", "sama"}})) ==
        "Conv2d: 'padding' = 'sama' is none of 'same', 'valid' (did you mean 'same'?)");
  CHECK(problem("Softmax", {{"dim", 0}}) ==
        "Softmax: 'dim' = 0 is no position; positions count from 1, -1 is the last");
  CHECK(problem("Parallel", {}) == "Parallel: needs at least one branch");
}

TEST_CASE("true lengths follow what kernels make of a sequence") {
  const auto after = [](const std::string& name, const Map& options, const std::vector<int64_t>& shape) {
    const ModulePtr module = nn::make_module(name, options);
    const Flow output =
        (*module)(Flow{{at::randn(shape)}, {{"lengths", tensor::from_doubles(std::vector{9.0, 4.0}, {2})}}});
    const auto found = output.named.find("lengths");
    if (found == output.named.end()) return std::vector<double>{};
    return tensor::to_doubles(found->second, "test");
  };
  const Map conv{{"in_channels", 1}, {"out_channels", 1}, {"kernel_size", 3}, {"stride", 2}, {"padding", 1}};
  CHECK(after("Conv1d", conv, {2, 1, 9}) == std::vector<double>{5, 2});
  CHECK(after("Conv2d", conv, {2, 1, 8, 9}) == std::vector<double>{5, 2});
  const Map back{{"in_channels", 1}, {"out_channels", 1}, {"kernel_size", 4}, {"stride", 2}, {"padding", 1}};
  CHECK(after("ConvTranspose1d", back, {2, 1, 9}) == std::vector<double>{18, 8});
  CHECK(after("STFT", {{"n_fft", 16}, {"hop_length", 4}}, {2, 9}) == std::vector<double>{3, 2});
  CHECK(after("AttentionPool", {{"input_dim", 3}}, {2, 9, 3}).empty());
  CHECK(after("MaxPool1d", {{"kernel_size", 2}}, {2, 1, 9}) == std::vector<double>{4, 2});
  CHECK(after("MaxPool1d", {{"kernel_size", 2}, {"ceil_mode", true}}, {2, 1, 9}) == std::vector<double>{5, 2});
  CHECK(after("ReLU", {}, {2, 1, 9}) == std::vector<double>{9, 4});
  CHECK(after("AvgMaxPool2d", {}, {2, 1, 8, 9}).empty());
  CHECK(after("LSTM", {{"input_size", 3}, {"hidden_size", 2}, {"batch_first", true}}, {2, 9, 3}) ==
        std::vector<double>{9, 4});
}

TEST_CASE("behind an LSTM a Sequential goes on with the output, by length") {
  const Value net =
      Map{{"name", "nn.Sequential"},
          {"options",
           Map{{"modules", List{Map{{"name", "nn.LSTM"},
                                    {"options", Map{{"input_size", 3}, {"hidden_size", 4}, {"batch_first", true}}}},
                                Map{{"name", "nn.LastFrame"}}}}}}};
  const ModulePtr module = nn::make_module(net);
  const at::Tensor x = at::randn({2, 9, 3});
  const at::Tensor lengths = tensor::from_doubles(std::vector{9.0, 4.0}, {2});
  const at::Tensor padded = (*module)(Flow{{x}, {{"lengths", lengths}}}).tensors.at(0);
  const at::Tensor cut = (*module)(x.narrow(1, 0, 4));
  CHECK(padded[1].allclose(cut[1]));
  CHECK_FALSE(padded[0].allclose(cut[0]));
}
