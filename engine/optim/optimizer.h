// An Optimizer: how parameters follow their gradients.
//
// It knows named tensors, not modules. As it is made it is options only; bound to parameters it is ready: it changes
// their values in place, and what it remembers of each (momenta, counts) has PyTorch's names. Groups of parameters,
// picked by a pattern of their names, may have options of their own:
//
//   optim.AdamW(net, { lr = 0.01, groups = { { match = { '*.bias', '*norm*' }, weight_decay = 0 } } })
//
// HOW TO ADD AN OPTIMISER: one file.
//
//   struct SignOptions : OptimizerOptions {
//     static Schema schema() { return optimizer_schema<SignOptions>(); }
//   };
//   class Sign final : public Described<SignOptions> {
//    public:
//     using Described::Described;
//    protected:
//     void update(const SignOptions& options, Slice& slice) const override {
//       for (size_t i = 0; i < slice.size(); ++i) slice.parameters[i].sub_(slice.gradients[i].sign(), options.lr);
//     }
//   };
//   LUMIR_OPTIMIZER(Sign, {.summary = "...", .returns = "an Optimizer", .example = "...", .source = "..."});

#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "optim/rates.h"
#include "optim/registered.h"

namespace lumir::optim {

class Optimizer;
using OptimizerPtr = std::shared_ptr<Optimizer>;
class GradScaler;
using GradScalerPtr = std::shared_ptr<GradScaler>;

/// A tensor by the name that its module gives it: "0.weight".
struct NamedTensor {
  std::string name;
  at::Tensor tensor;
};

/// What every optimiser can be told, as a whole and for each group.
struct OptimizerOptions {
  double lr = 1e-3;
  double weight_decay = 0;
  bool maximize = false;
  std::vector<Value> groups;
};
template <class S>
Schema optimizer_schema() {
  return {
      Option{"lr", &S::lr, "how far a step goes (learning rate)", kNonNegative},
      Option{"weight_decay", &S::weight_decay, "pull towards zero", kNonNegative},
      Option{"maximize", &S::maximize, "climbs in place of descending"},
      Option{"groups", &S::groups,
             "options for some parameters: each { match = pattern, or a list of them, lr = ... }; a parameter is in "
             "the first group that matches its name ('*' stands for any text)",
             Kind{"table"}}};
}

/// What an optimiser remembers of one parameter, a tensor for each slot; undefined before its first step.
using Memory = std::vector<at::Tensor>;

/// The parameters of a group that have gradients, while a step is made.
struct Slice {
  std::vector<at::Tensor> parameters, gradients;
  std::vector<Memory*> memories;

  size_t size() const { return parameters.size(); }
  at::Tensor& memory(size_t parameter, size_t slot) { return (*memories[parameter])[slot]; }
  /// A slot of every parameter; zeros like the parameter where nothing is remembered yet.
  std::vector<at::Tensor> column(size_t slot);
  /// A slot that counts steps, this one included.
  std::vector<at::Tensor> counted(size_t slot);
};

/// The gradient to follow: turned round where the optimiser climbs; where weight decay is part of it, with that.
at::Tensor followed(const OptimizerOptions& options, const Slice& slice, size_t parameter, bool decays = true);

class Reading;  // of a state

/// How one step is made from a loss.
struct MinimizeOptions {
  std::optional<double> clip_norm;
  std::optional<double> clip_value;
  int accumulate = 1;
  GradScalerPtr scaler;  // null: losses go backward as they are
  static Schema schema();
};

class Optimizer : public Registered, public Rates {
 public:
  /// One like it, of these parameters, which remembers nothing yet. Throws ArgumentError where there are none, and for
  /// a group that matches none.
  OptimizerPtr bind(std::vector<NamedTensor> parameters) const;
  bool bound() const { return !groups_.empty(); }

