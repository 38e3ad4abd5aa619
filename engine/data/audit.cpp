// Comparing two sides. Copies among the files come from copies.cpp.

#include "data/audit.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>
#include <string_view>
#include <tuple>

#include "audio/fingerprint.h"
#include "core/matrix.h"
#include "data/layout.h"
#include "data/sides.h"
#include "data/words.h"

namespace lumir::data {
namespace {

bool is_separator(char c) { return c == '-' || c == '_' || c == '.' || c == ' '; }
bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

/// "03-06_Starfall.mp3" and "starfall" are one song: case, numbers in front and separators do not count.
std::string song_of(const std::string& title) {
  size_t begin = 0;
  for (size_t at = 0; at < title.size() && (is_digit(title[at]) || is_separator(title[at])); ++at) {
    if (is_separator(title[at])) begin = at + 1;
  }
  std::string song;
  for (const char c : title.substr(begin)) {
    if (!is_separator(c)) song += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return song;
}

/// What files are called that nobody has named, and titles that many albums have.
constexpr std::array<std::string_view, 36> kCommonWords = {
    "audio",     "cd",    "clip",  "demo",    "disc",      "disk",   "file",    "hidden",  "instrumental",
    "interlude", "intro", "lied",  "medley",  "music",     "musik",  "no",      "nr",      "outro",
    "part",      "pista", "piste", "prelude", "recording", "sample", "skit",    "song",    "sound",
    "spur",      "take",  "titel", "title",   "titre",     "track",  "traccia", "unknown", "untitled"};

/// True where nothing is left of a name but common words, digits and signs: "song1", "AudioTrack 01".
bool says_nothing(const std::string& song) {
  std::string letters;
  for (const char c : song) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 128 || std::isalpha(byte)) letters += c;
  }
  std::vector<bool> reached(letters.size() + 1);  // by common words one behind the other
  reached[0] = true;
  for (size_t at = 0; at < letters.size(); ++at) {
    if (!reached[at]) continue;
    for (const auto word : kCommonWords) {
      if (letters.compare(at, word.size(), word) == 0) reached[at + word.size()] = true;
    }
  }
  return reached.back();
}

/// Whether a group of this level on both sides gives the answer away. Groups that a table names are meant to be kept
/// whole, and a track of which it has several rows is one recording.
bool is_telling(const Dataset& songs, const std::string& level) {
  if (songs.has_sound() && level != "album" && !is_maker(level)) return false;
  // what the label is a part of stands on both sides for every class that has two groups
  const auto above = songs.label().empty() ? std::vector<std::string>{} : songs.path_of(songs.label());
  return std::find(above.begin(), above.end(), level) == above.end();
}

int certainty(const std::string& kind) { return kind == "file" ? 0 : kind == "recording" ? 1 : 2; }

std::string counts_in_words(const std::vector<Finding>& findings) {
  std::vector<std::pair<std::string, size_t>> counts;
  for (const auto& finding : findings) {
    const auto same = [&](const auto& count) { return count.first == finding.kind; };
    const auto found = std::find_if(counts.begin(), counts.end(), same);
    if (found == counts.end()) {
      counts.emplace_back(finding.kind, 1);
    } else {
      ++found->second;
    }
  }
  std::string words;
  for (size_t i = 0; i < counts.size(); ++i) {
    if (i > 0) words += i + 1 == counts.size() ? " and " : ", ";
    words += count_of(counts[i].second, counts[i].first);
  }
  return words;
}

/// Where each row stands in a list; -1 where it does not.
std::vector<int> places_in(std::span<const int> rows, size_t all) {
  std::vector<int> places(all, -1);
  for (size_t i = 0; i < rows.size(); ++i) places[static_cast<size_t>(rows[i])] = static_cast<int>(i);
  return places;
}

}  // namespace

Auditor::Auditor(const Dataset& songs)
    : paths_(songs.column(songs.has_sound() ? "path" : "id")),
      tracks_(songs.groups("track")),
      by_sound_(songs.has_sound()) {
  for (const auto& level : songs.levels()) {
    if (!is_telling(songs, level) || (level == "track" && by_sound_)) continue;
    levels_.emplace_back(level, songs.groups(level));
    words_ += level + ", ";
  }
  if (!by_sound_) {
    words_ = words_.empty() ? "row" : words_.substr(0, words_.size() - 2) + " or row";
    return;
  }
  words_ += "song or recording";
  const Copies copies = find_copies(paths_, songs.unit());
  unheard_ = copies.unheard;
  add_copies(copies);
  add_names(songs);
  std::stable_sort(pairs_.begin(), pairs_.end(), [](const Pair& a, const Pair& b) {
    return std::tuple(a.first, a.second, certainty(a.kind)) < std::tuple(b.first, b.second, certainty(b.kind));
  });
  const auto same = [](const Pair& a, const Pair& b) { return a.first == b.first && a.second == b.second; };
  pairs_.erase(std::unique(pairs_.begin(), pairs_.end(), same), pairs_.end());
}

void Auditor::add_copies(const Copies& copies) {
  std::map<std::string, int> row_of;
  for (size_t row = 0; row < paths_.size(); ++row) row_of.emplace(paths_[row], static_cast<int>(row));
  for (const auto& copy : copies.found) {
    const auto [first, second] = std::minmax(row_of.at(copy.first), row_of.at(copy.second));
    pairs_.push_back({copy.kind, first, second});
  }
}

