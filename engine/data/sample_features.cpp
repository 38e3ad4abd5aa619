// Samples that stand in for the published tables of features: numbers that were drawn, laid out as GTZAN's and FMA's.
//
// A genre has a place in every column, a song one of its own around it, and each 3 s of a song lie close to the song. So
// songs are told apart far more easily than genres, which is how a split leaks that deals the parts of songs one by one.

#include <array>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "core/csv.h"
#include "core/random.h"
#include "data/sample.h"

namespace lumir::data {
namespace {

constexpr int kVersion = 1;

using Numbers = std::vector<double>;

Numbers drawn(size_t n, double spread, Random& random) {
  Numbers numbers(n);
  for (double& number : numbers) number = spread * random.normal();
  return numbers;
}

Numbers sum_of(Numbers one, const Numbers& other) {
  for (size_t i = 0; i < one.size(); ++i) one[i] += other[i];
  return one;
}

/// Every column has a size and a spread of its own, as Hz stand beside decibels.
std::string fields_of(const Numbers& numbers) {
  std::string text;
  for (size_t i = 0; i < numbers.size(); ++i) {
    const double size = std::pow(10.0, static_cast<double>(i % 7) - 2);
    text += "," + show_number(std::round(1e6 * (3 + numbers[i])) / 1e6 * size);
  }
  return text;
}

struct GtzanTables : SampleOptions {
  int tracks = 30;
  static Schema schema() {
    return {Option{"folder", &GtzanTables::folder, "where it stands; '' for data/sample/gtzan_features"},
            Option{"seed", &GtzanTables::seed, "of the draw"},
            Option{"tracks", &GtzanTables::tracks, "of each genre", Range{2, 1000}}};
  }
};

constexpr std::array kGtzanGenres{"blues", "classical", "country", "disco",  "hiphop",
                                  "jazz",  "metal",     "pop",     "reggae", "rock"};

std::string gtzan_head() {
  std::string head = "filename,length";
  for (const char* name : {"chroma_stft", "rms", "spectral_centroid", "spectral_bandwidth", "rolloff",
                           "zero_crossing_rate", "harmony", "perceptr"}) {
    head += std::string(",") + name + "_mean," + name + "_var";
  }
  head += ",tempo";
  for (int i = 1; i <= 20; ++i) head += ",mfcc" + std::to_string(i) + "_mean,mfcc" + std::to_string(i) + "_var";
  return head + ",label\n";
}

/// Both tables: 30 s are the mean of their ten parts.
std::pair<std::string, std::string> gtzan_tables(const GtzanTables& options) {
  constexpr size_t kColumns = 57, kParts = 10;
  const auto seed = static_cast<uint64_t>(options.seed);
  std::string whole = gtzan_head(), parts = whole;
  for (const std::string genre : kGtzanGenres) {
    Random random(seed, "gtzan features " + genre);
    const Numbers place = drawn(kColumns, 0.35, random);
    for (int track = 0; track < options.tracks; ++track) {
      const std::string name = genre + "." + with_digits(track, 5), label = "," + genre + "\n";
      const Numbers song = sum_of(place, drawn(kColumns, 0.8, random));
      Numbers mean(kColumns);
      for (size_t part = 0; part < kParts; ++part) {
        const Numbers heard = sum_of(song, drawn(kColumns, 0.3, random));
        for (size_t i = 0; i < kColumns; ++i) mean[i] += heard[i] / kParts;
        parts += name + "." + std::to_string(part) + ".wav,66149" + fields_of(heard) + label;
      }
      whole += name + ".wav,661794" + fields_of(mean) + label;
    }
  }
  return {whole, parts};
}

SamplePlan plan_gtzan_features(const GtzanTables& options) {
  SamplePlan plan;
  plan.about = "Numbers drawn by Lumir in place of GTZAN's tables of features: no music stands behind them.";
  plan.version = kVersion;
  plan.files = {{"Data/features_30_sec.csv", 0, [options] { return gtzan_tables(options).first; }},
                {"Data/features_3_sec.csv", 0, [options] { return gtzan_tables(options).second; }}};
  return plan;
}

const RegisterSample<GtzanTables> gtzan_features_sample{
    "gtzan_features",
    plan_gtzan_features,
    {.summary =
         "Drawn numbers in the layout of GTZAN's tables, where parts of a song are more alike than songs of a genre.",
     .returns = "a Sample, for data.gtzan_features",
     .example = "data.sample('gtzan_features', { tracks = 20 })",
     .source = "Lumir's own"}};

struct FmaTables : SampleOptions {
  int artists = 8;
  int tracks = 5;
  static Schema schema() {
    return {Option{"folder", &FmaTables::folder, "where it stands; '' for data/sample/fma_features"},
            Option{"seed", &FmaTables::seed, "of the draw"},
            Option{"artists", &FmaTables::artists, "of each genre; an eighth of them validate, an eighth test",
                   Range{3, 99}},
            Option{"tracks", &FmaTables::tracks, "of each artist", Range{1, 99}}};
  }
};

constexpr std::array kFmaGenres{"Electronic",   "Experimental",  "Folk", "Hip-Hop",
                                "Instrumental", "International", "Pop",  "Rock"};

struct FmaColumn {
  std::string feature, statistic, number;
};
std::vector<FmaColumn> fma_columns() {
  constexpr std::pair<const char*, int> kRows[] = {{"chroma_cens", 12},
                                                   {"chroma_cqt", 12},
                                                   {"chroma_stft", 12},
                                                   {"mfcc", 20},
                                                   {"rmse", 1},
                                                   {"spectral_bandwidth", 1},
                                                   {"spectral_centroid", 1},
                                                   {"spectral_contrast", 7},
                                                   {"spectral_rolloff", 1},
                                                   {"tonnetz", 6},
                                                   {"zcr", 1}};
  std::vector<FmaColumn> columns;
  for (const auto& [feature, rows] : kRows) {
    for (const char* statistic : {"kurtosis", "max", "mean", "median", "min", "skew", "std"}) {
      for (int i = 1; i <= rows; ++i) columns.push_back({feature, statistic, with_digits(i, 2)});
    }
  }
  return columns;
}

constexpr std::array kEchonest{"acousticness", "danceability", "energy", "instrumentalness",
                               "liveness",     "speechiness",  "tempo",  "valence"};

struct FmaText {
  std::string tracks =
      ",album,album,artist,artist,set,set,track,track\n"
      ",id,title,id,name,split,subset,genre_top,title\n"
      "track_id,,,,,,,,\n";
  std::string features, echonest;
};

void write_heads(FmaText& text) {
  const auto columns = fma_columns();
  std::string rows[] = {"feature", "statistics", "number", "track_id"};
  for (const auto& column : columns) {
    rows[0] += "," + column.feature;
    rows[1] += "," + column.statistic;
    rows[2] += "," + column.number;
    rows[3] += ",";
  }
  for (const auto& row : rows) text.features += row + "\n";
  std::string names[] = {"", "", "", "track_id"};
  for (const char* name : kEchonest) {
    names[0] += ",echonest";
    names[1] += ",audio_features";
    names[2] += std::string(",") + name;
    names[3] += ",";
  }
  for (const auto& row : names) text.echonest += row + "\n";
}

/// Seven of eight artists train but for two, the last quarter of them is of the medium subset alone.
FmaText fma_tables(const FmaTables& options) {
  const auto seed = static_cast<uint64_t>(options.seed);
  FmaText text;
  write_heads(text);
  const size_t columns = fma_columns().size();
  int id = 1, artist_id = 0;
  for (const std::string genre : kFmaGenres) {
    Random random(seed, "fma features " + genre);
    const Numbers place = drawn(columns, 0.22, random);
    const int aside = std::max(1, options.artists / 8);
    for (int artist = 0; artist < options.artists; ++artist) {
      ++artist_id;
      const Numbers style = sum_of(place, drawn(columns, 0.3, random));
      const char* side = artist < aside ? "test" : artist < 2 * aside ? "validation" : "training";
      const char* subset = artist % 4 == 3 ? "medium" : "small";
      for (int track = 0; track < options.tracks; ++track) {
        id += 1 + static_cast<int>(random.below(9));
        const std::string number = std::to_string(id), album = std::to_string(10 * artist_id + track / 3);
        text.tracks += number + "," + album + ",Album " + album + "," + std::to_string(artist_id) + ",Artist " +
                       std::to_string(artist_id) + "," + side + "," + subset + "," + csv_field(genre) + ",Piece " +
                       number + "\n";
        const Numbers heard = sum_of(style, drawn(columns, 0.9, random));
        text.features += number + fields_of(heard) + "\n";
        if (track % 2 == 0)
          text.echonest += number + fields_of({heard.begin(), heard.begin() + kEchonest.size()}) + "\n";
      }
    }
  }
  return text;
}

SamplePlan plan_fma_features(const FmaTables& options) {
  SamplePlan plan;
  plan.about = "Numbers drawn by Lumir in place of FMA's tables of features: no music stands behind them.";
  plan.version = kVersion;
  const auto add = [&](const std::string& name, std::string FmaText::*part) {
    plan.files.push_back({"fma_metadata/" + name, 0, [options, part] { return fma_tables(options).*part; }});
  };
  add("tracks.csv", &FmaText::tracks);
  add("features.csv", &FmaText::features);
  add("echonest.csv", &FmaText::echonest);
  return plan;
}

const RegisterSample<FmaTables> fma_features_sample{
    "fma_features",
    plan_fma_features,
    {.summary =
         "Drawn numbers in the layout of FMA's tables: artists, albums, the official split, 518 features, Echonest's.",
     .returns = "a Sample, for data.fma_features",
     .example = "data.sample('fma_features', { artists = 4 })",
     .source = "Lumir's own"}};

}  // namespace
}  // namespace lumir::data
