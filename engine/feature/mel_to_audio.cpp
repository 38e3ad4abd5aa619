// Sound out of mel bands: magnitudes first, then phases that suit them.

#include "feature/frames_step.h"
#include "feature/mel_inverse.h"
#include "signal/phases.h"

namespace lumir::feature {
namespace {

struct MelToAudioOptions : PhaseOptions, BandOptions {
  MelToAudioOptions() {
    n_fft = 2048;
    hop_length = 512;
  }
  static Schema schema() { return with_bands<MelToAudioOptions>(phase_schema<MelToAudioOptions>(), "norm"); }
};

audio::Clip sound_of(Frames bands, const MelToAudioOptions& options) {
  const std::vector<float> values(bands.values.begin(), bands.values.end());
  return sound_of_bands(values, static_cast<int>(bands.rows), options, options, "mel_to_audio");
}

const RegisterFramesStep mel_to_audio_step{
    "mel_to_audio",
    sound_of,
    {.summary = "Sound out of a mel spectrogram of powers.",
     .returns = "a Clip of [1, samples]",
     .example = "feature.mel_to_audio(feature.melspectrogram(clip), { rate = clip.rate, n_iter = 2 })",
     .source = "librosa.feature.inverse.mel_to_audio",
     .input = "melspectrogram"}};

}  // namespace
}  // namespace lumir::feature
