// Comparing two sides by name. Copies among the files come from copies.cpp.

#include "data/audit.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "data/layout.h"
#include "data/words.h"

namespace lumir::data {
namespace {

bool is_separator(char c) { return c == '-' || c == '_' || c == '.' || c == ' '; }

/// "03-06_Starfall.mp3" and "starfall" are one song: case, numbers in front and separators do not count.
std::string song_of(const std::string& title) {
  size_t begin = 0;
  for (size_t at = 0;
       at < title.size() && (std::isdigit(static_cast<unsigned char>(title[at])) || is_separator(title[at])); ++at) {
    if (is_separator(title[at])) begin = at + 1;
  }
  std::string song;
  for (const char c : title.substr(begin)) {
    if (!is_separator(c)) song += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return song;
}

/// Titles that many albums have and that say nothing.
bool says_nothing(const std::string& song) {
  static const std::set<std::string> words = {"intro", "outro", "interlude", "untitled", "hiddentrack", "prelude"};
  return song.empty() || words.contains(song) || (song.starts_with("track") && song.size() <= 8);
}

/// artist/song -> file; empty where the data do not know both.
std::map<std::string, std::string> songs_by_name(const Dataset& songs) {
  std::map<std::string, std::string> found;
  if (!songs.has_column("artist") || !songs.has_column("title")) return found;
  const auto artists = songs.column("artist");
  const auto titles = songs.column("title");
  const auto tracks = songs.groups("track");
  for (size_t i = 0; i < songs.size(); ++i) {
    const std::string song = song_of(titles[i]);
    if (!says_nothing(song)) found.emplace(artists[i] + "/" + song, tracks[i]);
  }
  return found;
}

void compare_level(const std::string& level, const Dataset& train, const Dataset& valid, Audit& audit) {
  const auto left = distinct(train.groups(level));
  for (const auto& group : distinct(valid.groups(level))) {
    if (std::binary_search(left.begin(), left.end(), group)) audit.findings.push_back({level, group, group});
  }
}

void compare_songs(const Dataset& train, const Dataset& valid, Audit& audit) {
  const auto left = songs_by_name(train);
  for (const auto& [song, track] : songs_by_name(valid)) {
    if (const auto found = left.find(song); found != left.end()) {
      audit.findings.push_back({"song", found->second, track});
    }
  }
}

void compare_copies(const Dataset& train, const Dataset& valid, const Copies& copies, Audit& audit) {
  const auto left = distinct(train.column("path"));
  const auto right = distinct(valid.column("path"));
  const auto has = [](const auto& paths, const auto& path) {
    return std::binary_search(paths.begin(), paths.end(), path);
  };
  for (const auto& copy : copies.found) {
    if (has(left, copy.first) && has(right, copy.second)) {
      audit.findings.push_back({copy.kind, copy.first, copy.second});
    } else if (has(left, copy.second) && has(right, copy.first)) {
      audit.findings.push_back({copy.kind, copy.second, copy.first});
    }
  }
}

std::string counts_in_words(const std::vector<Finding>& findings) {
  std::vector<std::pair<std::string, size_t>> counts;
  for (const auto& finding : findings) {
    if (counts.empty() || counts.back().first != finding.kind) counts.emplace_back(finding.kind, 0);
    ++counts.back().second;
  }
  std::string words;
  for (size_t i = 0; i < counts.size(); ++i) {
    if (i > 0) words += i + 1 == counts.size() ? " and " : ", ";
    words += count_of(counts[i].second, counts[i].first);
  }
  return words;
}

}  // namespace

Audit audit(const Dataset& train, const Dataset& valid, const Copies& copies) {
  Audit audit;
  audit.unheard = copies.unheard;
  const bool knows_artist = train.has_column("artist") && train.label() != "artist" && train.label() != "album";
  const bool knows_album = train.has_column("album") && train.label() != "album";
  if (knows_artist) compare_level("artist", train, valid, audit);
  if (knows_album) compare_level("album", train, valid, audit);
  compare_songs(train, valid, audit);
  compare_copies(train, valid, copies, audit);
  audit.words = std::string(knows_artist ? "artist, " : "") + (knows_album ? "album, " : "") + "song or recording";
  return audit;
}

std::string Audit::line() const {
  if (!clean()) {
    return "LEAK: " + counts_in_words(findings) + (findings.size() == 1 ? " is" : " are") +
           " on both sides (leak = 'allowed'): the scores are too good";
  }
  std::string line = "no " + words + " is on both sides (checked by name and by sound";
  if (unheard > 0) line += "; " + count_of(unheard, "files") + " could not be read and were checked by name alone";
  return line + ")";
}

void refuse_leaks(const Audit& audit, const std::string& leak, const std::string& who) {
  if (audit.clean() || leak == "allowed") return;
  const Finding& first = audit.findings.front();
  std::string text = who + ": ";
  if (first.train == first.valid) {
    text += first.kind + " '" + first.train + "' is on both sides";
  } else {
    const std::string same = first.kind == "file" ? "the same file" : "the same " + first.kind;
    text += "'" + first.train + "' (train) and '" + first.valid + "' (validation) are " + same;
  }
  if (audit.findings.size() > 1) text += ", and " + std::to_string(audit.findings.size() - 1) + " more";
  throw ArgumentError(text + " (leak = 'allowed' goes on)");
}

}  // namespace lumir::data
