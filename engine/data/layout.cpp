// Matching paths against layouts, and looking for sound files.

#include "data/layout.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <map>

#include "core/error.h"
#include "core/interrupt.h"
#include "core/observer.h"
#include "data/words.h"

namespace lumir::data {
namespace {

namespace fs = std::filesystem;

constexpr std::array kEndings = {".mp3", ".wav", ".flac", ".ogg",  ".oga",  ".opus", ".m4a", ".aac",
                                 ".mp4", ".wma", ".aif",  ".aiff", ".aifc", ".au",   ".snd", ".caf",
                                 ".ape", ".wv",  ".mpc",  ".mka",  ".webm", ".mp2",  ".ac3", ".amr"};
/// Deep enough for any layout, shallow enough for a folder that links to itself.
constexpr int kDeepest = 12;

bool is_sound(const fs::path& path) {
  std::string ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char c) { return std::tolower(c); });
  return std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
}

/// The mark of a sample corpus. A folder with a mark of its own below another corpus is not a part of that
/// one: the unlabelled files of a sample lie so.
bool is_made_corpus(const fs::path& folder) {
  std::error_code problem;
  return fs::exists(folder / "SYNTHETIC", problem);
}

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

std::vector<std::string> find_sounds(const std::string& root) {
  std::error_code problem;
  if (!fs::exists(root, problem)) throw Error(root + ": no such folder");
  if (!fs::is_directory(root, problem)) throw Error(root + ": no folder, but a file");
  std::vector<std::string> found;
  const auto options = fs::directory_options::follow_directory_symlink | fs::directory_options::skip_permission_denied;
  fs::recursive_directory_iterator at(root, options, problem);
  if (problem) throw Error(root + ": " + problem.message());
  for (const fs::recursive_directory_iterator end; at != end; at.increment(problem)) {
    if (problem) throw Error(root + ": " + problem.message());
    check_interrupt();
    const bool hidden = at->path().filename().string().starts_with('.');
    if (hidden || at.depth() >= kDeepest || is_made_corpus(at->path())) at.disable_recursion_pending();
    if (!hidden && is_sound(at->path()) && !at->is_directory(problem)) {
      found.push_back(at->path().lexically_relative(root).generic_string());
    }
  }
  std::sort(found.begin(), found.end());
  return found;
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

}  // namespace

Dataset read_layout(const LayoutCorpus& wanted) {
  const Layout layout(wanted.layout, wanted.name);
  check_label(wanted, layout);
  Corpus corpus;
  corpus.name = wanted.name;
  corpus.root = wanted.root;
  corpus.label = wanted.label;
  corpus.columns = columns_of(layout);
  corpus.synthetic = is_made_corpus(wanted.root) || is_made_corpus(wanted.folder);
  corpus.levels = layout.levels();
  const auto sounds = find_sounds(wanted.folder);
  if (sounds.empty()) throw Error(wanted.root + ": no audio files in it");
  std::vector<std::string> strangers;
  for (const auto& sound : sounds) {
    if (const auto texts = layout.match(without_ending(sound))) {
      corpus.rows.push_back(row_of(wanted.folder, sound, layout, *texts, corpus.columns));
    } else if (wanted.aside.empty() || !sound.starts_with(wanted.aside + "/")) {
      strangers.push_back(sound);
    }
  }
  if (corpus.rows.empty()) {
    throw Error(wanted.root + ": no folder of the form " + layout.example() + " below it (found " +
                depths_in_words(sounds) + ")");
  }
  if (!strangers.empty()) {
    observer().warn(wanted.root + ": " + count_of(strangers.size(), "audio files") + " not of the form " +
                    layout.example() + " left out, the first: " + strangers.front());
  }
  return make_dataset(std::move(corpus));
}

}  // namespace lumir::data
