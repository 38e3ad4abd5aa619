// Recordings without a label, named by number: what a submission is made for.

#include <filesystem>
#include <map>

#include "core/error.h"
#include "data/corpus.h"
#include "data/layout.h"
#include "data/words.h"

namespace lumir::data {
namespace {

namespace fs = std::filesystem;

/// "0017.mp3" is 17: zeros in front do not count.
std::string number_in(const std::string& path, const std::string& root) {
  const std::string name = title_of(path);
  if (name.empty() || name.size() > 18 || name.find_first_not_of("0123456789") != std::string::npos) {
    throw Error(root + ": the file name '" + path + "' is no number, and an ID is one (0001.mp3)");
  }
  const size_t digit = name.find_first_not_of('0');
  return digit == std::string::npos ? "0" : name.substr(digit);
}

Dataset read_files(const std::string& root, const NoOptions&) {
  const auto sounds = find_sounds(root);
  if (sounds.empty()) throw Error(root + ": no audio files in it");
  Corpus corpus;
  corpus.name = "files";
  corpus.root = root;
  corpus.unit = "files";
  corpus.columns = {"id", "path"};
  corpus.synthetic = fs::exists(fs::path(root) / "SYNTHETIC");
  std::map<std::string, std::string> seen;
  for (const auto& sound : sounds) {
    if (depth_of(sound) > 1) continue;
    const std::string id = number_in(sound, root);
    const auto [first, is_new] = seen.emplace(id, sound);
    if (!is_new) throw Error(root + ": " + first->second + " and " + sound + " are both ID " + id);
    corpus.rows.push_back({id, (fs::path(root) / sound).string()});
  }
  if (corpus.rows.empty()) {
    throw Error(root + ": no audio files directly in it (found " + depths_in_words(sounds) + ")");
  }
  return make_dataset(std::move(corpus));
}

const RegisterCorpus<NoOptions> files{
    "files",
    read_files,
    {.summary = "Recordings without a label; their file names are numbers, the IDs, in ascending order.",
     .returns = "a dataset: columns id, path",
     .example = "data.files(folder)",
     .source = "Lumir's own"}};

}  // namespace
}  // namespace lumir::data
