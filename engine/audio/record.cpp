// Record: a clip from the microphone.

#include "audio/device.h"
#include "audio/generator.h"

namespace lumir::audio {
namespace {

struct RecordOptions : SignalOptions {
  int channels = 1;
  std::optional<std::string> device;

  static Schema schema() {
    return extend(signal_schema<RecordOptions>(),
                  Option{"channels", &RecordOptions::channels, "1 is mono, 2 stereo", Range{1, 8}},
                  Option{"device", &RecordOptions::device, "its name; 'none' is the system's choice"});
  }
};

Clip record_clip(const RecordOptions& options) {
  return record(options.length(), options.rate, options.channels, options.device);
}

const RegisterGenerator<RecordOptions> record_entry{"record",
                                                    record_clip,
                                                    {.summary = "Records from the microphone; Ctrl-C ends it.",
                                                     .returns = "a Clip of [channels, samples]",
                                                     .example = "audio.record { seconds = 0.2, rate = 16000 }",
                                                     .source = "SDL2"}};

}  // namespace
}  // namespace lumir::audio
