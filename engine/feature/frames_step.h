// Steps that take frames: what a chain gives them, or a tensor from Lua.
//
//   Frames power_to_db(Frames power, const PowerToDbOptions& options) { ... }
//   const RegisterFramesStep power_to_db_step{"power_to_db", power_to_db, {.summary = ...}};
//
// The function sees Frames and nothing else; one that only looks takes `const Frames&`. A tensor is [rows, frames],
// [frames], or has more dimensions before these two, which count as rows; where the answer is Frames, it goes back as
// what came in, in float32.

#pragma once

#include <any>
#include <optional>
#include <source_location>
#include <string>
#include <type_traits>
#include <vector>

#include "audio/clip.h"
#include "core/step.h"
#include "feature/plan/frames.h"
#include "feature/plan/terms.h"
#include "signal/blocks.h"

namespace lumir::feature {

using FrameValues = decltype(Frames::values);

/// What a step was given, as frames, and the way back.
class FramesInput {
 public:
  /// Throws ArgumentError where the input is neither.
  FramesInput(const std::any& input, const std::string& who);
  /// To look at, as long as the input and this are there; or to change.
  const Frames& look() const { return given_ ? *given_ : made_; }
  Frames take() {
    if (given_) return *given_;
    return std::move(made_);
  }

  /// Frames as what came in: frames or a tensor. Any other result as it is.
  std::any answer(Frames result) const;
  template <class Result>
  std::any answer(Result result) const {
    return result;
  }

 private:
  std::string who_;
  const Frames* given_ = nullptr;
  Frames made_;                                // of a tensor
  std::optional<std::vector<int64_t>> shape_;  // of a tensor
};

/// The rows, for kernels.
Track track_of(Frames& frames);

/// A step from frames to frames, to a tensor, a description or a clip.
template <class Options, class Input, class Output>
class FramesStep final : public Step {
 public:
  using Function = Output (*)(Input, const Options&);
  FramesStep(const Entry& entry, Options options, Function function)
      : Step(entry, write_options(options)), options_(std::move(options)), function_(function) {}
  std::any apply(const std::any& input, const Context&) const override {
    FramesInput given(input, name());
    if constexpr (std::is_reference_v<Input>) {
      return given.answer(function_(given.look(), options_));
    } else {
      return given.answer(function_(given.take(), options_));
    }
  }

 private:
  Options options_;
  Function function_;
};

/// Registers such a function under lumir.feature; see the top of this file. Options may have
/// `void check(const std::string& who) const`, for rules that a schema cannot say.
template <class Options, class Input, class Output>
struct RegisterFramesStep {
  RegisterFramesStep(const char* name, Output (*function)(Input, const Options&), Words words,
                     std::source_location where = std::source_location::current()) {
    const Entry& entry = register_entry("feature", name, std::move(words), schema_of<Options>(), where);
    register_step(entry, [&entry, function](const Map& given) -> StepPtr {
      auto options = read_options<Options>(given, entry.name);
      if constexpr (requires { options.check(entry.name); }) options.check(entry.name);
      return std::make_shared<FramesStep<Options, Input, Output>>(entry, std::move(options), function);
    });
  }
};

}  // namespace lumir::feature
