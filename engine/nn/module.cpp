// Modules: parameters and children by name, states, descriptions.

#include "nn/module.h"

#include <algorithm>
#include <utility>

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/grad_mode.h>

#include "nn/classes.h"
#include "tensor/anomaly.h"
#include "tensor/convert.h"
#include "tensor/operators.h"
#include "tensor/show.h"

namespace lumir::nn {
namespace {

using Make = ModulePtr (*)(const Entry&, const Map&);

std::map<std::string, Make>& makers() {
  static std::map<std::string, Make> map;
  return map;
}

BuildClass& build_class() {
  thread_local BuildClass build;
  return build;
}

std::string join_path(const std::string& path, const std::string& name) {
  return path.empty() ? name : path + "." + name;
}

void collect(const ModulePtr& module, const std::string& path, std::vector<NamedModule>& all) {
  all.push_back({path, module});
  for (const auto& child : module->children()) collect(child.module, join_path(path, child.name), all);
}

void collect_slots(Module& module, const std::string& path, std::vector<Slot>& all) {
  for (Slot slot : module.slots()) {
    slot.name = join_path(path, slot.name);
    all.push_back(std::move(slot));
  }
  for (const auto& child : module.children()) collect_slots(*child.module, join_path(path, child.name), all);
}

void show_into(const Module& module, const std::string& title, int depth, std::string& text) {
  const std::string indent(static_cast<size_t>(2 * depth), ' ');
  const auto children = module.children();
  text += indent + title + (children.empty() ? module.show() : module.title() + " {") + "\n";
  if (children.empty()) return;
  for (const auto& child : children) show_into(*child.module, "(" + child.name + "): ", depth + 1, text);
  text += indent + "}\n";
}

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace

BuildClassScope::BuildClassScope(BuildClass build) : before_(std::exchange(build_class(), std::move(build))) {}
BuildClassScope::~BuildClassScope() { build_class() = std::move(before_); }

std::string Module::show() const {
  const Map options = this->options();
  std::vector<std::string> places, keywords;
  for (const auto& parameter : entry_->parameters) {
    const auto found = options.find(parameter.name);
    if (found == options.end() || found->second.map()) continue;
    const std::string text = lumir::show(found->second);
    const bool differs = text != lumir::show(parameter.default_value);
    if (parameter.place.positional && (parameter.place.required || differs)) places.push_back(text);
    if (!parameter.place.positional && differs) keywords.push_back(parameter.name + " = " + text);
  }
  if (!keywords.empty()) places.push_back("{ " + join(keywords) + " }");
  return title() + "(" + join(places) + ")";
}

Flow Module::operator()(const Flow& input) {
  for (const auto& tensor : input.tensors) {
    if (!tensor.defined()) throw ArgumentError(title() + ": got no tensor");
  }
  Flow output;
  const tensor::CallScope scope(title());
  try {
    output = flow(input);
  } catch (const c10::Error& problem) {
    throw ArgumentError(show() + ": " + tensor::in_words(problem.what_without_backtrace()));
  }
  scope.check(input.tensors, output.tensors);
  for (const auto& [number, hook] : hooks_) hook(*this, input, output);
  return output;
}

int Module::add_hook(Hook hook) {
  hooks_.emplace_back(++hooks_so_far_, std::move(hook));
  return hooks_so_far_;
}

void Module::remove_hook(int number) {
  std::erase_if(hooks_, [&](const auto& hook) { return hook.first == number; });
}

at::Tensor Module::operator()(const at::Tensor& x) { return (*this)(Flow{{x}}).tensors.at(0); }

at::Tensor Module::operator()(const at::Tensor& x, const at::Tensor& y) { return (*this)(Flow{{x, y}}).tensors.at(0); }

void Module::train(bool mode) {
  training_ = mode;
  for (const auto& child : children()) child.module->train(mode);
}

void Module::replace_child(const std::string& name, ModulePtr module) {
  for (auto& child : children_) {
    if (child.name == name) {
      child.module = std::move(module);
      return;
    }
  }
  add_child(name, std::move(module));
}

void Module::freeze(bool frozen) {
  for (const auto& slot : slots_of(*this)) {
    if (slot.trained && slot.tensor->defined()) slot.tensor->requires_grad_(!frozen);
  }
}

void Module::to(std::optional<at::Device> device, std::optional<at::ScalarType> type) {
  const at::NoGradGuard guard;
  for (const auto& slot : slots_of(*this)) {
    at::Tensor& tensor = *slot.tensor;
    if (!tensor.defined()) continue;
    const auto wanted = type && tensor.is_floating_point() ? *type : tensor.scalar_type();
    const at::Tensor moved = tensor.detach().to(device.value_or(tensor.device()), wanted);
    if (slot.trained) {
      tensor.set_data(moved);  // whoever holds the parameter (an optimiser) sees the change
    } else {
      tensor = moved;
    }
  }
}

State Module::state() const {
  State state;
  for (const auto& slot : slots_of(const_cast<Module&>(*this))) {
    if (slot.persistent && slot.tensor->defined()) {
      state[slot.name] = tensor::to_array(slot.tensor->detach().cpu(), name());
    }
  }
  return state;
}

void Module::expect_all(const State& state, const std::string& prefix) {
  expect(part_of(state, prefix));
  for (const auto& child : children()) child.module->expect_all(state, prefix + child.name + ".");
}

void Module::load_state(const State& state, const std::string& who) {
  const at::NoGradGuard guard;
  expect_all(state, "");
  std::vector<std::pair<at::Tensor*, at::Tensor>> found;
  std::vector<std::string> names;
  for (const auto& slot : slots_of(*this)) {
    if (!slot.persistent || !slot.tensor->defined()) continue;
    names.push_back(slot.name);
    const auto array = state.find(slot.name);
    if (array == state.end()) throw Error(who + ": has no array '" + slot.name + "' of " + name());
    const at::Tensor value = tensor::from_array(array->second);
    if (value.sizes() != slot.tensor->sizes()) {
      throw Error(who + ": '" + slot.name + "' is " + tensor::show_shape(value.sizes()) + ", " + name() + " takes " +
                  tensor::show_shape(slot.tensor->sizes()));
    }
    found.emplace_back(slot.tensor, value);
  }
  for (const auto& [key, array] : state) {
    if (std::find(names.begin(), names.end(), key) == names.end()) {
      throw Error(who + ": '" + key + "' is no part of " + name() + did_you_mean(key, names));
    }
  }
  for (auto& [slot, value] : found) slot->copy_(value);
}

void Module::add_parameter(const std::string& slot, at::Tensor& member, at::Tensor value) {
  member = std::move(value);
  if (member.defined()) member.requires_grad_(true);
  slots_.push_back({slot, &member});
}

void Module::add_buffer(const std::string& slot, at::Tensor& member, at::Tensor value, bool persistent) {
  member = std::move(value);
  slots_.push_back({slot, &member, /*trained=*/false, persistent});
}

Flow Layer::flow(const Flow& input) {
  if (input.tensors.size() != 1) {
    throw ArgumentError(name() + ": takes one tensor, got " + std::to_string(input.tensors.size()));
  }
  for (const auto& [key, tensor] : input.named) {
    if (key != "lengths")
      throw ArgumentError(name() + ": unknown input '" + key + "'" + did_you_mean(key, {"lengths"}));
  }
  const auto lengths = input.named.find("lengths");
  if (lengths == input.named.end()) return {{forward(input.tensors[0])}};
  Flow output{{forward_timed(input.tensors[0], lengths->second)}};
  if (const at::Tensor after = lengths_after(lengths->second); after.defined()) output.named["lengths"] = after;
  return output;
}

Flow Loss::flow(const Flow& input) {
  if (input.tensors.size() != 2) {
    throw ArgumentError(name() + ": takes what the network gives and what it should have given, got " +
                        std::to_string(input.tensors.size()) + (input.tensors.size() == 1 ? " tensor" : " tensors"));
  }
  if (!input.named.empty()) throw ArgumentError(name() + ": unknown input '" + input.named.begin()->first + "'");
  return {{forward(input.tensors[0], input.tensors[1])}};
}

ModulePtr make_module(const std::string& name, const Map& options) {
  const std::string full = name.starts_with("nn.") ? name : "nn." + name;
  const auto make = makers().find(full);
  if (make == makers().end()) {
    if (find_entry(full) && build_class()) return build_class()(options);
    if (find_entry(full)) {
      const auto title = options.find("class");
      throw ArgumentError("the class " + (title == options.end() ? name : show(title->second)) +
                          " is written in Lua; only a recipe that has it can build a network of it");
    }
    std::vector<std::string> names;
    for (const auto& [known, unused] : makers()) names.push_back(known.substr(3));
    throw ArgumentError("there is no module '" + name + "'" + did_you_mean(full.substr(3), names));
  }
  ModulePtr module = make->second(*find_entry(full), options);
  module->build();
  return module;
}

ModulePtr make_module(const Value& description) {
  const Map* map = description.map();
  const auto name = map ? map->find("name") : Map::const_iterator{};
  if (!map || name == map->end() || !name->second.text()) {
    throw ArgumentError("a module must be given, got " + lumir::show(description));
  }
  const auto options = map->find("options");
  const bool has_options = options != map->end() && options->second.map();
  return make_module(*name->second.text(), has_options ? *options->second.map() : Map{});
}

ModulePtr clone(Module& module) {
  for (const auto& part : all_of(module.shared_from_this())) {
    if (is_module(part.module->entry()) || build_class()) continue;
    throw ArgumentError("clone: " + part.module->title() + " is written in Lua; call its class for a new one");
  }
  const at::Generator& generator = at::detail::getDefaultCPUGenerator();
  const at::Tensor drawn = generator.get_state();
  const ModulePtr copy = make_module(module.description());
  at::Generator(generator).set_state(drawn);
  const auto from = slots_of(module), to = slots_of(*copy);
  const auto same_name = [](const Slot& a, const Slot& b) { return a.name == b.name; };
  if (!std::equal(from.begin(), from.end(), to.begin(), to.end(), same_name)) {
    throw ArgumentError("clone: " + module.title() + " has other parameters than its init makes");
  }
  for (size_t i = 0; i < to.size(); ++i) {
    const at::Tensor& tensor = *from.at(i).tensor;
    if (!tensor.defined()) continue;
    *to[i].tensor = tensor.detach().clone().requires_grad_(tensor.requires_grad());
  }
  copy->train(module.training());
  return copy;
}

bool is_module(const Entry& entry) { return makers().contains(entry.full_name()); }

void register_module(const Entry& entry, Make make) { makers()[entry.full_name()] = make; }

std::vector<NamedModule> all_of(const ModulePtr& module) {
  std::vector<NamedModule> all;
  collect(module, "", all);
  return all;
}

std::vector<Slot> slots_of(Module& module) {
  std::vector<Slot> all;
  collect_slots(module, "", all);
  return all;
}

int64_t count_parameters(Module& module) {
  int64_t count = 0;
  for (const auto& slot : slots_of(module)) {
    if (slot.trained && slot.tensor->defined()) count += slot.tensor->numel();
  }
  return count;
}

std::string show_tree(const Module& module) {
  std::string text;
  show_into(module, "", 0, text);
  text.pop_back();
  return text;
}

}  // namespace lumir::nn

namespace lumir::detail {

nn::ModulePtr Field<nn::ModulePtr>::read(const std::string& who, const Parameter& parameter, const Value& value) {
  if (const auto* object = value.object()) {
    if (const auto* module = std::any_cast<nn::ModulePtr>(object->get())) return *module;
  }
  if (!value.map()) wrong_type(who, parameter, value);
  return nn::make_module(value);
}

}  // namespace lumir::detail
