// A folder of recordings and a list of them: a csv with a column of paths, and tags or numbers to be foretold.
//
//   annotations_final.csv   clip_id, guitar, drums, ..., mp3_path     MagnaTagATune: 0 and 1 in a column for each tag
//   tags.csv                path, tags                                one column: guitar|slow

#include <filesystem>

#include "core/error.h"
#include "data/corpus.h"
#include "data/csv_table.h"
#include "data/layout.h"

namespace lumir::data {
namespace {

struct TaggedOptions {
  std::string list = "tags.csv";
  std::string path = "path";
  Value label = Value("tags");
  std::string target = "tags";
  std::string tag_separator = "|";
  std::string group = "";
  std::string separator = "auto";

  static Schema schema() {
    return {
        Option{"list", &TaggedOptions::list, "the csv file, below the folder or by its whole path"},
        Option{"path", &TaggedOptions::path, "the column of paths, below the folder"},
        Option{"label", &TaggedOptions::label,
               "the column of what is to be foretold; or a list of columns, '*' in a name stands for any text",
               Kind{"text or list of text"}},
        Option{"target", &TaggedOptions::target, "what that is; see data.csv", Choices{"classes", "tags", "numbers"}},
        Option{"tag_separator", &TaggedOptions::tag_separator, "what stands between the tags of a row"},
        Option{"group", &TaggedOptions::group, "the column of what splits and folds keep together; '' for the file"},
        Option{"separator", &TaggedOptions::separator, "what stands between fields; see data.csv",
               Choices{"auto", ",", ";", "tab"}}};
  }
};

CsvOptions csv_options(const TaggedOptions& options) {
  CsvOptions csv;
  csv.label = options.label;
  csv.target = options.target;
  csv.tag_separator = options.tag_separator;
  csv.group = options.group;
  csv.id = options.path;
  csv.drop = {"*"};
  csv.separator = options.separator;
  return csv;
}

std::string without_ending(const std::string& path) {
  return std::filesystem::path(path).replace_extension().generic_string();
}

Dataset read_tagged(const std::string& root, const TaggedOptions& options) {
  namespace fs = std::filesystem;
  const fs::path list = fs::path(root) / options.list;
  const Table table = read_csv_table(list.string(), csv_options(options));
  const auto labels = table.songs->labels();
  Corpus corpus;
  corpus.name = fs::path(root).filename().empty() ? "tagged" : fs::path(root).filename().string();
  corpus.root = root;
  corpus.unit = "clips";
  corpus.files = {list.string()};
  corpus.label = table.label;
  corpus.label_kind = table.songs->label_kind();
  corpus.columns = {"id", "path", "title", "seconds"};
  if (!table.label.empty()) corpus.columns.push_back(table.label);
  if (!options.group.empty()) {
    corpus.columns.push_back(options.group);
    corpus.levels.push_back({options.group, {options.group}});
    corpus.group = options.group;
  }
  for (size_t row = 0; row < table.ids.size(); ++row) {
    const std::string& path = table.ids[row];
    const fs::path file = fs::path(root) / path;
    if (!fs::is_regular_file(file)) {
      corpus.left_out.push_back({file.string(), "is in the list, but is not there"});
      continue;
    }
    auto& fields =
        corpus.rows.emplace_back(std::vector{without_ending(path), file.string(), title_of(path), std::string()});
    if (!table.label.empty()) fields.push_back(labels[row]);
    if (!options.group.empty()) fields.push_back(table.groups[row]);
  }
  corpus.synthetic = fs::exists(fs::path(root) / "SYNTHETIC");
  return make_dataset(std::move(corpus));
}

const RegisterCorpus<TaggedOptions> tagged{
    "tagged",
    read_tagged,
    {.summary =
         "Recordings with several tags each, or with numbers, as a csv file lists them. The names of the tags are "
         "those that occur, or the columns of 0 and 1: data.tagged(root, { list = 'annotations_final.csv', path = "
         "'mp3_path', label = { 'guitar', 'piano' } }) reads MagnaTagATune.",
     .returns = "a dataset: columns id, path, title, seconds, the label and the group",
     .example = "data.tagged(data.sample('tags', { pieces = 2, folder = place .. '/tags' }), { group = 'piece' })",
     .source = "Law et al., Evaluation of Algorithms Using Games: The Case of Music Tagging (ISMIR 2009)"}};

}  // namespace
}  // namespace lumir::data
