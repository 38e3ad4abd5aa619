// The harmonic sound of a clip: tones without drums.

#include "audio/clip.h"
#include "core/step.h"
#include "feature/separated_clip.h"

namespace lumir::feature {
namespace {

struct HarmonicOptions : HpssOptions {
  static Schema schema() { return hpss_schema<HarmonicOptions>(); }
};

audio::Clip harmonic(const audio::Clip& clip, const HarmonicOptions& options) {
  return separated_clip(clip, options, {.harmonic = true, .percussive = false}, "harmonic");
}

const RegisterStep<HarmonicOptions, audio::Clip, audio::Clip> harmonic_step{
    "feature",
    "harmonic",
    harmonic,
    "a clip",
    {.summary = "The clip without what is percussive: medians over time against medians over frequency.",
     .returns = "a Clip of [channels, samples]",
     .example = "feature.harmonic(clip, { margin = 2 })",
     .source = "FitzGerald, Harmonic/percussive separation using median filtering (2010); librosa.effects.harmonic",
     .input = "clip"}};

}  // namespace
}  // namespace lumir::feature
