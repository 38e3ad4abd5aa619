// Sound out of cepstral coefficients: what a classifier that sees them hears.

#include "feature/mel_inverse.h"
#include "feature/mfcc_inverse.h"
#include "signal/phases.h"

namespace lumir::feature {
namespace {

struct MfccToAudioOptions : CepstrumOptions, PhaseOptions, BandOptions {
  MfccToAudioOptions() {
    n_fft = 2048;
    hop_length = 512;
  }
  static Schema schema() {
    Schema schema = cepstrum_schema<MfccToAudioOptions>();
    for (auto& parameter : phase_schema<MfccToAudioOptions>()) schema.push_back(parameter);
    return with_bands<MfccToAudioOptions>(std::move(schema), "mel_norm");
  }
};

audio::Clip sound_of(Frames coefficients, const MfccToAudioOptions& options) {
  const Frames bands = bands_of_cepstrum(coefficients, options, "mfcc_to_audio");
  const std::vector<float> values(bands.values.begin(), bands.values.end());
  return sound_of_bands(values, options.n_mels, options, options, "mfcc_to_audio");
}

const RegisterFramesStep mfcc_to_audio_step{
    "mfcc_to_audio",
    sound_of,
    {.summary = "Sound out of cepstral coefficients.",
     .returns = "a Clip of [1, samples]",
     .example = "feature.mfcc_to_audio(feature.mfcc(clip), { rate = clip.rate, n_iter = 2 })",
     .source = "librosa.feature.inverse.mfcc_to_audio",
     .input = "mfcc"}};

}  // namespace
}  // namespace lumir::feature
