// audio.load: a path becomes a Clip.

#include "audio/decode.h"
#include "core/observer.h"
#include "core/step.h"

namespace lumir::audio {
namespace {

struct LoadOptions {
  std::optional<int> rate = 22050;
  bool mono = true;
  double offset = 0;
  std::optional<double> duration;

  static Schema schema() {
    return {
        Option{"rate", &LoadOptions::rate, "sample rate; 'none' keeps the file's own", Unit{"Hz"}, Range{1, 768000}},
        Option{"mono", &LoadOptions::mono, "the mean of the channels"},
        Option{"offset", &LoadOptions::offset, "where to begin; what lies before is not decoded", Unit{"s"},
               Range{0, 1e6}},
        Option{"duration", &LoadOptions::duration, "how much to read; 'none' reads to the end", Unit{"s"}, kPositive}};
  }
};

Clip load(const std::string& path, const LoadOptions& options) {
  Decoded file = decode(path, {options.rate, options.mono, options.offset, options.duration});
  for (const auto& line : file.warnings) observer().warn(line);
  return std::move(file.clip);
}

const RegisterStep<LoadOptions, std::string, Clip> load_step{
    "audio",
    "load",
    load,
    "a path",
    {.summary = "Reads a recording: decoded, downmixed, resampled with soxr.",
     .returns = "a Clip of [channels, samples], -1 to 1",
     .example = "audio.load(path, { rate = 16000 })",
     .source = "librosa.load, with res_type = 'soxr_hq'",
     .input = "path"}};

}  // namespace
}  // namespace lumir::audio
