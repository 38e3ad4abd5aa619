// Groups and steps of optimisers.

#include "optim/optimizer.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <set>

#include <ATen/core/grad_mode.h>
#include <ATen/ops/full_like.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include "core/text.h"
#include "optim/clip.h"
#include "optim/conformed.h"
#include "optim/grad_scaler.h"
#include "tensor/convert.h"
#include "tensor/gradients.h"
#include "tensor/operators.h"
#include "tensor/show.h"

namespace lumir::optim {

namespace {

/// Without those that come a second time (weights that two layers share).
std::vector<NamedTensor> distinct(const std::vector<NamedTensor>& parameters) {
  std::vector<NamedTensor> all;
  std::set<const void*> seen;
  for (const auto& parameter : parameters) {
    if (seen.insert(parameter.tensor.unsafeGetTensorImpl()).second) all.push_back(parameter);
  }
  return all;
}

void check_parameter(const NamedTensor& parameter, const std::string& who) {
  const auto refuse = [&](const std::string& why) {
    throw ArgumentError(who + ": parameter '" + parameter.name + "' " + why);
  };
  if (!parameter.tensor.defined()) refuse("has no size yet: the network must see a batch first");
  if (!parameter.tensor.is_floating_point()) {
    refuse("is of " + tensor::dtype_name(parameter.tensor.scalar_type()) + ", which has no gradient");
  }
  if (!parameter.tensor.is_leaf()) refuse("is computed from others: only what is at the beginning can be changed");
}

std::vector<at::Tensor> tensors_of(const std::vector<NamedTensor>& parameters) {
  std::vector<at::Tensor> tensors;
  for (const auto& parameter : parameters) tensors.push_back(parameter.tensor);
  return tensors;
}

/// One group as a user writes it.
struct Wanted {
  std::vector<std::string> patterns;
  Map options;
  std::string who;  // begins error texts

  bool takes(const std::string& name) const {
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](const std::string& pattern) { return matches(pattern, name); });
  }
};

std::vector<std::string> patterns_of(const Value& match, const std::string& who) {
  if (match.text()) return {*match.text()};
  std::vector<std::string> patterns;
  for (const auto& one : match.list() ? *match.list() : List{}) {
    if (one.text()) patterns.push_back(*one.text());
  }
  if (patterns.empty() || patterns.size() != match.list()->size()) {
    throw ArgumentError(who + ": 'match' must be a pattern of names or a list of them, got " + show(match));
  }
  return patterns;
}

/// The groups of `options`, and last of all what no pattern picks.
std::vector<Wanted> wanted_groups(const Map& options, const std::string& name) {
  Map rest = options;
  rest.erase("groups");
  std::vector<Wanted> all;
  const List* given = options.at("groups").list();
  for (const auto& group : given ? *given : List{}) {
    const std::string who = name + ": group " + std::to_string(all.size() + 1);
    if (!group.map()) throw ArgumentError(who + " must be a table with 'match', got " + show(group));
    Map own = *group.map();
    const Value match = own["match"];
    own.erase("match");
    if (own.contains("groups")) throw ArgumentError(who + ": a group has no 'groups' of its own");
    own.merge(Map(rest));
    all.push_back({patterns_of(match, who), own, who});
  }
  all.push_back({{"*"}, rest, name});
  return all;
}

void check_loss(const at::Tensor& loss) {
  if (!loss.defined() || loss.numel() != 1) {
    const std::string shape = loss.defined() ? tensor::show_shape(loss.sizes()) : "nothing";
    throw ArgumentError("minimize: a loss is one number, got " + shape + " (:mean() makes one of many)");
  }
  if (!loss.requires_grad()) {
    throw ArgumentError("minimize: nothing that the loss was computed from requires a gradient");
  }
}

/// The derivative of one of so many losses of a step.
void backward(const at::Tensor& loss, int accumulate) {
  tensor::backward(loss, accumulate > 1 ? at::full_like(loss, 1.0 / accumulate) : at::Tensor(), {}, "minimize");
}

}  // namespace

Schema MinimizeOptions::schema() {
  return {
      Option{"clip_norm", &MinimizeOptions::clip_norm, "scales the gradients so that their norm is at most this",
             kPositive},
      Option{"clip_value", &MinimizeOptions::clip_value, "cuts every number of a gradient to within +-this", kPositive},
      Option{"accumulate", &MinimizeOptions::accumulate,
             "calls whose gradients make one step, by their mean; "
             "what a pass over batches leaves of them is a step at its end",
             Range{1}},
      Option{"scaler", &MinimizeOptions::scaler, "multiplies the loss before backward, for gradients in float16"}};
}

