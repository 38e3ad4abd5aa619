// feature.set 'fma': the 518 numbers about a track that come with the Free Music Archive dataset.
//
// As its script features.py works them out, with the librosa 0.5 of its day: sound is mirrored at its ends;
// seven statistics of each row. The script leaves the rate out where it hands over a spectrogram, so all
// spectral features but the MFCC take every track for one of 22,050 Hz; a table that is to stand beside the
// published one must do the same.

#include "feature/named_set.h"

namespace lumir::feature {
namespace {

constexpr int kBelievedRate = 22050;  // librosa's default

NamedSet fma() {
  const Map mirrored{{"pad_mode", "reflect"}};
  const Map pitch{{"bins_per_octave", 12}, {"pad_mode", "reflect"}};
  Map tonal = pitch;
  tonal["chroma"] = "cens";
  NamedSet set;
  set.members = {
      member("chroma_cens", "feature.chroma_cens", pitch),
      member("chroma_cqt", "feature.chroma_cqt", pitch),
      member("chroma_stft", "feature.chroma_stft", mirrored, kBelievedRate),
      member("mfcc", "feature.mfcc", mirrored),
      member("rmse", "feature.spectral_rms", mirrored),
      member("spectral_bandwidth", "feature.spectral_bandwidth", mirrored, kBelievedRate),
      member("spectral_centroid", "feature.spectral_centroid", mirrored, kBelievedRate),
      member("spectral_contrast", "feature.spectral_contrast", mirrored, kBelievedRate),
      member("spectral_rolloff", "feature.spectral_rolloff", mirrored, kBelievedRate),
      member("tonnetz", "feature.tonnetz", tonal),
      member("zcr", "feature.zero_crossing_rate", {}),
  };
  set.describe = [](const Frames& frames) {
    std::vector<Statistic> statistics;
    for (const char* word : {"kurtosis", "max", "mean", "median", "min", "skew", "std"})
      statistics.emplace_back(word, "set");
    Description description;
    for (const Part& part : frames.parts) {
      std::vector<std::vector<double>> rows;
      for (size_t i = 0; i < part.rows; ++i) rows.push_back(statistics_of(frames.row(part.first + i), statistics));
      for (size_t s = 0; s < statistics.size(); ++s) {
        for (size_t i = 0; i < part.rows; ++i) {
          const std::string number = (i < 9 ? "_0" : "_") + std::to_string(i + 1);
          description.names.push_back(part.name + "_" + statistics[s].word() + number);
          description.values.push_back(rows[i][s]);
        }
      }
    }
    return description;
  };
  return set;
}

const RegisterSet fma_set{
    "fma",
    fma,
    {.summary = "The 518 features of the Free Music Archive dataset, in the order of its table's columns.",
     .returns = "a Description of 518 numbers: chroma_cens_kurtosis_01 to zcr_std_01",
     .example = "feature.set 'fma'",
     .source = "Defferrard, Benzi, Vandergheynst and Bresson, FMA: a dataset for music analysis (2017), features.py"}};

}  // namespace
}  // namespace lumir::feature
