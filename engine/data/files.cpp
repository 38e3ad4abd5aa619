// Recordings without a label, named by number: what a submission is made for.

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

Dataset read_files(const std::string& root, const NoOptions&) {
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
  std::map<std::string, std::string> seen;
  std::vector<std::string> wrong, twice;
  for (const auto& sound : sounds) {
    if (depth_of(sound) > 1) {
      corpus.left_out.push_back({sound, "in a folder below"});
      continue;
    }
    const auto id = number_in(sound);
    if (!id) {
      wrong.push_back("'" + visible(sound) + "'");
      continue;
    }
    const auto [first, is_new] = seen.emplace(*id, sound);
    if (!is_new) twice.push_back(first->second + " and " + sound + " are both ID " + *id);
    corpus.rows.push_back({*id, (fs::path(root) / sound).string()});
  }
  if (!wrong.empty()) {
    throw Error(root +
                (wrong.size() == 1 ? ": the file name " + wrong[0] + " is no number"
                                   : ": the file names " + listed(wrong) + " are no numbers") +
                ", and an ID is one (0001.mp3)");
  }
  if (!twice.empty()) throw Error(root + ": " + listed(twice));
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