  /// Groups in order; the last are the parameters that no pattern picked.
  size_t groups() const final { return groups_.size(); }
  const std::vector<NamedTensor>& parameters(size_t group) const { return groups_.at(group).parameters; }
  /// All of them, in the order in which they were bound.
  const std::vector<NamedTensor>& parameters() const { return all_; }
  /// The options of a group as they are now.
  virtual Map group_options(size_t group) const = 0;
  /// Changes some of them. Throws ArgumentError as when they were made.
  virtual void set_group_options(size_t group, const Map& changes) = 0;
  double lr(size_t group = 0) const final { return common(group).lr; }
  void set_lr(size_t group, double lr) final { set_group_options(group, {{"lr", lr}}); }
  /// Of every group.
  void set_lr(double lr);
  double initial_lr(size_t group) final {
    auto& initial = groups_.at(group).initial_lr;
    if (!initial) initial = lr(group);
    return *initial;
  }
  double* momentum(size_t /*group*/) override { return nullptr; }
  const std::string& title() const final { return name(); }

  /// Forgets the gradients: they are none afterwards, not zero.
  void zero_grad();
  /// Changes every parameter that has a gradient.
  void step();
  /// zero_grad, backward, clip, step; the loss as a number. With `accumulate` = n the gradient is the mean of n calls,
  /// of which the last makes the step. With a scaler there is no step where a gradient is infinite or NaN. Throws
  /// ArgumentError for a loss or a gradient that is NaN or infinite, before any parameter is changed.
  double minimize(const at::Tensor& loss, const MinimizeOptions& options);
  /// Makes the step of an accumulation that is not full, with what there is of its gradient: the sum of fewer losses,
  /// each over the whole number. Answers whether there was one.
  bool finish();
  /// Whether minimize has gradients that wait for the others of their step.
  bool accumulates() const { return accumulated_ > 0; }
  /// Of each parameter, whether the last step has used its gradient. Who puts gradients back says so of them again.
  std::vector<bool> used_gradients() const;
  void set_used_gradients(const std::vector<bool>& used);
  /// The norm of all gradients at the last step of minimize, before they were clipped; 0 before the first.
  double grad_norm() const { return grad_norm_; }
  /// Calls of step and minimize so far: who compares it sees whether anything was learnt meanwhile.
  long calls() const { return calls_; }
  /// No other of this process has it, also once this one is gone and another one lies at its address.
  uint64_t number() const { return number_; }
  /// The loss that minimize was given last; NaN before the first.
  double last_loss() const { return last_loss_; }

  /// "groups.1.lr", "state.0.weight.exp_avg" ...: copies, which later steps do not touch. Gradients too that no
  /// step has used yet.
  State state() const override;
  void load_state(const State& state, const std::string& who) override;

 protected:
  using Registered::Registered;
  friend OptimizerPtr make_optimizer(const std::string& name, const Map& options);

  /// Names of what is remembered of each parameter, as PyTorch has them.
  virtual std::vector<std::string> slots() const { return {}; }
  virtual const OptimizerOptions& common(size_t group) const = 0;
  virtual void add_group(const Map& options, const std::string& who) = 0;
  /// The step itself, where nothing is recorded for backward.
  virtual void update_group(size_t group, Slice& slice) const = 0;

 private:
  struct Group {
    std::vector<NamedTensor> parameters;
    std::vector<Memory> memories;  // of each
    std::optional<double> initial_lr;
  };
  void attach(std::vector<NamedTensor> parameters);
  void step_group(size_t number);
  void note_used();
  bool is_used(size_t parameter) const;
  void clip_and_step(const MinimizeOptions& options);
  void check_gradients();
  void require_bound(const std::string& method) const;
  State memory_of(const NamedTensor& parameter, const Memory& memory) const;

  struct Loaded;
  Loaded read(const State& state, const std::string& who) const;
  Map read_options_of(size_t group, Reading& reading) const;
  Memory read_memory(const NamedTensor& parameter, Reading& reading) const;
  void set_options(const std::vector<Map>& options, const std::string& who);

  static uint64_t next_number();

