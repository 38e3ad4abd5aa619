// GTZAN's tables of features as they are handed on: a row for each excerpt of 30 s, or for each 3 s of one.
//
//   Data/features_30_sec.csv     filename,length,chroma_stft_mean,...,mfcc20_var,label     blues.00000.wav
//   Data/features_3_sec.csv      the same                                                  blues.00000.0.wav
//
// Ten rows of 3 s are one song, and a classifier that has heard nine of them knows the tenth. So the song, which stands in
// the file name alone, is what splits and folds keep together.

#include <filesystem>

#include "core/error.h"
#include "data/csv_table.h"
#include "data/places.h"
#include "data/sample.h"
#include "data/table_reader.h"

namespace lumir::data {
namespace {

struct GtzanFeatures {
  int seconds = 30;
  static Schema schema() {
    return {Option{"seconds", &GtzanFeatures::seconds, "how long the excerpt of a row is: 30, or 3", Range{3, 30},
                   Unit{"s"}}};
  }
};

/// The file itself, or where people point at instead: its folder, or the one above.
std::string find_table(const std::string& root, const std::string& name) {
  if (is_file(root)) return root;
  for (const auto& place : places_in_root(root)) {
    if (is_file(place / name)) return (place / name).string();
  }
  require_there(root);
  throw Error(root + ": no " + name + " in it or in a folder of it");
}

/// "blues.00000" of "blues.00000.wav" and of "blues.00000.0.wav".
std::string song_of(const std::string& file) {
  const size_t genre = file.find('.');
  const size_t number = genre == std::string::npos ? genre : file.find('.', genre + 1);
  return file.substr(0, number);
}

Table read_gtzan_features(const std::string& root, const GtzanFeatures& options) {
  if (options.seconds != 30 && options.seconds != 3) {
    throw ArgumentError("gtzan_features: 'seconds' = " + std::to_string(options.seconds) + " must be 30 or 3");
  }
  if (is_folder(root)) refuse_unfinished(root);
  const std::string file = find_table(root, "features_" + std::to_string(options.seconds) + "_sec.csv");
  Table table = read_csv_table(file, {.label = "label", .id = "filename", .drop = {"length"}});
  const auto genres = table.labels();
  Corpus corpus;
  corpus.name = "gtzan";
  corpus.root = root;
  corpus.files = {file};
  corpus.unit = "rows";
  corpus.label = "genre";
  corpus.columns = {"id", "track", "genre"};
  corpus.levels = {{"genre", {"genre"}}};
  corpus.synthetic = is_sample(root);
  for (size_t row = 0; row < table.rows(); ++row) {
    corpus.rows.push_back({table.ids[row], song_of(table.ids[row]), genres[row]});
  }
  return table_of(std::move(corpus), table.x, std::move(table.columns));
}

const RegisterTable<GtzanFeatures> gtzan_features{
    "gtzan_features",
    read_gtzan_features,
    {.summary =
         "The 57 features of GTZAN's songs (features_30_sec.csv) or of every 3 s of them (features_3_sec.csv); "
         "without the column length, which says nothing of music. The root is the file, its folder, or one above. "
         "Songs stay whole in splits and folds (by = 'track'); by = 'id' deals rows one by one, and leaks.",
     .returns = "a Table: columns as feature.set 'gtzan' gives them; label genre, group track",
     .example = "data.gtzan_features(tables, { seconds = 3 })",
     .source = "Tzanetakis and Cook, Musical Genre Classification of Audio Signals (2002); the tables: GTZAN Dataset - "
               "Music Genre Classification, Kaggle"}};

}  // namespace
}  // namespace lumir::data
