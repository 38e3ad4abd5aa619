// artist20: 1,413 songs of 20 artists, six albums each, as mp3 of 32 kbit/s (Ellis, 2007).

#include <filesystem>

#include "core/error.h"
#include "data/corpus.h"
#include "data/layout.h"

namespace lumir::data {
namespace {

namespace fs = std::filesystem;

/// The corpus is published with its songs in mp3s-32k; people point at that folder or at one above it.
std::string folder_of_songs(const std::string& root) {
  for (const char* below : {"mp3s-32k", "artist20/mp3s-32k"}) {
    std::error_code problem;
    const fs::path folder = fs::path(root) / below;
    if (fs::is_directory(folder, problem)) return folder.string();
  }
  return root;
}

Dataset read_artist20(const std::string& root, const NoOptions&) {
  return read_layout({.name = "artist20",
                      .root = root,
                      .folder = folder_of_songs(root),
                      .layout = "{artist}/{album}/{track}",
                      .label = "artist",
                      .aside = "test"});
}

const RegisterCorpus<NoOptions> artist20{
    "artist20",
    read_artist20,
    {.summary = "Songs by artist and album; the root may stand above the corpus's folder mp3s-32k.",
     .returns = "a dataset: columns id, path, track, artist, album, title, seconds; label artist",
     .example = "data.artist20(root)",
     .source = "Ellis, Classifying music audio with timbral and chroma features, ISMIR 2007; "
               "labrosa.ee.columbia.edu/projects/artistid"}};

}  // namespace
}  // namespace lumir::data
