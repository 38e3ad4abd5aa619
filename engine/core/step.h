// A Step turns one thing into another: a path into a Clip, a Clip into frames, frames into a row.
//
// A step is data (a name and options) and a pure function. The data rebuild it anywhere: in a cache key, in a model
// file, in another process. What flows is a std::any that holds one of the engine's value types (std::string for a
// path, audio::Clip, feature::Frames, data::Row, at::Tensor).

#pragma once

#include <any>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/kind.h"
#include "core/registry.h"
#include "core/value.h"

namespace lumir {

class Step {
 public:
  virtual ~Step() = default;
  /// Called from many threads at once. Throws ArgumentError where the input is of a kind it cannot take.
  virtual std::any apply(const std::any& input) const = 0;
  /// { name = "feature.mfcc", options = {...} }: enough for make_step.
  Value description() const;
  /// Registered name, "feature.mfcc".
  const std::string& name() const { return entry_->name; }
  const Entry& entry() const { return *entry_; }
  const Map& options() const { return options_; }
  /// What results depend on: description, versions and source hashes of this step and those inside it.
  virtual std::string key() const;

 protected:
  Step(const Entry& entry, Map options) : entry_(&entry), options_(std::move(options)) {}

 private:
  const Entry* entry_;
  Map options_;
};
using StepPtr = std::shared_ptr<const Step>;

/// What stands for one thing after a step that makes several of it (excerpts, copies): a chain goes on with each.
using Several = std::vector<std::any>;

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
/// "load { rate = 16000 } -> mfcc { n_mfcc = 13 }": options that differ from their defaults only.
std::string show_step(const StepPtr& step);

/// What an input holds: a T of its own, or one that the caller lends (a `const T*`, so that a long clip is not copied);
/// null where it is something else. A step never passes a lent one on.
template <class T>
const T* held_as(const std::any& input) {
  if (const T* own = std::any_cast<T>(&input)) return own;
  const auto* lent = std::any_cast<const T*>(&input);
  return lent ? *lent : nullptr;
}

/// The input as a T; else ArgumentError "mfcc: takes a clip, got a path".
template <class T>
const T& input_as(const std::any& input, const std::string& who, const char* wanted);
[[noreturn]] void wrong_input(const std::string& who, const char* wanted, const std::any& input);
template <class T>
const T& input_as(const std::any& input, const std::string& who, const char* wanted) {
  if (const T* held = held_as<T>(input)) return *held;
  wrong_input(who, wanted, input);
}

/// A step whose whole work is one function of its options and one input type.
template <class Options, class Input, class Output>
class FunctionStep final : public Step {
 public:
  using Function = Output (*)(const Input&, const Options&);
  FunctionStep(const Entry& entry, const Map& options, Function function, const char* wanted)
      : FunctionStep(entry, read_options<Options>(options, entry.name), function, wanted) {}
  std::any apply(const std::any& input) const override {
    return function_(input_as<Input>(input, name(), wanted_), options_);
  }

 private:
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
  RegisterStep(const char* module, const char* name, Output (*function)(const Input&, const Options&),
               const char* wanted, Words words,
               std::source_location where = std::source_location::current()) {
    const Entry& entry = register_entry(module, name, std::move(words), schema_of<Options>(), where);
    register_step(entry, [&entry, function, wanted](const Map& options) -> StepPtr {
      return std::make_shared<FunctionStep<Options, Input, Output>>(entry, options, function, wanted);
    });
  }
};

}  // namespace lumir
