// Matching paths against layouts.

#include "data/layout.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <regex>

#include "core/error.h"
#include "core/text.h"
#include "data/sample.h"
#include "data/words.h"

namespace lumir::data {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> split_path(const std::string& path) {
  std::vector<std::string> names;
  size_t begin = 0;
  for (size_t end = path.find('/'); end != std::string::npos; end = path.find('/', begin)) {
    names.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  names.push_back(path.substr(begin));
  return names;
}

/// "Pink Floyd/The Wall/CD1/03-Mother" is a song of the album: folders of discs say nothing that a layout asks for.
std::string without_discs(const std::string& path) {
  static const std::regex disc("(cd|dis[ck]|dvd|lp|side)[ _.-]*([0-9]{1,2}|[a-d])", std::regex::icase);
  std::string rest;
  const auto names = split_path(path);
  for (size_t i = 0; i < names.size(); ++i) {
    const bool is_folder = i + 1 < names.size();
    if (is_folder && std::regex_match(names[i], disc)) continue;
    rest += (rest.empty() ? "" : "/") + names[i];
  }
  return rest;
}

std::string without_ending(const std::string& path) {
  return path.substr(0, path.size() - fs::path(path).extension().string().size());
}

}  // namespace

Layout::Layout(const std::string& text, const std::string& who) {
  const auto fail = [&](const std::string& rule) { throw ArgumentError(who + ": 'layout' = '" + text + "' " + rule); };
  for (const auto& name : split_path(text)) {
    if (name.empty()) fail("has an empty name between two slashes");
    Name pieces;
    for (size_t at = 0; at < name.size();) {
      const bool field = name[at] == '{';
      const size_t end = field ? name.find('}', at) : std::min(name.find('{', at), name.size());
      if (end == std::string::npos) fail("leaves a brace open");
      std::string word = field ? name.substr(at + 1, end - at - 1) : name.substr(at, end - at);
      if (field && (word.empty() || word == "id" || word == "path" || word == "seconds")) {
        fail("has a field '{" + word + "}' (id, path and seconds are known without it)");
      }
      if (field && std::find(fields_.begin(), fields_.end(), word) != fields_.end()) {
        fail("names '{" + word + "}' twice");
      }
      if (field && !pieces.empty() && pieces.back().is_field) fail("needs a text between two fields of one name");
      if (field) fields_.push_back(word);
      pieces.push_back({field, std::move(word)});
      at = field ? end + 1 : end;
    }
    names_.push_back(std::move(pieces));
  }
  if (fields_.empty()) fail("names no field, such as '{artist}/{album}/{track}'");
}

bool is_maker(const std::string& field) {
  constexpr std::array kMakers = {"artist",    "band",   "composer", "conductor",
                                  "performer", "player", "singer",   "speaker"};
  return std::find(kMakers.begin(), kMakers.end(), field) != kMakers.end();
}

std::vector<Level> Layout::levels() const {
  std::vector<Level> found;
  std::vector<std::string> above;  // fields of folders, from the last maker on
  const bool knows_artist = std::find(fields_.begin(), fields_.end(), "artist") != fields_.end();
  for (size_t i = 0; i < names_.size(); ++i) {
    const bool folder = i + 1 < names_.size();
    for (const auto& [is_field, field] : names_[i]) {
      if (!is_field || field == "track" || field == "title") continue;
      if (folder && is_maker(field)) above.clear();
      if (folder) above.push_back(field);
      Level level{field, {field}};
      if (folder) {
        level.path = above;
      } else if (field == "album" && knows_artist) {
        level.path = {"artist", "album"};
      } else if (field == "album") {
        level.path = above;
        level.path.push_back(field);
      }
      found.push_back(std::move(level));
    }
  }
  return found;
}

std::string Layout::example() const {
  std::string path;
  for (const auto& name : names_) {
    if (!path.empty()) path += "/";
    for (const auto& piece : name) path += piece.text;
  }
  return path + ".mp3";
}

std::optional<std::vector<std::string>> Layout::match(const std::string& path) const {
  const auto parts = split_path(path);
  if (parts.size() != names_.size()) return std::nullopt;
  std::vector<std::string> texts;
  for (size_t i = 0; i < parts.size(); ++i) {
    const Name& pieces = names_[i];
    size_t at = 0;
    for (size_t k = 0; k < pieces.size(); ++k) {
      if (!pieces[k].is_field) {
        if (parts[i].compare(at, pieces[k].text.size(), pieces[k].text) != 0) return std::nullopt;
        at += pieces[k].text.size();
        continue;
      }
      // a field reaches to the next text of the layout; the last one to the end of the name
      const bool last = k + 1 == pieces.size();
      const size_t end = last ? parts[i].size() : parts[i].find(pieces[k + 1].text, at + 1);
      if (end == std::string::npos || end <= at) return std::nullopt;
      texts.push_back(parts[i].substr(at, end - at));
      at = end;
    }
    if (at != parts[i].size()) return std::nullopt;
  }
  return texts;
}

size_t depth_of(const std::string& path) { return static_cast<size_t>(std::count(path.begin(), path.end(), '/')) + 1; }

std::string depths_in_words(const std::vector<std::string>& paths) {
  std::map<size_t, size_t> at_depth;
  for (const auto& path : paths) ++at_depth[depth_of(path)];
  std::string words;
  for (const auto& [depth, n] : at_depth) {
    words += words.empty() ? count_of(n, "audio files") : ", " + std::to_string(n);
    words += " at depth " + std::to_string(depth);
  }
  return words;
}

std::string title_of(const std::string& path) { return fs::path(path).stem().string(); }

namespace {

/// id, path, track, then artist, album, title and seconds, then what else the layout names.
std::vector<std::string> columns_of(const Layout& layout) {
  std::vector<std::string> columns = {"id", "path", "track"};
  const auto& fields = layout.fields();
  for (const char* usual : {"artist", "album"}) {
    if (std::find(fields.begin(), fields.end(), usual) != fields.end()) columns.push_back(usual);
  }
  columns.insert(columns.end(), {"title", "seconds"});
  for (const auto& field : fields) {
    if (std::find(columns.begin(), columns.end(), field) == columns.end()) columns.push_back(field);
  }
  return columns;
}

void check_label(const LayoutCorpus& wanted, const Layout& layout) {
  if (wanted.label.empty()) return;
  const auto& fields = layout.fields();
  if (std::find(fields.begin(), fields.end(), wanted.label) != fields.end() && wanted.label != "track") return;
  throw ArgumentError(wanted.name + ": 'label' = '" + wanted.label + "' is no field of the layout '" + wanted.layout +
                      "'" + did_you_mean(wanted.label, fields));
}

std::vector<std::string> row_of(const std::string& folder, const std::string& sound, const Layout& layout,
                                const std::vector<std::string>& texts, const std::vector<std::string>& columns) {
  const auto& fields = layout.fields();
  std::vector<std::string> row;
  for (const auto& column : columns) {
    const auto field = std::find(fields.begin(), fields.end(), column);
    if (column == "id" || column == "track") {
      row.push_back(sound);
    } else if (column == "path") {
      row.push_back((fs::path(folder) / sound).string());
    } else if (field != fields.end()) {
      row.push_back(texts[static_cast<size_t>(field - fields.begin())]);
    } else {
      row.push_back(column == "title" ? title_of(sound) : "");
    }
  }
  return row;
}

/// Columns of what is known of the labels; one that does not know each of them is left out.
void add_known(Corpus& corpus, const KnownOfMakers& known) {
  const auto label = std::find(corpus.columns.begin(), corpus.columns.end(), corpus.label) - corpus.columns.begin();
  for (const auto& [column, words] : known) {
    if (std::find(corpus.columns.begin(), corpus.columns.end(), column) != corpus.columns.end()) {
      throw Error(corpus.root + ": what is known of each " + corpus.label + " has a column '" + column +
                  "', which the songs have already");
    }
    const auto is_known = [&](const auto& row) { return words.contains(row[static_cast<size_t>(label)]); };
    if (!std::all_of(corpus.rows.begin(), corpus.rows.end(), is_known)) continue;
    corpus.columns.push_back(column);
    for (auto& row : corpus.rows) row.push_back(words.at(row[static_cast<size_t>(label)]));
  }
}

/// Why nothing was found, where something was in the way.
std::string first_of(const std::vector<LeftOut>& left_out) {
  if (left_out.empty()) return "";
  return " (" + count_of(left_out.size(), "paths") + " left out, the first: " + visible(left_out.front().path) + ", " +
         visible(left_out.front().reason) + ")";
}

}  // namespace

Dataset read_layout(const LayoutCorpus& wanted) {
  const Layout layout(wanted.layout, wanted.name);
  check_label(wanted, layout);
  Corpus corpus;
  corpus.name = wanted.name;
  corpus.root = wanted.root;
  corpus.label = wanted.label;
  corpus.columns = columns_of(layout);
  corpus.synthetic = is_sample(wanted.root) || is_sample(wanted.folder);
  corpus.train_list = wanted.train_list;
  corpus.valid_list = wanted.valid_list;
  corpus.levels = layout.levels();
  refuse_unfinished(wanted.folder);
  const auto [sounds, left_out] = find_sounds(wanted.folder);
  corpus.left_out = left_out;
  if (sounds.empty()) throw Error(wanted.root + ": no audio files in it" + first_of(left_out));
  const auto is_aside = [&](const std::string& path) {
    return !wanted.aside.empty() && path.starts_with(wanted.aside + "/");
  };
  std::erase_if(corpus.left_out, [&](const LeftOut& one) { return is_aside(one.path) || one.path == wanted.aside; });
  for (const auto& sound : sounds) {
    auto texts = layout.match(without_ending(sound));
    if (!texts) texts = layout.match(without_discs(without_ending(sound)));
    if (texts) {
      corpus.rows.push_back(row_of(wanted.folder, sound, layout, *texts, corpus.columns));
    } else if (!is_aside(sound)) {
      corpus.left_out.push_back({sound, "not of the form " + layout.example()});
    }
  }
  if (corpus.rows.empty()) {
    throw Error(wanted.root + ": no folder of the form " + layout.example() + " below it (found " +
                depths_in_words(sounds) + ")");
  }
  add_known(corpus, wanted.known);
  return make_dataset(std::move(corpus));
}

}  // namespace lumir::data
