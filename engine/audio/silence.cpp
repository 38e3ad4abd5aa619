// Silence: zeros that know how long they last.

#include "audio/generator.h"

namespace lumir::audio {
namespace {

struct SilenceOptions : SignalOptions {
  static Schema schema() { return signal_schema<SilenceOptions>(); }
};

Clip silence(const SilenceOptions& options) { return {Floats(options.length()), 1, options.rate}; }

const RegisterGenerator<SilenceOptions> silence_entry{"silence",
                                                      silence,
                                                      {.summary = "Nothing but zeros.",
                                                       .returns = "a Clip of [1, samples]",
                                                       .example = "audio.silence { seconds = 1 }",
                                                       .source = "Lumir's own"}};

}  // namespace
}  // namespace lumir::audio