  const uint64_t number_ = next_number();
  std::vector<NamedTensor> all_;
  std::vector<Group> groups_;
  double grad_norm_ = 0;
  double last_loss_ = std::numeric_limits<double>::quiet_NaN();
  long calls_ = 0;
  int accumulated_ = 0;  // calls of minimize since the last step
  MinimizeOptions last_options_;
  struct Used {
    c10::weak_intrusive_ptr<at::TensorImpl> gradient;
    int64_t version = 0;
  };
  std::vector<Used> used_;  // by the last step, of each parameter
};

/// By registered name, "AdamW" or "optim.AdamW". Throws ArgumentError with the nearest name.
OptimizerPtr make_optimizer(const std::string& name, const Map& options);
/// From a description; throws ArgumentError where it is none.
OptimizerPtr make_optimizer(const Value& description);
/// True for the entry of one.
bool is_optimizer(const Entry& entry);

/// An optimiser whose options are a described struct.
template <class OptionsStruct>
class Described : public Optimizer {
 public:
  using Options = OptionsStruct;
  Described(const Entry& entry, const Map& given)
      : Optimizer(entry), options_(read_options<Options>(given, entry.name)) {}
  Map options() const final { return write_options(options_); }
  Map group_options(size_t group) const final {
    Map written = write_options(of_group(group));
    written.erase("groups");
    return written;
  }
  void set_group_options(size_t group, const Map& changes) final {
    if (changes.contains("groups")) {
      throw ArgumentError(name() + ": 'groups' are made with the optimizer; a group has none of its own");
    }
    Map changed = changes;
    changed.merge(group_options(group));
    of_group(group) = checked(changed, name());
  }

 protected:
  virtual void update(const Options& options, Slice& slice) const = 0;
  /// Throws ArgumentError, begun by `who`, for options that do not go together.
  virtual void check(const Options& /*options*/, const std::string& /*who*/) const {}
  const Options& of_group(size_t group) const { return groups_.empty() ? options_ : groups_.at(group); }
  Options& of_group(size_t group) { return groups_.empty() ? options_ : groups_.at(group); }

  const OptimizerOptions& common(size_t group) const final { return of_group(group); }
  void add_group(const Map& options, const std::string& who) final { groups_.push_back(checked(options, who)); }
  void update_group(size_t group, Slice& slice) const final { update(of_group(group), slice); }

 private:
  Options checked(const Map& given, const std::string& who) const {
    Options options = read_options<Options>(given, who);
    check(options, who);
    return options;
  }
  Options options_;
  std::vector<Options> groups_;
};

template <class O>
struct RegisterOptimizer {
  RegisterOptimizer(const char* name, Words words, std::source_location where = std::source_location::current()) {
    const Argument whose("parameters", "Module or list of Tensor", "what it changes; without, it is bound later",
                         kPlace);
    const Schema schema = with_arguments({whose}, schema_of<typename O::Options>());
    const Entry& entry = register_entry("optim", name, std::move(words), schema, where);
    Makers<Optimizer>::add(entry, [](const Entry& found, const Map& options) -> OptimizerPtr {
      return std::make_shared<O>(found, options);
    });
  }
};

/// Registers a class under its own name: see the top of this file.
#define LUMIR_OPTIMIZER(Class, ...) \
  const ::lumir::optim::RegisterOptimizer<Class> Class##_registered { #Class, __VA_ARGS__ }

}  // namespace lumir::optim

namespace lumir::detail {

/// An optimiser as an option (of nn.fit): the very object that was given; in a description, its description.
template <>
struct Field<optim::OptimizerPtr> {
  static std::string type(const Parameter&) { return "Optimizer"; }
  static optim::OptimizerPtr read(const std::string& who, const Parameter& parameter, const Value& value);
  static Value write(const optim::OptimizerPtr& held) { return held ? held->description() : Value(); }
};

/// A scaler as an option of minimize: the very object.
template <>
struct Field<optim::GradScalerPtr> {
  static std::string type(const Parameter&) { return "GradScaler"; }
  static optim::GradScalerPtr read(const std::string& who, const Parameter& parameter, const Value& value);
  static Value write(const optim::GradScalerPtr&) { return {}; }
};

}  // namespace lumir::detail
