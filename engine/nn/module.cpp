// Modules: parameters and children by name, states, copies.

#include "nn/module.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/grad_mode.h>

#include "nn/calls.h"
#include "nn/classes.h"
#include "nn/description.h"
#include "nn/misfit.h"
#include "tensor/anomaly.h"
#include "tensor/convert.h"
#include "tensor/messages.h"
#include "tensor/show.h"

namespace lumir::nn {
namespace {

BuildClass& build_class() {
  thread_local BuildClass build;
  return build;
}
Runs& where_classes_run() {
  thread_local Runs where = Runs::here;
  return where;
}

std::string join_path(const std::string& path, const std::string& name) {
  return path.empty() ? name : path + "." + name;
}

void collect(const ModulePtr& module, const std::string& path, std::set<const Module*>& seen,
             std::vector<NamedModule>& all) {
  if (!seen.insert(module.get()).second) return;
  all.push_back({path, module});
  for (const auto& child : module->children()) collect(child.module, join_path(path, child.name), seen, all);
}

void collect_slots(Module& module, const std::string& path, std::vector<Slot>& all) {
  for (Slot slot : module.slots()) {
    slot.name = join_path(path, slot.name);
    all.push_back(std::move(slot));
  }
  for (const auto& child : module.children()) collect_slots(*child.module, join_path(path, child.name), all);
}

/// How many modules stand within each other, this one included.
int depth_of(const Module& module, std::map<const Module*, int>& known) {
  if (const auto found = known.find(&module); found != known.end()) return found->second;
  int deepest = 0;
  for (const auto& child : module.children()) deepest = std::max(deepest, depth_of(*child.module, known));
  return known[&module] = deepest + 1;
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

BuildClassScope::BuildClassScope(BuildClass build)
    : before_(std::exchange(build_class(), std::move(build))), where_(std::exchange(where_classes_run(), Runs::here)) {}
BuildClassScope::~BuildClassScope() {
  build_class() = std::move(before_);
  where_classes_run() = where_;
}

ApartScope::ApartScope() : before_(std::exchange(where_classes_run(), Runs::apart)) {}
ApartScope::~ApartScope() { where_classes_run() = before_; }

std::string Module::source() const { return source_hash(entry_->file); }

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
  CallWatch* const watch = CallWatch::current();
  if (watch) watch->before(*this, input);
  const tensor::CallScope scope(title());
  try {
    output = flow(input);
  } catch (const c10::Error& problem) {
    // a container would show all that it holds
    throw ArgumentError((children().empty() ? show() : title()) + ": " +
                        tensor::in_words(problem.what_without_backtrace()));
  }
  scope.check(input.tensors, output.tensors);
  const auto hooks = hooks_;  // which a hook may change
  for (const auto& [number, hook] : hooks) hook(*this, input, output);
  if (watch) watch->after(*this, input, output);
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

void Module::check_child(const std::string& name, const ModulePtr& module) const {
  constexpr int kDeepest = 200;
  std::map<const Module*, int> depths;
  if (depth_of(*module, depths) >= kDeepest) {
    throw ArgumentError(title() + ": modules are nested more than " + std::to_string(kDeepest) + " deep");
  }
  if (depths.contains(this)) throw ArgumentError(title() + ": '" + name + "' holds what it would be a part of");
}

void Module::add_child(const std::string& name, ModulePtr module) {
  check_child(name, module);
  children_.push_back({name, std::move(module)});
}

void Module::replace_child(const std::string& name, ModulePtr module) {
  check_child(name, module);
  for (auto& child : children_) {
    if (child.name == name) {
      child.module = std::move(module);
      return;
    }
  }
  children_.push_back({name, std::move(module)});
}

void Module::remove_part(const std::string& name) {
  std::erase_if(children_, [&](const NamedModule& child) { return child.name == name; });
  std::erase_if(slots_, [&](const Slot& slot) { return slot.name == name; });
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
    // whoever else holds it (an optimiser, a layer that shares it) sees the change
    tensor.set_data(tensor.detach().to(device.value_or(tensor.device()), wanted));
  }
  for (const auto& part : all_of(shared_from_this())) {
    if (device) part.module->device_ = device;
    if (type) part.module->type_ = type;
  }
}

void Module::catch_up(const at::Tensor& x) {
  std::optional<at::Device> device = device_;
  if (!device && x.defined()) device = x.device();
  to(device, type_);
}

State Module::state() const {
  State state;
  for (const auto& slot : named_slots_of(const_cast<Module&>(*this))) {
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

/// What its slots are to hold, all of them checked.
Module::Values Module::values_in(const State& state, const std::string& who) {
  Values found;
  std::vector<std::string> names, misshapen;
  for (const auto& slot : named_slots_of(*this)) {
    if (!slot.persistent) continue;
    names.push_back(slot.name);
    const auto array = state.find(slot.name);
    if (array == state.end()) continue;
    const std::vector<int64_t>& shape = array->second.shape();
    const std::string is = "'" + slot.name + "' is " + tensor::show_shape(shape) + ", ";
    if (!slot.tensor->defined()) {
      misshapen.push_back(is + "which gives no size to a part of " + title() + " that has seen nothing yet");
    } else if (slot.tensor->sizes() != at::IntArrayRef(shape)) {
      misshapen.push_back(is + title() + " takes " + tensor::show_shape(slot.tensor->sizes()));
    } else {
      found.emplace_back(slot.tensor, tensor::from_array(array->second));
    }
  }
  Misfit misfit = compared(names, state);
  misfit.misshapen = std::move(misshapen);
  if (misfit.any()) throw Error(who + ": " + misfit.text(title(), names));
  return found;
}

void Module::load_state(const State& state, const std::string& who) {
  const at::NoGradGuard guard;
  const auto modules = all_of(shared_from_this());
  std::vector<const Entry*> entries;
  for (const auto& one : modules) entries.push_back(one.module->entry_);
  Values before;
  for (const auto& slot : slots_of(*this)) before.emplace_back(slot.tensor, *slot.tensor);
  Values found;
  try {
    expect_all(state, "");
    found = values_in(state, who);
  } catch (const std::exception&) {
    for (auto& [slot, value] : before) *slot = value;
    for (size_t i = 0; i < modules.size(); ++i) modules[i].module->entry_ = entries[i];
    throw;
  }
  for (auto& [slot, value] : found) slot->copy_(value);
}

void Module::put_slot(Slot slot) {
  const auto same = std::find_if(slots_.begin(), slots_.end(), [&](const Slot& one) { return one.name == slot.name; });
  if (same == slots_.end()) {
    slots_.push_back(std::move(slot));
  } else {
    *same = std::move(slot);
  }
}

void Module::add_parameter(const std::string& name, at::Tensor& member, at::Tensor value) {
  member = std::move(value);
  if (member.defined()) member.requires_grad_(true);
  put_slot({name, &member});
}

void Module::add_buffer(const std::string& name, at::Tensor& member, at::Tensor value, bool persistent) {
  member = std::move(value);
  put_slot({name, &member, /*trained=*/false, persistent});
}

void refuse_names_but_lengths(const Flow& input, const std::string& who) {
  for (const auto& [key, tensor] : input.named) {
    if (key == "lengths") continue;
    throw ArgumentError(who + ": unknown input '" + key + "'" + did_you_mean(key, {"lengths"}));
  }
}

Flow Layer::flow(const Flow& input) {
  if (input.tensors.size() != 1) {
    throw ArgumentError(name() + ": takes one tensor, got " + std::to_string(input.tensors.size()));
  }
  refuse_names_but_lengths(input, name());
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
  const Entry* entry = find_entry(name.starts_with("nn.") ? name : "nn." + name);
  if (entry && !is_module(*entry)) {
    if (build_class()) return build_class()(options, where_classes_run());
    const auto title = options.find("class");
    throw ArgumentError("the class " + (title == options.end() ? name : show(title->second)) +
                        " is written in Lua; only a recipe that has it can build a network of it");
  }
  ModulePtr module = Makers<Module>::make(name, options, kModules);
  module->build();
  return module;
}

UndrawnScope::UndrawnScope() : before_(at::detail::getDefaultCPUGenerator().get_state()) {}
UndrawnScope::~UndrawnScope() { at::Generator(at::detail::getDefaultCPUGenerator()).set_state(before_); }

namespace {

void copy_modes(const Module& from, Module& to) {
  to.train(from.training());
  const auto theirs = from.children(), own = to.children();
  for (size_t i = 0; i < own.size(); ++i) copy_modes(*theirs.at(i).module, *own[i].module);
}

/// Numbers, words and lists of them. Parts among options are looked at as parts, functions are never the same again.
bool is_plain(const Value& option) {
  if (const List* list = option.list()) return std::all_of(list->begin(), list->end(), is_plain);
  return !option.map() && !option.object();
}

/// Whether a part is what init made. One that has taken its sizes from what it saw has another name and more options.
bool is_same_part(const Module& part, const Module& made) {
  if (part.title() != made.title() && "Lazy" + part.name() != made.name()) return false;
  const Map own = part.options(), wanted = made.options();
  return std::all_of(wanted.begin(), wanted.end(), [&](const auto& option) {
    const auto found = own.find(option.first);
    return found != own.end() && (found->second == option.second || !is_plain(option.second));
  });
}

bool has_same_parts(const Module& module, const Module& made) {
  const auto own = module.children(), wanted = made.children();
  return std::equal(own.begin(), own.end(), wanted.begin(), wanted.end(), [](const auto& part, const auto& other) {
    return part.name == other.name && is_same_part(*part.module, *other.module) &&
           has_same_parts(*part.module, *other.module);
  });
}

void check_parameters(const std::string& who, Module& module, Module& made) {
  const auto own = slots_of(module), wanted = slots_of(made);
  const auto same_name = [](const Slot& a, const Slot& b) { return a.name == b.name; };
  if (!std::equal(own.begin(), own.end(), wanted.begin(), wanted.end(), same_name)) {
    throw ArgumentError(who + ": " + module.title() + " has other parameters than its init makes");
  }
  for (size_t i = 0; i < own.size(); ++i) {
    const at::Tensor &is = *own[i].tensor, &was = *wanted[i].tensor;
    if (!own[i].persistent || !is.defined() || !was.defined() || is.sizes() == was.sizes()) continue;
    throw ArgumentError(who + ": '" + own[i].name + "' of " + module.title() + " is " + tensor::show_shape(is.sizes()) +
                        ", but its init makes " + tensor::show_shape(was.sizes()));
  }
}

bool lacks_sizes(const Module& module) {
  const auto& slots = module.slots();
  return std::any_of(slots.begin(), slots.end(), [](const Slot& slot) { return !slot.tensor->defined(); });
}

/// What has no sizes yet takes those of the same part of another network.
void take_sizes(const Module& from, Module& to) {
  if (lacks_sizes(to) && !lacks_sizes(from)) to.load_state(from.state(), "clone");
  const auto theirs = from.children(), own = to.children();
  for (size_t i = 0; i < own.size(); ++i) take_sizes(*theirs.at(i).module, *own[i].module);
}

}  // namespace

void check_as_made(const std::string& who, Module& module, Module& made) {
  const auto parts = module.children(), made_parts = made.children();
  if (module.entry().full_name() == "nn.Sequential" && made_parts.size() <= parts.size()) {
    for (size_t i = 0; i < made_parts.size(); ++i) check_as_made(who, *parts[i].module, *made_parts[i].module);
    return;
  }
  check_parameters(who, module, made);
  if (has_same_parts(module, made)) return;
  throw ArgumentError(who + ": " + module.title() + " has other parts than its init makes");
}

ModulePtr clone(Module& module) {
  for (const auto& part : all_of(module.shared_from_this())) {
    if (is_module(part.module->entry()) || build_class()) continue;
    throw ArgumentError("clone: " + part.module->title() + " is written in Lua; call its class for a new one");
  }
  const UndrawnScope undrawn;
  const ModulePtr copy = make_module(module.description());
  check_as_made("clone", module, *copy);
  take_sizes(module, *copy);
  const auto from = slots_of(module), to = slots_of(*copy);
  for (size_t i = 0; i < to.size(); ++i) {
    const at::Tensor& tensor = *from.at(i).tensor;
    if (!tensor.defined()) continue;
    to[i].tensor->set_data(tensor.detach().clone());
    if (to[i].trained) to[i].tensor->requires_grad_(tensor.requires_grad());
  }
  copy_modes(module, *copy);
  copy->set_about(module.about());
  return copy;
}

bool is_module(const Entry& entry) { return Makers<Module>::has(entry); }

std::vector<NamedModule> all_of(const ModulePtr& module) {
  std::vector<NamedModule> all;
  std::set<const Module*> seen;
  collect(module, "", seen, all);
  return all;
}

std::vector<Slot> slots_of(Module& module) {
  std::vector<Slot> all = named_slots_of(module);
  std::set<const void*> seen;
  std::erase_if(all, [&](const Slot& slot) { return !seen.insert(identity_of(slot)).second; });
  return all;
}

std::vector<Slot> named_slots_of(Module& module) {
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
  return read_made<nn::ModulePtr>(who, parameter, value, nn::make_part);
}

}  // namespace lumir::detail