/// Songs of one artist and one name, where the data know both.
void Auditor::add_names(const Dataset& songs) {
  if (!songs.has_column("artist") || !songs.has_column("title")) return;
  const auto artists = songs.column("artist");
  const auto titles = songs.column("title");
  std::map<std::string, std::vector<int>> rows_of;
  for (size_t row = 0; row < titles.size(); ++row) {
    const std::string song = song_of(titles[row]);
    if (says_nothing(song)) continue;
    auto& rows = rows_of[artists[row] + "/" + song];
    for (const int other : rows) pairs_.push_back({"song", other, static_cast<int>(row)});
    rows.push_back(static_cast<int>(row));
  }
}

/// A song is known by its name, a copy by its file.
std::string Auditor::text_of(const std::string& kind, int row) const {
  return (kind == "song" ? tracks_ : paths_)[static_cast<size_t>(row)];
}

Audit Auditor::audit(std::span<const int> train, std::span<const int> valid) const {
  Audit audit;
  audit.words = words_;
  audit.unheard = unheard_;
  audit.by_sound = by_sound_;
  for (const auto& [level, groups] : levels_) {
    const auto left = distinct(taken(groups, train));
    for (const auto& group : distinct(taken(groups, valid))) {
      if (std::binary_search(left.begin(), left.end(), group)) audit.findings.push_back({level, group, group});
    }
  }
  const auto trains = places_in(train, paths_.size()), tests = places_in(valid, paths_.size());
  const auto add = [&](const std::string& kind, int one, int other) {
    const int left = trains[static_cast<size_t>(one)], right = tests[static_cast<size_t>(other)];
    if (left < 0 || right < 0) return;
    audit.findings.push_back({kind, text_of(kind, one), text_of(kind, other), left, right});
  };
  for (size_t row = 0; row < paths_.size(); ++row) add("recording", static_cast<int>(row), static_cast<int>(row));
  for (const auto& [kind, first, second] : pairs_) {
    add(kind, first, second);
    add(kind, second, first);
  }
  std::stable_sort(audit.findings.begin(), audit.findings.end(), [](const Finding& a, const Finding& b) {
    return a.train_row < 0 && b.train_row >= 0;  // groups first
  });
  return audit;
}

std::string audit_line(const Audit& audit, size_t sides) {
  std::set<std::string> left_out;
  for (const auto& finding : audit.moved) left_out.insert(finding.train);
  const std::string on_both = sides > 2 ? " on two sides" : " on both sides";
  std::string line;
  if (!audit.moved.empty()) {
    line = count_of(left_out.size(), "recordings") +
           (sides > 2 ? " of earlier sides left out, because a later one has the same "
                      : " of training left out, because validation has the same ") +
           (audit.moved.size() == 1 ? "song" : "songs") + " (leak = 'moved')";
  }
  if (!audit.clean()) {
    return (line.empty() ? "" : line + "; ") + "LEAK: " + counts_in_words(audit.findings) +
           (audit.findings.size() == 1 ? " is" : " are") + on_both + " (leak = 'allowed'): the scores are too good";
  }
  line += (line.empty() ? "no " : "; no other ") + audit.words + " is" + on_both;
  if (!audit.by_sound) return line + " (checked by name)";
  line += " (checked by name and by sound: " + audio::heard_in_words();
  if (audit.unheard > 0) {
    line += "; " + count_of(audit.unheard, "files") + " could not be read and were checked by name alone";
  }
  return line + ")";
}

std::string Audit::line() const { return audit_line(*this, 2); }

namespace {

[[noreturn]] void refuse(const ComparedSides& sides, const std::string& who) {
  const Finding& first = sides.audit.findings.front();
  const bool is_group = first.train_row < 0;
  const std::string learns = name_of(sides.learns), tests = name_of(sides.tests);
  std::string text = who + ": ";
  if (first.train == first.valid) {
    text += first.kind + " '" + first.train + "' is " +
            (sides.alone ? "on both sides" : "in " + learns + " and in " + tests);
  } else {
    const std::string same = first.kind == "file" ? "the same file" : "the same " + first.kind;
    text += "'" + first.train + "' (" + learns + ") and '" + first.valid + "' (" + tests + ") are " + same;
  }
  const size_t n = sides.audit.findings.size();
  if (n > 1) text += ", and " + std::to_string(n - 1) + " more";
  throw ArgumentError(
      text +
      (is_group ? " (by = '" + first.kind + "' keeps each whole, "
                : " (leak = 'moved' leaves it out of " + (sides.learns == Side::train ? "training" : learns) + ", ") +
      "leak = 'allowed' goes on)");
}

}  // namespace

void treat_leaks(ComparedSides& sides, const std::string& leak, const std::string& who, std::vector<int>& rows) {
  Audit& audit = sides.audit;
  if (leak == "moved") {
    const auto is_group = [](const Finding& finding) { return finding.train_row < 0; };
    const auto middle = std::stable_partition(audit.findings.begin(), audit.findings.end(), is_group);
    audit.moved.assign(middle, audit.findings.end());
    audit.findings.erase(middle, audit.findings.end());
    std::set<int> places;
    for (const auto& finding : audit.moved) places.insert(finding.train_row);
    std::vector<int> kept;
    for (size_t i = 0; i < rows.size(); ++i) {
      if (!places.contains(static_cast<int>(i))) kept.push_back(rows[i]);
    }
    rows = std::move(kept);
  }
  if (!audit.clean() && leak != "allowed") refuse(sides, who);
}

void treat_leaks(Audit& audit, const std::string& leak, const std::string& who, std::vector<int>& train) {
  ComparedSides sides{.audit = std::move(audit)};
  treat_leaks(sides, leak, who, train);
  audit = std::move(sides.audit);
}

}  // namespace lumir::data
