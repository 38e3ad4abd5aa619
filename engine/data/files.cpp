// Recordings without a label: what a model is asked about, and what a submission is made for.

#include <filesystem>
#include <map>
#include <optional>

#include "core/error.h"
#include "core/text.h"
#include "data/corpus.h"
#include "data/layout.h"
#include "data/sample.h"
#include "data/words.h"

namespace lumir::data {
namespace {

namespace fs = std::filesystem;

/// "0017.mp3" is 17: zeros in front do not count. Nothing where the name is no number.
std::optional<std::string> number_in(const std::string& path) {
  const std::string name = title_of(path);
  if (name.empty() || name.size() > 18 || name.find_first_not_of("0123456789") != std::string::npos) return {};
  const size_t digit = name.find_first_not_of('0');
  return digit == std::string::npos ? "0" : name.substr(digit);
}

struct FilesOptions {
  bool recursive = false;
  static Schema schema() {
    return {Option{"recursive", &FilesOptions::recursive,
                   "files in folders below too; an ID is then the path without its ending: 'rock/song'"}};
  }
};

/// Where every name is a number the IDs are numbers, else the names as they are spelt. Throws Error for a folder of
/// numbers with some names that are none: one of them is a mistake.
std::vector<std::string> ids_of(const std::string& root, const std::vector<std::string>& sounds, bool recursive) {
  std::vector<std::string> ids, names, wrong;
  for (const auto& sound : sounds) {
    const auto id = number_in(sound);
    names.push_back(recursive ? fs::path(sound).replace_extension().string() : title_of(sound));
    ids.push_back(id.value_or(names.back()));
    if (!id || depth_of(sound) > 1) wrong.push_back("'" + visible(sound) + "'");
  }
  if (wrong.empty()) return ids;
  if (wrong.size() == sounds.size() || recursive) return names;
  throw Error(root +
              (wrong.size() == 1 ? ": the file name " + wrong[0] + " is no number"
                                 : ": the file names " + listed(wrong) + " are no numbers") +
              ", and an ID is one (0001.mp3)");
}

/// What lies directly in the folder; the rest is told.
std::vector<std::string> direct(const std::vector<std::string>& sounds, std::vector<LeftOut>& left_out) {
  std::vector<std::string> kept;
  for (const auto& sound : sounds) {
    if (depth_of(sound) == 1) {
      kept.push_back(sound);
    } else {
      left_out.push_back({sound, "in a folder below, which 'recursive' takes too"});
    }
  }
  return kept;
}

Dataset read_files(const std::string& root, const FilesOptions& options) {
  refuse_unfinished(root);
  auto [sounds, left_out] = find_sounds(root);
  if (sounds.empty()) throw Error(root + ": no audio files in it");
  Corpus corpus;
  corpus.name = "files";
  corpus.root = root;
  corpus.unit = "files";
  corpus.columns = {"id", "path"};
  corpus.synthetic = is_sample(root);
  corpus.left_out = std::move(left_out);
  const auto taken = options.recursive ? sounds : direct(sounds, corpus.left_out);
  if (taken.empty()) {
    throw Error(root + ": no audio files directly in it (found " + depths_in_words(sounds) +
                "); 'recursive' takes those below");
  }
  const auto ids = ids_of(root, taken, options.recursive);
  std::map<std::string, std::string> seen;
  std::vector<std::string> twice;
  for (size_t i = 0; i < taken.size(); ++i) {
    const auto [first, is_new] = seen.emplace(ids[i], taken[i]);
    if (!is_new) twice.push_back(first->second + " and " + taken[i] + " are both ID " + ids[i]);
    corpus.rows.push_back({ids[i], (fs::path(root) / taken[i]).string()});
  }
  if (!twice.empty()) throw Error(root + ": " + listed(twice));
  return make_dataset(std::move(corpus));
}

const RegisterCorpus<FilesOptions> files{
    "files",
    read_files,
    {.summary = "Recordings without a label. File names that are all numbers are the IDs, in ascending order (0017.mp3 "
                "is 17); others are IDs as they are spelt, without the ending.",
     .returns = "a dataset: columns id, path",
     .example = "data.files(folder)",
     .source = "Lumir's own"}};

}  // namespace
}  // namespace lumir::data
