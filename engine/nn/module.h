// A Module: what a layer, a loss and a whole network all are.
//
// It is data (a name and options) with parameters, buffers and children, under the names that PyTorch's state dicts
// have: "0.weight", "3.running_mean". A network is built again from its description, and its state is named arrays, so
// a file holds no code. What flows through it is a Flow: tensors, and what is known of them beside.
//
// HOW TO ADD A LAYER: one file.
//
//   struct LinearOptions {
//     int in_features = 1, out_features = 1;
//     bool bias = true;
//     static Schema schema() { return {Option{"in_features", &LinearOptions::in_features, "...", kArgument}, ...}; }
//   };
//
//   class Linear final : public Described<Layer, LinearOptions> {
//    public:
//     using Described::Described;
//    protected:
//     void build() override { add_parameter("weight", weight_, draw_weight({option().out_features, ...})); ... }
//     at::Tensor forward(const at::Tensor& x) override { return at::linear(x, weight_, bias_); }
//    private:
//     at::Tensor weight_, bias_;
//   };
//   LUMIR_MODULE(Linear, {.summary = "...", .returns = "...", .example = "nn.Linear(512, 20)", .source = "..."});
//
// A parameter whose size the first input tells (LazyLinear) is a slot with an undefined tensor until then.
//
// A module may stand in several places of a network (weights that are tied): it is one module and has its weights once,
// under the first of its names; a state has them under each name, as PyTorch's.
//
// Parameters are made and drawn in PyTorch's order by PyTorch's rules: after torch.manual_seed(n) on both sides the
// weights are the same.

#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/makers.h"
#include "core/registry.h"
#include "core/state.h"

namespace lumir::model {
struct Model;
}

namespace lumir::nn {

class Module;
using ModulePtr = std::shared_ptr<Module>;
using Tensors = std::vector<at::Tensor>;

/// What a module takes and gives: the tensors in order, and others by name. Where modules follow each other the first
/// tensor and the named ones go on: behind an LSTM a Linear hears the output, and the states stay behind.
struct Flow {
  Tensors tensors;
  /// "lengths": int64 [batch], how much of each padded sequence is true; "attn_mask" ... what a module does not know it
  /// refuses.
  std::map<std::string, at::Tensor> named = {};
};

/// A parameter or a buffer, where it lies.
struct Slot {
  std::string name;
  at::Tensor* tensor;
  bool trained = true;     // a parameter: the optimiser changes it
  bool persistent = true;  // part of the state
};

struct NamedModule {
  std::string name;  // "0", "downsample"
  ModulePtr module;
};

class Module : public Stateful, public std::enable_shared_from_this<Module> {
 public:
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  const Entry& entry() const { return *entry_; }
  const std::string& name() const { return entry_->name; }
  /// What errors and tables call it: its name; of a network that is written in Lua, that of its class.
  virtual const std::string& title() const { return name(); }
  /// sha256 of the code that answers: of its entry's file; of one that is written in Lua, of all that its class uses.
  virtual std::string source() const;
  /// Every option with its value.
  virtual Map options() const = 0;
  /// { name = "nn.Linear", options = {...} }: enough for make_module; see nn/description.cpp for what stands in several
  /// places.
  Value description() const;
  /// As PyTorch prints it, options that are no defaults only: "Conv2d(1, 64, 7, { stride = 2 })".
  virtual std::string show() const;

  /// What it makes of its input. Throws ArgumentError where the input does not fit, with the module's name.
  Flow operator()(const Flow& input);
  /// The same for one tensor: the first of what comes out.
  at::Tensor operator()(const at::Tensor& x);
  at::Tensor operator()(const at::Tensor& x, const at::Tensor& y);

  /// Is told what came in and what goes out, each time, which it may change; answers a number that takes it off again. A
  /// hook may add others and take off any, itself too: they count from the next pass on.
  using Hook = std::function<void(Module&, const Flow& input, Flow& output)>;
  int add_hook(Hook hook);
  void remove_hook(int number);
  /// Whether code beside Lumir's layers sees what goes through it, and may look at how it lies.
  virtual bool is_watched() const { return !hooks_.empty(); }

  /// Its own parameters and buffers, in order.
  const std::vector<Slot>& slots() const { return slots_; }
  virtual std::vector<NamedModule> children() const { return children_; }

  bool training() const { return training_; }
  /// This one and all that it holds.
  void train(bool mode);
  /// Whether optimisers change its parameters and those of all that it holds.
  void freeze(bool frozen);
  /// Moves parameters and buffers in place; only floating-point ones change their type.
  void to(std::optional<at::Device> device, std::optional<at::ScalarType> type);
  /// Parameters and persistent buffers as arrays on their memory.
  State state() const override;
  /// All or nothing. Throws Error, begun by `who`, for a name that is missing, or one too many, or of another shape. What
  /// takes its sizes from what it first sees takes them from here.
  void load_state(const State& state, const std::string& who) override;

  /// What it was last trained or judged on: chain, classes, label, without an estimator. Null: on nothing yet.
  const std::shared_ptr<const model::Model>& about() const { return about_; }
  void set_about(std::shared_ptr<const model::Model> about) { about_ = std::move(about); }

  /// Places of targets among its inputs, from 0, which count classes from 1 in Lua (CrossEntropyLoss: the second).
  virtual std::vector<size_t> positions() const { return {}; }
  /// Which results are positions, for Lua.
  virtual std::vector<size_t> result_positions() const { return {}; }

 protected:
  explicit Module(const Entry& entry) : entry_(&entry) {}
  /// Its description, but for what is known of all modules.
  virtual Map describe() const;
  friend ModulePtr make_module(const std::string& name, const Map& options);

