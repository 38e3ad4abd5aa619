// The percussive sound of a clip: drums without tones.

#include "audio/clip.h"
#include "core/step.h"
#include "feature/separated_clip.h"

namespace lumir::feature {
namespace {

struct PercussiveOptions : HpssOptions {
  static Schema schema() { return hpss_schema<PercussiveOptions>(); }
};

audio::Clip percussive(const audio::Clip& clip, const PercussiveOptions& options) {
  return separated_clip(clip, options, {.harmonic = false, .percussive = true}, "percussive");
}

const RegisterStep<PercussiveOptions, audio::Clip, audio::Clip> percussive_step{
    "feature",
    "percussive",
    percussive,
    "a clip",
    {.summary = "The clip without what is harmonic: medians over frequency against medians over time.",
     .returns = "a Clip of [channels, samples]",
     .example = "feature.percussive(clip, { margin = 2 })",
     .source = "FitzGerald, Harmonic/percussive separation using median filtering (2010); librosa.effects.percussive",
     .input = "clip"}};

}  // namespace
}  // namespace lumir::feature
