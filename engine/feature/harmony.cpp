// Harmony: mean and variance of the samples of a clip's harmonic sound, two columns of the GTZAN tables.
//
// The published tables were made with librosa 0.7, whose spectrograms mirror the sound at its ends: pad_mode
// = 'reflect' gives their numbers.

#include "feature/extractor.h"
#include "feature/moments.h"

namespace lumir::feature {
namespace {

struct HarmonyOptions : EnergyOptions {
  std::string row_name(int row) const { return row == 0 ? "harmony_mean" : "harmony_var"; }
  static Schema schema() { return hpss_schema<HarmonyOptions>(); }
};

NodePtr harmony(const HarmonyOptions& options, int) { return harmonic_moments(options); }

LUMIR_FEATURE_NODE(
    harmony, HarmonyOptions,
    {
        .summary = "Mean and variance of the samples of the harmonic sound.",
        .returns = "two numbers, harmony_mean and harmony_var, 1 for full scale",
        .example = "feature.harmony(clip, { pad_mode = 'reflect' }).harmony_var",
        .source =
            "the columns of the GTZAN tables features_30_sec.csv and features_3_sec.csv; librosa.effects.harmonic",
        .input = "clip",
    });

}  // namespace
}  // namespace lumir::feature
