// Any folder of recordings whose names say what they are.

#include "data/corpus.h"
#include "data/layout.h"

namespace lumir::data {
namespace {

struct FolderOptions {
  std::string layout = "{artist}/{album}/{track}";
  std::string label = "artist";
  static Schema schema() {
    return {Option{"layout", &FolderOptions::layout, "fields in the names of folders and files"},
            Option{"label", &FolderOptions::label, "the field that is to be predicted; '' for none"}};
  }
};

Dataset read_folder(const std::string& root, const FolderOptions& options) {
  return read_layout(
      {.name = "folder", .root = root, .folder = root, .layout = options.layout, .label = options.label});
}

const RegisterCorpus<FolderOptions> folder{
    "folder",
    read_folder,
    {.summary = "Recordings of a folder; a layout says what the names of folders and files mean.",
     .returns = "a dataset: columns id, path, track, title, seconds and the fields of the layout",
     .example = "data.folder(root, { layout = '{artist}/{album}/{track}', label = 'artist' })",
     .source = "Lumir's own"}};

}  // namespace
}  // namespace lumir::data
