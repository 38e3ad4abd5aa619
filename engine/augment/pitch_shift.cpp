// Pitch shifting: higher or lower at the same tempo. Stretched in time, then resampled to the old length.

#include <cmath>

#include "audio/soxr_stream.h"
#include "augment/effect.h"
#include "augment/vocoder.h"

namespace lumir::augment {
namespace {

struct PitchShiftOptions : VocoderOptions {
  double n_steps = 0;
  int bins_per_octave = 12;

  static Schema schema() {
    using Own = PitchShiftOptions;
    return {
        Option{"n_steps", &Own::n_steps, "above 0 is higher; fractions work", Unit{"steps"}, Range{-48, 48}},
        Option{"bins_per_octave", &Own::bins_per_octave, "steps of an octave: 12 are semitones", Range{1, 1200}},
        Option{"n_fft", static_cast<int Own::*>(&Own::n_fft), "samples of a frame", Unit{"samples"}, Range{16, 65536}},
        Option{"hop_length", static_cast<std::optional<int> Own::*>(&Own::hop_length),
               "from one frame to the next; 'none' is a quarter of n_fft", Unit{"samples"}, Range{1, upto("n_fft")}}};
  }
};

Clip pitch_shift(const Clip& clip, const PitchShiftOptions& options) {
  const double rate = std::exp2(-options.n_steps / options.bins_per_octave);
  return each_channel(clip, [&](std::span<const float> samples) {
    const audio::Planes slow{stretched(samples, rate, options)};
    audio::Planes out(1);
    audio::SoxrStream resampler(1, 1 / rate, 1);
    resampler.push(slow, slow[0].size(), out);
    resampler.finish(out);
    out[0].resize(samples.size());
    return std::move(out[0]);
  });
}

const RegisterEffect<PitchShiftOptions> pitch_shift_effect{
    "pitch_shift",
    pitch_shift,
    {.summary = "Higher or lower at the same tempo (phase vocoder, then soxr); the clip keeps its length.",
     .options = "{ n_steps = 2 }",
     .varied = "{ n_steps = { -2, 2 } }",
     .source = "librosa.effects.pitch_shift"}};

}  // namespace
}  // namespace lumir::augment
