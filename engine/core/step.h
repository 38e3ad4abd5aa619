// A Step turns one thing into another: a path into a Clip, a Clip into frames, frames into a row.
//
// A step is data (a name and options) and a pure function of its input and of the context in which it is called (epoch,
// copy, seed, device). The data rebuild it anywhere: in a cache key, in a model file, in another process. What flows is
// a std::any that holds one of the engine's value types (std::string for a path, audio::Clip, feature::Frames,
// feature::Description, at::Tensor).

#pragma once

#include <any>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "core/context.h"
#include "core/kind.h"
#include "core/registry.h"
#include "core/value.h"

namespace lumir {

class Step;
using StepPtr = std::shared_ptr<const Step>;

/// What stands for one thing after a step that makes several of it (excerpts, copies): a chain goes on with each.
using Several = std::vector<std::any>;

/// Takes a result of the input of that number.
using Emit = std::function<void(size_t input, std::any result)>;

class Step {
 public:
  virtual ~Step() = default;
  /// Called from many threads at once. Throws ArgumentError where the input is of a kind it cannot take.
  virtual std::any apply(const std::any& input, const Context& context) const = 0;
  /// In the first epoch, by lumir.seed's seed.
  std::any apply(const std::any& input) const { return apply(input, Context{}); }
  /// Several inputs, each in a context of its own; one by one unless a step does better (a network does).
  virtual std::vector<std::any> apply_batch(std::span<const std::any> inputs, std::span<const Context> contexts) const;
  /// How many inputs apply_batch should get at once; more are for the caller to cut.
  virtual size_t batch_size() const { return 1; }
  /// Each result as soon as it is there, those of one input in order: what makes several things of one long one need
  /// not hold all that comes of them.
  virtual void apply_each(std::span<const std::any> inputs, std::span<const Context> contexts, const Emit& emit) const;
  /// True where results depend on the context's seed, epoch, row and place; such a step has the option `seed`, or steps
  /// inside it have.
  virtual bool draws() const;
  /// The steps that this one is made of; none for most.
  virtual std::vector<StepPtr> inner() const { return {}; }
  /// { name = "feature.mfcc", options = {...} }: enough for make_step.
  Value description() const;
  /// Registered name, "feature.mfcc".
  const std::string& name() const { return entry_->name; }
  const Entry& entry() const { return *entry_; }
  const Map& options() const { return options_; }
  /// What results depend on: description, versions, source hashes and seeds of this step and those inside it.
  virtual std::string key() const;

 protected:
  Step(const Entry& entry, Map options) : entry_(&entry), options_(std::move(options)) {}
  /// Where this step draws from: its own option `seed`, where that is set, and the content of its input, where nothing
  /// stands for it yet.
  Context drawing(const std::any& input, const Context& context) const;

 private:
  const Entry* entry_;
  Map options_;
};

/// Builds a step from the options of its entry (already a plain map); registered beside the entry.
using StepFactory = std::function<StepPtr(const Map& options)>;
void register_step(const Entry& entry, StepFactory factory);
/// True where `full_name` can be a step.
bool is_step(std::string_view full_name);
StepPtr make_step(std::string_view full_name, const Map& options);
/// From a description; throws ArgumentError where it is none or names an unknown step.
StepPtr make_step(const Value& description);
/// `lumir.chain { a, b, c }`; its output is that of the last.
StepPtr make_chain(std::vector<StepPtr> steps);
/// The steps of a chain; a step that is none is a chain of one.
std::vector<StepPtr> steps_of(const StepPtr& step);
/// The steps of a chain and all that those are made of (the features of a set, the steps of copies), each
/// before what is inside it.
std::vector<StepPtr> all_steps(const StepPtr& step);
/// Calls a step by itself, outside any pass over data. A step that draws does so anew in each call, and in the same way
/// after each setting of the seed.
std::any call_step(const Step& step, const std::any& input);
/// "load { rate = 16000 } -> mfcc { n_mfcc = 13 }": options that differ from their defaults only.
std::string show_step(const StepPtr& step);

/// The input as a T; else ArgumentError "mfcc: takes a clip, got a path".
template <class T>
const T& input_as(const std::any& input, const std::string& who, const char* wanted);
[[noreturn]] void wrong_input(const std::string& who, const char* wanted, const std::any& input);
template <class T>
const T& input_as(const std::any& input, const std::string& who, const char* wanted) {
  if (const T* held = held_as<T>(input)) return *held;
  wrong_input(who, wanted, input);
}

/// The option `seed` of S, a std::optional<int>: what draws has it.
template <class S>
Option seed_option() {
  return Option{"seed", &S::seed, "of what is drawn; 'none' takes lumir.seed's", kNonNegative};
}

/// A step whose whole work is one function of its input and its options, and of one thing more where it needs it: a
/// Random& where it draws, a const Context& where it must know where it is.
template <class Options, class Input, class Output, class... Third>
class FunctionStep final : public Step {
 public:
  using Function = Output (*)(const Input&, const Options&, Third...);
  FunctionStep(const Entry& entry, const Map& options, Function function, const char* wanted)
      : FunctionStep(entry, read_options<Options>(options, entry.name), function, wanted) {}
  std::any apply(const std::any& input, const Context& context) const override {
    const Input& held = input_as<Input>(input, name(), wanted_);
    if constexpr (kDraws) {
      Random random = drawing(input, context).random();
      return function_(held, options_, random);
    } else if constexpr (sizeof...(Third) > 0) {
      return function_(held, options_, context);
    } else {
      return function_(held, options_);
    }
  }
  bool draws() const override { return kDraws; }

 private:
  static constexpr bool kDraws = (std::is_same_v<Third, Random&> || ...);
  static_assert(
      !kDraws || requires(Options options) { options.seed; }, "what draws has seed_option among its options");
  FunctionStep(const Entry& entry, Options options, Function function, const char* wanted)
      : Step(entry, write_options(options)), options_(std::move(options)), function_(function), wanted_(wanted) {}
  Options options_;
  Function function_;
  const char* wanted_;
};

/// Registers a function as a step: `const RegisterStep<TrimOptions, Clip, Clip> trim_step{"audio", "trim", trim,
/// "a clip", {.summary = ...}};`
template <class Options, class Input, class Output>
struct RegisterStep {
  template <class... Third>
  RegisterStep(const char* module, const char* name, Output (*function)(const Input&, const Options&, Third...),
               const char* wanted, Words words, std::source_location where = std::source_location::current()) {
    const Entry& entry = register_entry(module, name, std::move(words), schema_of<Options>(), where);
    register_step(entry, [&entry, function, wanted](const Map& options) -> StepPtr {
      return std::make_shared<FunctionStep<Options, Input, Output, Third...>>(entry, options, function, wanted);
    });
  }
};

}  // namespace lumir