  /// Makes parameters and children; called once, after the constructor.
  virtual void build() {}
  /// Is told its own arrays before they are loaded: for what takes its sizes from what it first sees. What it draws then
  /// and what it becomes is taken back where the state turns out not to fit.
  virtual void expect(const State& /*own*/) {}
  /// Takes weights that were drawn late to the device and the type that `to` has asked for; to the device of `x` where
  /// it has asked for none.
  void catch_up(const at::Tensor& x);
  /// Answers from now on to another registered name, whose options it has: a LazyLinear that knows its sizes is a
  /// Linear.
  void become(const std::string& full_name) { entry_ = find_entry(full_name); }
  virtual Flow flow(const Flow& input) = 0;

  /// Registers a member as a parameter or a buffer that holds `value`; the member stays where it is. A slot of that name
  /// gives way to it, in its place.
  void add_parameter(const std::string& name, at::Tensor& member, at::Tensor value);
  void add_buffer(const std::string& name, at::Tensor& member, at::Tensor value, bool persistent = true);
  /// Throws ArgumentError for one that holds this module, and for modules that are nested too deep.
  void add_child(const std::string& name, ModulePtr module);
  /// The same; one of that name gives way to it, in its place.
  void replace_child(const std::string& name, ModulePtr module);
  /// Lets the child or the slot of a name go, if there is one.
  void remove_part(const std::string& name);

 private:
  using Values = std::vector<std::pair<at::Tensor*, at::Tensor>>;
  void put_slot(Slot slot);
  void check_child(const std::string& name, const ModulePtr& module) const;
  Value describe_whole() const;
  void expect_all(const State& state, const std::string& prefix);
  Values values_in(const State& state, const std::string& who);
  const Entry* entry_;
  bool training_ = true;
  std::optional<at::Device> device_;  // that `to` asked for last
  std::optional<at::ScalarType> type_;
  std::vector<Slot> slots_;
  std::vector<NamedModule> children_;
  std::vector<std::pair<int, Hook>> hooks_;
  int hooks_so_far_ = 0;
  std::shared_ptr<const model::Model> about_;
};

/// One tensor in, one out: most layers.
class Layer : public Module {
 protected:
  using Module::Module;
  virtual at::Tensor forward(const at::Tensor& x) = 0;
  /// The same where true lengths are known: for what looks at whole sequences.
  virtual at::Tensor forward_timed(const at::Tensor& x, const at::Tensor& /*lengths*/) { return forward(x); }
  /// The true lengths of what comes out; undefined where there is no time any more. Unless overridden, as they were.
  virtual at::Tensor lengths_after(const at::Tensor& lengths) const { return lengths; }
  Flow flow(const Flow& input) override;
};

/// An outcome and a target in, a number (or one for each row) out.
class Loss : public Module {
 protected:
  using Module::Module;
  virtual at::Tensor forward(const at::Tensor& outcome, const at::Tensor& target) = 0;
  Flow flow(const Flow& input) override;
};

/// Throws ArgumentError, begun by `who`, where anything else than "lengths" flows in by name.
void refuse_names_but_lengths(const Flow& input, const std::string& who);

/// Builds one by registered name ("nn.Linear" or "Linear"); throws ArgumentError with the nearest name.
ModulePtr make_module(const std::string& name, const Map& options);
/// From a description; throws ArgumentError where it is none.
ModulePtr make_module(const Value& description);
/// The same for one that stands inside of another, which is being read: it may be a module of that again.
ModulePtr make_part(const Value& description);
/// True for the entry of one.
bool is_module(const Entry& entry);
/// One of the same description, with copies of the weights; the random numbers of weights do not go on. Throws
/// ArgumentError where a part is written in Lua.
ModulePtr clone(Module& module);

/// Itself and all that it holds with their paths ("" for itself, "0", "3.shortcut.0"), outermost first; each once, by
/// the first of its paths.
std::vector<NamedModule> all_of(const ModulePtr& module);
/// Every parameter and buffer with its path, in PyTorch's order; each once, by the first of its names.
std::vector<Slot> slots_of(Module& module);
/// The same under all their names.
std::vector<Slot> named_slots_of(Module& module);
/// How many numbers are trained.
int64_t count_parameters(Module& module);
/// The network as text, a module a line, as PyTorch prints it.
std::string show_tree(const Module& module);

/// A module whose options are a described struct: Kind is Layer, Loss or Module.
template <class Kind, class OptionsStruct>
class Described : public Kind {
 public:
  using Options = OptionsStruct;
  Described(const Entry& entry, const Map& given) : Kind(entry), struct_(read_options<Options>(given, entry.name)) {}
  Map options() const override { return write_options(struct_); }

 protected:
  const Options& option() const { return struct_; }

 private:
  Options struct_;
};

template <class M>
struct RegisterModule {
  RegisterModule(const char* name, Words words, std::source_location where = std::source_location::current()) {
    const Entry& entry = register_entry("nn", name, std::move(words), schema_of<typename M::Options>(), where);
    Makers<Module>::add(
        entry, [](const Entry& found, const Map& options) -> ModulePtr { return std::make_shared<M>(found, options); });
  }
};

/// Registers a class under its own name: see the top of this file.
#define LUMIR_MODULE(Class, ...) \
  const ::lumir::nn::RegisterModule<Class> Class##_registered { #Class, __VA_ARGS__ }

}  // namespace lumir::nn

namespace lumir::detail {

/// A module as an option of another: the very object that was given; in a description, its description.
template <>
struct Field<nn::ModulePtr> {
  static std::string type(const Parameter&) { return "module"; }
  static nn::ModulePtr read(const std::string& who, const Parameter& parameter, const Value& value);
  static Value write(const nn::ModulePtr& module) { return module ? module->description() : Value(); }
};

}  // namespace lumir::detail
