// feature.set 'gtzan': the 57 numbers about a clip of the published tables features_30_sec.csv and features_3_sec.csv.
//
// Made with librosa 0.7, which mirrors the sound at its ends; mean and variance over all rows of a feature, but for the
// MFCC, whose rows stand one by one. `tempo` is the beat tracker's, whose onset envelope is a median over bands.

#include "feature/named_set.h"

namespace lumir::feature {
namespace {

NamedSet gtzan() {
  const Map mirrored{{"pad_mode", "reflect"}};
  Map beats = mirrored;
  beats["onset_aggregate"] = "median";
  NamedSet set;
  set.members = {
      member("chroma_stft", "feature.chroma_stft", mirrored),
      member("rms", "feature.rms", mirrored),
      member("spectral_centroid", "feature.spectral_centroid", mirrored),
      member("spectral_bandwidth", "feature.spectral_bandwidth", mirrored),
      member("rolloff", "feature.spectral_rolloff", mirrored),
      member("zero_crossing_rate", "feature.zero_crossing_rate", {}),
      member("harmony", "feature.harmony", mirrored),
      member("perceptr", "feature.perceptr", mirrored),
      member("tempo", "feature.tempo", beats),
      member("mfcc", "feature.mfcc", mirrored),
  };
  set.describe = [](const Frames& frames) {
    const std::vector<Statistic> statistics = {{"mean", "set"}, {"var", "set"}};
    Description description;
    const auto describe = [&](const std::string& name, std::span<const float> numbers) {
      const auto values = statistics_of(numbers, statistics);
      description.names.insert(description.names.end(), {name + "_mean", name + "_var"});
      description.values.insert(description.values.end(), values.begin(), values.end());
    };
    const std::span<const float> all(frames.values);
    for (const Part& part : frames.parts) {
      if (part.gives != Gives::rows) {
        for (size_t i = part.first; i < part.first + part.rows; ++i) {
          description.names.push_back(frames.scalar_names[i]);
          description.values.push_back(frames.scalars[i]);
        }
      } else if (part.name == "mfcc") {
        for (size_t i = 0; i < part.rows; ++i) describe("mfcc" + std::to_string(i + 1), frames.row(part.first + i));
      } else {
        describe(part.name, all.subspan(part.first * frames.frames, part.rows * frames.frames));
      }
    }
    return description;
  };
  return set;
}

const RegisterSet gtzan_set{
    "gtzan",
    gtzan,
    {.summary = "The 57 numbers of the GTZAN tables, for clips of 30 s and of 3 s, in the order of their columns.",
     .returns = "a Description of 57 numbers: chroma_stft_mean to mfcc20_var",
     .example = "feature.set 'gtzan'",
     .source = "features_30_sec.csv and features_3_sec.csv of the GTZAN dataset; librosa 0.7"}};

}  // namespace
}  // namespace lumir::feature
