// What an effect's file includes. An effect is one file: options, the arithmetic, a registration; nothing else to edit.
//
//   struct GainOptions { double db = 0; static Schema schema(); };
//   Clip gain(const Clip& clip, const GainOptions& options) { ... }
//   const RegisterEffect<GainOptions> gain_effect{"gain", gain, {.summary = ..., .options = "{ db = -6 }",
//                                                                .varied = "{ db = { -12, 6 } }", ...}};
//
// From that come two steps: audio.gain, whose options are numbers, and augment.gain, where every number may also be
// { low, high }: it is then drawn anew, evenly, for each clip. What needs random numbers in any case (noise) takes a
// Random as third argument, and is in augment only.
//
// A draw depends on the seed (the option `seed`, else lumir.seed's), on the samples of the clip, and on epoch, copy and
// place as core/context.h has them: never on threads or on the order of the work.

#pragma once

#include <source_location>

#include "audio/arithmetic.h"
#include "core/denormals.h"
#include "core/random.h"
#include "core/step.h"

namespace lumir::augment {

using audio::Clip;
using audio::each_channel;
using audio::power_of;
using audio::samples_of;

/// A step that draws random numbers. Its options have `seed`.
class RandomStep : public Step {
 public:
  std::any apply(const std::any& input, const Context& context) const final;
  bool draws() const final { return true; }

 protected:
  using Step::Step;

 private:
  /// `context` stands for the clip, so that what is drawn from it, and from pieces of it, is this clip's.
  virtual Clip work(const Clip& clip, const Context& context) const = 0;
};

/// One step after the other, each in a piece of `context`. Throws ArgumentError, begun by `who`, where one does not
/// turn a clip into a clip.
Clip change_by(const std::vector<StepPtr>& steps, const Clip& clip, const Context& context, const std::string& who);

/// An effect in words.
struct EffectWords {
  std::string summary;
  std::string options;  // of the example: "{ db = -6 }"
  std::string varied;   // of augment's example: "{ db = { -12, 6 } }"
  std::string source;
  std::string returns = "a Clip of [channels, samples]";
  int version = 1;
};

namespace detail {

/// An effect without the type of its options.
struct Effect {
  std::string name;
  Schema schema;
  std::function<Clip(const Clip&, const Map& options, Random&)> run;
  std::function<Map(const Map& options)> complete;                    // checked, defaults filled in
  std::function<std::vector<std::string>(const Map& options)> files;  // whose content the result depends on
};
void add_audio_step(const Effect& effect, const EffectWords& words, std::source_location where);
void add_augment_step(const Effect& effect, const EffectWords& words, std::source_location where);

template <class Options, class Run>
Effect make_effect(const char* name, Run run) {
  const std::string who = name;
  Effect effect{who, schema_of<Options>(), {}, {}, {}};
  effect.run = [who, run](const Clip& clip, const Map& options, Random& random) {
    const FlushDenormals flush;
    return run(clip, read_options<Options>(options, who), random);
  };
  effect.complete = [who](const Map& options) { return write_options(read_options<Options>(options, who)); };
  effect.files = [who](const Map& options) -> std::vector<std::string> {
    const auto read = read_options<Options>(options, who);
    if constexpr (requires { read.files(); }) return read.files();
    return {};
  };
  return effect;
}

}  // namespace detail

/// See the top of this file. Options with `std::vector<std::string> files() const` name files that results depend on.
template <class Options>
struct RegisterEffect {
  RegisterEffect(const char* name, Clip (*function)(const Clip&, const Options&), const EffectWords& words,
                 std::source_location where = std::source_location::current()) {
    const auto effect = detail::make_effect<Options>(
        name, [function](const Clip& clip, const Options& options, Random&) { return function(clip, options); });
    detail::add_audio_step(effect, words, where);
    detail::add_augment_step(effect, words, where);
  }
  RegisterEffect(const char* name, Clip (*function)(const Clip&, const Options&, Random&), const EffectWords& words,
                 std::source_location where = std::source_location::current()) {
    detail::add_augment_step(detail::make_effect<Options>(name, function), words, where);
  }
};

}  // namespace lumir::augment
