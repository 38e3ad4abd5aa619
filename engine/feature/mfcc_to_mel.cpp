// Mel bands out of cepstral coefficients.

#include "feature/mfcc_inverse.h"

namespace lumir::feature {
namespace {

struct MfccToMelOptions : CepstrumOptions {
  static Schema schema() { return cepstrum_schema<MfccToMelOptions>(); }
};

Frames mel_bands(Frames coefficients, const MfccToMelOptions& options) {
  return bands_of_cepstrum(coefficients, options, "mfcc_to_mel");
}

const RegisterFramesStep mfcc_to_mel_step{
    "mfcc_to_mel",
    mel_bands,
    {.summary = "Powers in mel bands out of cepstral coefficients: smoother than those they were made of.",
     .returns = "[n_mels, frames], power",
     .example = "feature.mfcc_to_mel(feature.mfcc(clip))",
     .source = "librosa.feature.inverse.mfcc_to_mel",
     .input = "mfcc"}};

}  // namespace
}  // namespace lumir::feature