std::vector<at::Tensor> Slice::column(size_t slot) {
  std::vector<at::Tensor> tensors;
  for (size_t i = 0; i < size(); ++i) {
    at::Tensor& held = memory(i, slot);
    held = held.defined() ? conformed(held, parameters[i]) : at::zeros_like(parameters[i]);
    tensors.push_back(held);
  }
  return tensors;
}

std::vector<at::Tensor> Slice::counted(size_t slot) {
  std::vector<at::Tensor> tensors;
  for (size_t i = 0; i < size(); ++i) {
    at::Tensor& held = memory(i, slot);
    if (!held.defined()) held = at::zeros({}, at::kFloat);
    held = held.to(parameters[i].device(), at::kFloat);
    tensors.push_back(held.add_(1));
  }
  return tensors;
}

at::Tensor followed(const OptimizerOptions& options, const Slice& slice, size_t parameter, bool decays) {
  at::Tensor gradient = options.maximize ? -slice.gradients[parameter] : slice.gradients[parameter];
  if (!decays || options.weight_decay == 0) return gradient;
  return gradient.add(slice.parameters[parameter], options.weight_decay);
}

uint64_t Optimizer::next_number() {
  static std::atomic<uint64_t> made{0};
  return ++made;
}

OptimizerPtr Optimizer::bind(std::vector<NamedTensor> parameters) const {
  const OptimizerPtr made = make_optimizer(entry().full_name(), options());
  made->attach(std::move(parameters));
  return made;
}

void Optimizer::attach(std::vector<NamedTensor> parameters) {
  for (const auto& parameter : parameters) check_parameter(parameter, name());
  all_ = distinct(parameters);
  if (all_.empty()) throw ArgumentError(name() + ": there is no parameter to change");
  std::vector<bool> taken(all_.size());
  const auto wanted = wanted_groups(options(), name());
  for (const auto& one : wanted) {
    Group group;
    for (size_t i = 0; i < all_.size(); ++i) {
      if (!taken[i] && one.takes(all_[i].name)) {
        group.parameters.push_back(all_[i]);
        taken[i] = true;
      }
    }
    const bool last = &one == &wanted.back();
    if (group.parameters.empty() && last) continue;
    if (group.parameters.empty()) {
      throw ArgumentError(one.who + ": no parameter is left that '" + one.patterns[0] + "' matches (the first is '" +
                          all_[0].name + "')");
    }
    group.memories.resize(group.parameters.size(), Memory(slots().size()));
    add_group(one.options, one.who);
    groups_.push_back(std::move(group));
  }
}

void Optimizer::require_bound(const std::string& method) const {
  if (!bound()) {
    throw ArgumentError(method + ": " + name() + " has no parameters yet: optim." + name() + "(net, options), or bind");
  }
}

void Optimizer::set_lr(double lr) {
  for (size_t group = 0; group < std::max<size_t>(groups_.size(), 1); ++group) set_lr(group, lr);
}

void Optimizer::zero_grad() {
  accumulated_ = 0;
  for (auto& parameter : all_) parameter.tensor.mutable_grad() = at::Tensor();
}

void Optimizer::step() {
  require_bound("step");
  ++calls_;
  const at::NoGradGuard guard;
  for (size_t group = 0; group < groups_.size(); ++group) step_group(group);
  note_used();
}

void Optimizer::note_used() {
  used_.clear();
  for (const auto& parameter : all_) {
    const at::Tensor& gradient = parameter.tensor.grad();
    if (!gradient.defined()) {
      used_.push_back({c10::weak_intrusive_ptr<at::TensorImpl>::reclaim(nullptr), 0});
    } else {
      used_.push_back({c10::weak_intrusive_ptr<at::TensorImpl>(gradient.getIntrusivePtr()), gradient._version()});
    }
  }
}

/// Whether its gradient is as the last step saw it; backward changes its version or puts another one in its place.
bool Optimizer::is_used(size_t parameter) const {
  const at::Tensor& gradient = all_[parameter].tensor.grad();
  if (!gradient.defined()) return true;
  if (parameter >= used_.size()) return false;
  return used_[parameter].gradient.lock().get() == gradient.unsafeGetTensorImpl() &&
         used_[parameter].version == gradient._version();
}

