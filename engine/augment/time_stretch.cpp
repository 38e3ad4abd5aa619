// Time stretching: another tempo, the same pitch.

#include "augment/effect.h"
#include "augment/vocoder.h"

namespace lumir::augment {
namespace {

struct TimeStretchOptions : VocoderOptions {
  double rate = 1;

  static Schema schema() {
    using Own = TimeStretchOptions;
    return {
        Option{"rate", &Own::rate, "2 is twice as fast", Range{0.05, 20}},
        Option{"n_fft", static_cast<int Own::*>(&Own::n_fft), "samples of a frame", Unit{"samples"}, Range{16, 65536}},
        Option{"hop_length", static_cast<std::optional<int> Own::*>(&Own::hop_length),
               "from one frame to the next; 'none' is a quarter of n_fft", Unit{"samples"}, Range{1, upto("n_fft")}}};
  }
};

Clip time_stretch(const Clip& clip, const TimeStretchOptions& options) {
  return each_channel(clip, [&](std::span<const float> samples) { return stretched(samples, options.rate, options); });
}

const RegisterEffect<TimeStretchOptions> time_stretch_effect{
    "time_stretch",
    time_stretch,
    {.summary = "Faster or slower at the same pitch (phase vocoder).",
     .options = "{ rate = 1.1 }",
     .varied = "{ rate = { 0.9, 1.1 } }",
     .source = "librosa.effects.time_stretch; Ellis, A Phase Vocoder in Matlab (2002)",
     .returns = "a Clip of [channels, samples / rate]"}};

}  // namespace
}  // namespace lumir::augment
