// FMA: tracks of the Free Music Archive in subsets of growing size (Defferrard et al., 2017).
//
//   fma_metadata/tracks.csv                 a row for each track; its header has three lines
//   fma_small/000/000002.mp3                excerpts of 30 s by number, a folder for each thousand
//
// People point at the folder that holds both, at one above it, or at the audio; the metadata lie beside the audio or in
// it. A larger subset holds the smaller ones, so its audio serves for them too.

#include <charconv>
#include <filesystem>
#include <map>

#include "core/error.h"
#include "core/interrupt.h"
#include "data/corpus.h"
#include "data/fma_tracks.h"
#include "data/layout.h"
#include "data/places.h"
#include "data/sample.h"
#include "data/words.h"

namespace lumir::data {
namespace {

namespace fs = std::filesystem;

struct FmaOptions {
  std::string subset = "small";
  static Schema schema() {
    return {Option{"subset", &FmaOptions::subset, "how much of it; a larger one holds the smaller ones",
                   Choices{"small", "medium", "large"}}};
  }
};

/// True for folders of tracks, which are called by three digits.
bool holds_tracks(const fs::path& folder) {
  std::error_code problem;
  for (fs::directory_iterator at(folder, problem), end; !problem && at != end; at.increment(problem)) {
    const std::string name = at->path().filename().string();
    const bool digits = name.size() == 3 && name.find_first_not_of("0123456789") == std::string::npos;
    if (digits && is_folder(at->path())) return true;
  }
  return false;
}

/// The audio of the subset, or of the smallest larger one that is there.
fs::path find_audio(const std::string& root, const std::string& subset) {
  if (holds_tracks(root)) return root;
  std::vector<std::string> names;
  for (size_t i = fma_rank(subset); i < kFmaSubsets.size(); ++i) names.push_back(std::string("fma_") + kFmaSubsets[i]);
  names.push_back("fma_full");
  for (const auto& name : names) {
    for (const auto& place : fma_places(root)) {
      if (holds_tracks(place / name)) return place / name;
    }
  }
  require_there(root);
  throw Error(root + ": no " + names.front() + "/000/000002.mp3 in it, in a folder of it or beside it");
}

/// The audio files below a folder by the numbers in their names, as paths from it.
std::map<long, std::string> tracks_in(const Sounds& sounds) {
  std::map<long, std::string> found;
  for (const auto& path : sounds.paths) {
    const std::string name = title_of(path);
    long number = 0;
    const auto [end, problem] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (problem == std::errc() && end == name.data() + name.size()) found.emplace(number, path);
  }
  return found;
}

/// "000/000002.mp3"
std::string path_of(long track) {
  std::string digits = std::to_string(track);
  digits.insert(0, 6 - std::min<size_t>(6, digits.size()), '0');
  return digits.substr(0, 3) + "/" + digits + ".mp3";
}

Dataset read_fma(const std::string& root, const FmaOptions& options) {
  refuse_unfinished(root);
  const fs::path metadata = find_fma_metadata(root, "tracks.csv"), audio = find_audio(root, options.subset);
  refuse_unfinished(folder_above(audio).string());
  const FmaTracks tracks(metadata.string());
  Sounds sounds = find_sounds(audio.string());
  const auto files = tracks_in(sounds);
  const auto artists = tracks.artists();

  Corpus corpus;
  corpus.name = "fma";
  corpus.root = root;
  corpus.unit = "tracks";
  corpus.label = "genre";
  corpus.columns = {"id", "path", "track", "artist", "album", "title", "seconds", "genre", "split", "subset"};
  corpus.levels = {{"genre", {"genre"}}, {"artist", {"artist"}}, {"album", {"artist", "album"}}};
  corpus.synthetic = is_sample(root) || is_sample(audio.string());
  corpus.left_out = std::move(sounds.left_out);
  const size_t most = fma_rank(options.subset);
  for (size_t row = 0; row < tracks.size(); ++row) {
    if (row % 1024 == 0) check_interrupt();
    const std::string& subset = tracks.text(row, "set.subset");
    if (fma_rank(subset) > most) continue;
    const long number = tracks.number(row);
    const std::string& genre = tracks.text(row, "track.genre_top");
    const auto file = files.find(number);
    if (file == files.end()) {
      corpus.left_out.push_back({path_of(number), "in tracks.csv, and no such file"});
    } else if (genre.empty()) {
      corpus.left_out.push_back({file->second, "no genre in tracks.csv"});
    } else {
      const std::string id = std::to_string(number);
      corpus.rows.push_back({id, (audio / file->second).string(), file->second, artists[row],
                             tracks.text_or(row, "album.title", tracks.text_or(row, "album.id", id)),
                             tracks.text_or(row, "track.title", id), "", genre, tracks.text(row, "set.split"), subset});
    }
  }
  if (corpus.rows.empty()) {
    throw Error(root + ": no track of the subset '" + options.subset + "' in " + audio.string() + " (found " +
                count_of(sounds.paths.size(), "audio files") + ")");
  }
  return make_dataset(std::move(corpus));
}

const RegisterCorpus<FmaOptions> fma{
    "fma",
    read_fma,
    {.summary = "Tracks of the Free Music Archive by tracks.csv; the root may stand at the folder of fma_small and "
                "fma_metadata, one above, or at the audio itself. split 'official' gives train, valid and test as "
                "published, by artist.",
     .returns = "a dataset: columns id, path, track, artist, album, title, seconds, genre, split, subset; label genre",
     .example = "data.fma(archive, { subset = 'medium' })",
     .source = "Defferrard, Benzi, Vandergheynst and Bresson, FMA: A Dataset for Music Analysis, ISMIR 2017"}};

}  // namespace
}  // namespace lumir::data
