// Every layer and loss against PyTorch: golden/nn/layers.json, whose make_layers.py says how weights, inputs and
// gradients come of a case's seed. What each module must do besides is asked of all that are registered, on the same
// cases.

#include <catch2/catch.hpp>

#include <set>

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/zeros.h>

#include "core/file.h"
#include "nn/module.h"
#include "tensor/convert.h"
#include "tree.h"

using namespace lumir;
using nn::Flow;
using nn::ModulePtr;

namespace {

constexpr size_t kKept = 24;  // numbers of a tensor that a case keeps, evenly spaced

const List& cases() {
  static const Value golden =
      from_json(read_file(std::string(LUMIR_ROOT) + "/tests/golden/nn/layers.json"), "layers.json");
  return *golden.at("cases").list();
}

void seed(const Value& golden, int step) {
  at::manual_seed(static_cast<uint64_t>(*golden["seed"].number()) + static_cast<uint64_t>(step));
}

std::vector<int64_t> shape_of(const Value& described) {
  std::vector<int64_t> shape;
  for (const auto& size : *described["shape"].list()) shape.push_back(static_cast<int64_t>(*size.number()));
  return shape;
}

std::vector<double> numbers_of(const Value& described) {
  std::vector<double> numbers;
  for (const auto& number : *described["values"].list()) numbers.push_back(number.number() ? *number.number() : NAN);
  return numbers;
}

/// An input that is written out, or one that is drawn.
at::Tensor input_of(const Value& described) {
  const auto shape = shape_of(described);
  if (described["values"].is_nil()) return at::randn(shape).requires_grad_(true);
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
  REQUIRE(tensor.defined());
  CHECK(std::vector<int64_t>(tensor.sizes().begin(), tensor.sizes().end()) == shape_of(wanted));
  const auto all = tensor::to_doubles(tensor.detach(), "test");
  const auto kept = numbers_of(wanted);
  REQUIRE(kept.size() == std::min(all.size(), kKept));
  for (size_t i = 0; i < kept.size(); ++i) {
    const size_t place = all.size() > kKept ? i * all.size() / kKept : i;
    INFO("number " << place);
    if (std::isnan(kept[i])) {
      CHECK_FALSE(std::isfinite(all[place]));
    } else {
      CHECK(all[place] == Approx(kept[i]).epsilon(tolerance).margin(tolerance));
    }
  }
}

void for_every_case(const std::function<void(const Value&)>& body) {
  REQUIRE(cases().size() > 60);
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

TEST_CASE("every layer gives what PyTorch's gives, and so do its gradients and buffers") {
  for_every_case([](const Value& golden) {
    const ModulePtr module = built(golden);
    const Flow inputs = inputs_of(golden);
    const Flow output = run(golden, module, inputs);
    const List& wanted = *golden["outputs"].list();
    REQUIRE(output.tensors.size() == wanted.size());
    for (size_t i = 0; i < wanted.size(); ++i) check(output.tensors[i], wanted[i], "output " + std::to_string(i));

    differentiate(golden, output);
    std::map<std::string, at::Tensor> tensors;
    for (const auto& slot : nn::slots_of(*module)) tensors[slot.name] = *slot.tensor;
    for (size_t i = 0; i < inputs.tensors.size(); ++i) tensors["input " + std::to_string(i)] = inputs.tensors[i];
    for (const auto& [name, gradient] : *golden["gradients"].map()) {
      at::Tensor found = tensors.at(name).grad();
      if (!found.defined()) found = at::zeros(tensors.at(name).sizes());
      check(found, gradient, "gradient of " + name);
    }
    for (const auto& [name, buffer] : *golden["buffers"].map()) check(tensors.at(name), buffer, name);
  });
}

TEST_CASE("every module is shown by a case with PyTorch") {
  std::set<std::string> shown;
  for (const auto& golden : cases()) shown.insert(*golden["module"]["name"].text());
  // they hold modules and compute nothing of their own
  const std::set<std::string> without{"nn.ModuleList", "nn.Checkpoint"};
  for (const Entry* entry : entries("nn")) {
    INFO(entry->full_name() << " has no case in tests/golden/nn/make_layers.py");
    if (nn::is_module(*entry) && !without.contains(entry->full_name())) CHECK(shown.contains(entry->full_name()));
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
    if (golden["module"]["name"].text()->find("Dropout") != std::string::npos) return;  // draws by type
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
