// FMA's tables of features: what its authors worked out of every track, and what Echonest knew of some.
//
//   fma_metadata/tracks.csv      genre, artist, album, subset, side of the official split
//   fma_metadata/features.csv    518 columns under three header rows: feature, statistic, number
//   fma_metadata/echonest.csv    the same for 13,129 tracks: audio features by name, temporal features by number

#include <algorithm>
#include <map>

#include "core/error.h"
#include "core/observer.h"
#include "data/csv_table.h"
#include "data/fma_tracks.h"
#include "data/join.h"
#include "data/sample.h"
#include "data/table_reader.h"
#include "data/words.h"

namespace lumir::data {
namespace {

struct FmaFeatures {
  std::string subset = "small";
  std::string columns = "features";
  static Schema schema() {
    return {
        Option{"subset", &FmaFeatures::subset, "how much of it; a larger one holds the smaller ones",
               Choices{"small", "medium", "large"}},
        Option{"columns", &FmaFeatures::columns, "the 518 features, Echonest's, or both, of the tracks that have both",
               Choices{"features", "echonest", "both"}}};
  }
};

/// "chroma_cens_kurtosis_01", as feature.set 'fma' calls it: the words of the three header rows.
std::string feature_name(const CsvFile& file, size_t column) {
  const auto& head = file.head();
  return head[0][column] + "_" + head[1][column] + "_" + head[2][column];
}

/// "acousticness", "temporal_000"; what is neither an audio nor a temporal feature has no name and is left out.
std::string echonest_name(const CsvFile& file, size_t column) {
  const auto& head = file.head();
  if (head[1][column] == "audio_features") return head[2][column];
  return head[1][column] == "temporal_features" ? "temporal_" + head[2][column] : "";
}

/// One of the two, its rows called by the numbers of their tracks.
Table read_numbers(const std::string& root, const std::string& name,
                   std::string (*name_of)(const CsvFile& file, size_t column)) {
  const std::string path = find_fma_metadata(root, name).string();
  const CsvFile file(path, {.head_lines = 3, .passed_over = 1});
  for (const auto& row : file.head()) {
    if (row.size() != file.columns()) throw Error(path + ": not FMA's " + name + ", whose header has three rows");
  }
  NamedCsv csv{file, {"track_id"}};
  CsvOptions options;
  options.id = "track_id";
  for (size_t column = 1; column < file.columns(); ++column) {
    csv.names.push_back(name_of(file, column));
    if (!csv.names.back().empty()) continue;
    csv.names.back() = "column " + std::to_string(column + 1);
    options.drop.push_back(csv.names.back());
  }
  return read_csv_table(csv, options);
}

Table read_columns(const std::string& root, const std::string& columns) {
  if (columns == "features") return read_numbers(root, "features.csv", feature_name);
  Table echonest = read_numbers(root, "echonest.csv", echonest_name);
  if (columns == "echonest") return echonest;
  return join(read_numbers(root, "features.csv", feature_name), echonest, {.how = "inner"});
}

/// Which row of the numbers each track has.
std::map<std::string, int> rows_by_id(const Table& table) {
  std::map<std::string, int> rows;
  for (size_t row = 0; row < table.rows(); ++row) rows.emplace(table.ids[row], static_cast<int>(row));
  return rows;
}

Table read_fma_features(const std::string& root, const FmaFeatures& options) {
  refuse_unfinished(root);
  const std::string metadata = find_fma_metadata(root, "tracks.csv").string();
  const FmaTracks tracks(metadata);
  Table numbers = read_columns(root, options.columns);
  const auto row_of = rows_by_id(numbers);
  const auto artists = tracks.artists();
  Corpus corpus;
  corpus.name = "fma";
  corpus.root = root;
  corpus.files = numbers.songs->files();
  corpus.files.push_back(metadata);
  corpus.unit = "tracks";
  corpus.label = "genre";
  corpus.columns = {"id", "artist", "album", "title", "genre", "split", "subset"};
  corpus.levels = {{"genre", {"genre"}}, {"artist", {"artist"}}, {"album", {"artist", "album"}}};
  corpus.group = "artist";  // an artist sounds alike on all albums; the official split keeps artists whole too
  corpus.synthetic = is_sample(root);
  std::vector<int> rows;
  size_t without_genre = 0, without_numbers = 0;
  for (size_t i = 0; i < tracks.size(); ++i) {
    const std::string& subset = tracks.text(i, "set.subset");
    if (fma_rank(subset) > fma_rank(options.subset)) continue;
    const std::string id = std::to_string(tracks.number(i));
    const std::string& genre = tracks.text(i, "track.genre_top");
    const auto row = row_of.find(id);
    without_genre += genre.empty();
    without_numbers += !genre.empty() && row == row_of.end();
    if (genre.empty() || row == row_of.end()) continue;
    rows.push_back(row->second);
    corpus.rows.push_back({id, artists[i], tracks.text_or(i, "album.title", tracks.text_or(i, "album.id", id)),
                           tracks.text_or(i, "track.title", id), genre, tracks.text(i, "set.split"), subset});
  }
  if (rows.empty()) throw Error(root + ": no track of the subset '" + options.subset + "' has a genre and features");
  if (without_genre + without_numbers > 0) {
    const std::string genre = without_genre > 0 ? count_of(without_genre, "tracks") + " without a genre" : "";
    const std::string numbers_text =
        without_numbers > 0 ? count_of(without_numbers, "tracks") + " without features" : "";
    observer().warn(metadata + ": " + genre + (genre.empty() || numbers_text.empty() ? "" : " and ") + numbers_text +
                    " left out");
  }
  return table_of(std::move(corpus), numbers.x->take(rows), std::move(numbers.columns));
}

const RegisterTable<FmaFeatures> fma_features{
    "fma_features",
    read_fma_features,
    {.summary =
         "The 518 features of the Free Music Archive's tracks, or Echonest's, with genre, artist, album and the "
         "official split; the root may stand at fma_metadata, one or two folders above, or at the audio beside it.",
     .returns = "a Table: columns as feature.set 'fma' gives them; label genre, group artist",
     .example = "data.fma_features(archive, { subset = 'medium' })",
     .source = "Defferrard, Benzi, Vandergheynst and Bresson, FMA: A Dataset for Music Analysis, ISMIR 2017"}};

}  // namespace
}  // namespace lumir::data
