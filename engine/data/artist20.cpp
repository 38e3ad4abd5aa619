// artist20: 1,413 songs of 20 artists, six albums each, as mp3 of 32 kbit/s (Ellis, 2007).
//
// It is handed on in two layouts:
//
//   mp3s-32k/<artist>/<album>/<song>.mp3                 as it was published
//   artist20/train_val/<artist>/<album>/<song>.mp3       as courses give it: beside the songs lie train.json and
//   artist20/{train.json, val.json, test/001.mp3 ...}    val.json, lists of paths, and recordings to be classified
//
// People point at the folder of songs, or at one above it, or at two.

#include "data/artist20_singers.h"
#include "data/corpus.h"
#include "data/layout.h"
#include "data/places.h"

namespace lumir::data {
namespace {

/// A list beside the folder of songs; empty where there is none.
std::string list_beside(const std::filesystem::path& songs, const char* name) {
  const auto list = folder_above(songs) / name;
  return is_file(list) ? list.string() : "";
}

Dataset read_artist20(const std::string& root, const NoOptions&) {
  const auto folder = folder_below(root, {"train_val", "mp3s-32k"});
  return read_layout({.name = "artist20",
                      .root = root,
                      .folder = folder.string(),
                      .layout = "{artist}/{album}/{track}",
                      .label = "artist",
                      .aside = "test",
                      .train_list = list_beside(folder, "train.json"),
                      .valid_list = list_beside(folder, "val.json"),
                      .known = known_of_singers((folder / "singers.csv").string())});
}

const RegisterCorpus<NoOptions> artist20{
    "artist20",
    read_artist20,
    {.summary =
         "Songs by artist and album, in both layouts that are handed on; the root may stand at the songs (mp3s-32k, "
         "train_val), or one or two folders above. Lists train.json and val.json serve split 'given'.",
     .returns = "a dataset: columns id, path, track, artist, album, title, seconds; sex of the singers that are known, "
                "and what a list singers.csv (artist,sex,voice) beside them says; label artist",
     .example = "data.artist20(root)",
     .source = "Ellis, Classifying music audio with timbral and chroma features, ISMIR 2007; "
               "labrosa.ee.columbia.edu/projects/artistid"}};

}  // namespace
}  // namespace lumir::data