std::vector<bool> Optimizer::used_gradients() const {
  std::vector<bool> used;
  for (size_t i = 0; i < all_.size(); ++i) used.push_back(is_used(i));
  return used;
}

void Optimizer::set_used_gradients(const std::vector<bool>& used) {
  note_used();
  for (size_t i = 0; i < used.size(); ++i) {
    if (!used[i]) used_[i] = {c10::weak_intrusive_ptr<at::TensorImpl>::reclaim(nullptr), 0};
  }
}

/// Fused kernels walk over memory, so what they get is dense, laid out alike, of one type and on one device; a parameter
/// with gaps (a view) is changed through a copy.
void Optimizer::step_group(size_t number) {
  Group& group = groups_[number];
  std::map<std::pair<std::string, at::ScalarType>, Slice> slices;
  std::vector<std::pair<at::Tensor, at::Tensor>> copies;
  for (size_t i = 0; i < group.parameters.size(); ++i) {
    const auto& [parameter_name, parameter] = group.parameters[i];
    if (!parameter.grad().defined()) continue;
    if (parameter.grad().layout() != at::kStrided) {
      throw ArgumentError(name() + ": the gradient of '" + parameter_name + "' is sparse");
    }
    const at::Tensor dense = parameter.is_non_overlapping_and_dense() ? parameter : parameter.contiguous();
    if (!dense.is_same(parameter)) copies.emplace_back(parameter, dense);
    Slice& slice = slices[{parameter.device().str(), parameter.scalar_type()}];
    slice.parameters.push_back(dense);
    slice.gradients.push_back(conformed(parameter.grad(), dense));
    slice.memories.push_back(&group.memories[i]);
  }
  for (auto& [kind, slice] : slices) update_group(number, slice);
  for (auto& [parameter, dense] : copies) parameter.copy_(dense);
}

double Optimizer::minimize(const at::Tensor& loss, const MinimizeOptions& options) {
  require_bound("minimize");
  check_loss(loss);
  const auto value = loss.item<double>();
  if (!std::isfinite(value)) throw ArgumentError("minimize: the loss is " + show_number(value));
  last_loss_ = value;
  ++calls_;
  if (accumulated_ == 0) zero_grad();
  backward(options.scaler ? options.scaler->scale(loss) : loss, options.accumulate);
  last_options_ = options;
  if (++accumulated_ >= options.accumulate) clip_and_step(options);
  return value;
}

bool Optimizer::finish() {
  require_bound("finish");
  if (!accumulates()) return false;
  ++calls_;
  clip_and_step(last_options_);
  return true;
}

void Optimizer::clip_and_step(const MinimizeOptions& options) {
  accumulated_ = 0;
  if (options.scaler && !options.scaler->unscale(*this)) {
    options.scaler->update();
    return note_used();
  }
  const auto tensors = tensors_of(all_);
  grad_norm_ = optim::grad_norm(tensors);
  check_gradients();
  if (options.clip_value) clip_grad_value(tensors, *options.clip_value);
  if (options.clip_norm) clip_grad_norm(tensors, *options.clip_norm);
  step();
  if (options.scaler) options.scaler->update();
}

/// A norm that is not finite may also be of numbers whose squares are too large.
void Optimizer::check_gradients() {
  if (std::isfinite(grad_norm_)) return;
  if (const auto found = first_not_finite(tensors_of(all_))) {
    throw ArgumentError("minimize: the gradient of '" + all_[*found].name + "' is not finite");
  }
}

namespace {

const MadeKind kOptimizers{"optim", "optimizer"};

}  // namespace

OptimizerPtr make_optimizer(const std::string& name, const Map& options) {
  return Makers<Optimizer>::make(name, options, kOptimizers);
}

OptimizerPtr make_optimizer(const Value& description) {
  const auto [name, options] = named_options(description, kOptimizers);
  return make_optimizer(name, options);
}

bool is_optimizer(const Entry& entry) { return Makers<Optimizer>::has(entry); }

}  // namespace lumir::optim

namespace lumir::detail {

optim::OptimizerPtr Field<optim::OptimizerPtr>::read(const std::string& who, const Parameter& parameter,
                                                     const Value& value) {
  return read_made<optim::OptimizerPtr>(who, parameter, value, optim::make_optimizer);
}

}  // namespace lumir::detail
