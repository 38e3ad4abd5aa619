// Perceptr, as the GTZAN tables call it: mean and variance of the samples of a clip's percussive sound.
//
// The published tables were made with librosa 0.7, whose spectrograms mirror the sound at its ends: pad_mode
// = 'reflect' gives their numbers.

#include "feature/extractor.h"
#include "feature/moments.h"

namespace lumir::feature {
namespace {

struct PerceptrOptions : EnergyOptions {
  std::string row_name(int row) const { return row == 0 ? "perceptr_mean" : "perceptr_var"; }
  static Schema schema() { return hpss_schema<PerceptrOptions>(); }
};

NodePtr perceptr(const PerceptrOptions& options, int) { return percussive_moments(options); }

LUMIR_FEATURE_NODE(
    perceptr, PerceptrOptions,
    {
        .summary = "Mean and variance of the samples of the percussive sound.",
        .returns = "two numbers, perceptr_mean and perceptr_var, 1 for full scale",
        .example = "feature.perceptr(clip, { pad_mode = 'reflect' }).perceptr_var",
        .source =
            "the columns of the GTZAN tables features_30_sec.csv and features_3_sec.csv; librosa.effects.percussive",
        .input = "clip",
    });

}  // namespace
}  // namespace lumir::feature
