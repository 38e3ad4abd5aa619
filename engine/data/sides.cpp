// See sides.h. How leaks are told is in audit.cpp.

#include "data/sides.h"

#include <algorithm>

#include "core/error.h"
#include "core/text.h"
#include "data/words.h"

namespace lumir::data {
namespace {

const std::map<std::string, Side>& words_for_sides() {
  static const std::map<std::string, Side> words{
      {"training", Side::train}, {"train", Side::train}, {"validation", Side::valid}, {"valid", Side::valid},
      {"val", Side::valid},      {"dev", Side::valid},   {"test", Side::test},        {"eval", Side::test}};
  return words;
}

}  // namespace

std::string name_of(Side side) {
  switch (side) {
    case Side::train: return "train";
    case Side::valid: return "validation";
    case Side::test: return "test";
    case Side::none: break;
  }
  return "no side";
}

SideRows rows_of_sides(const std::vector<Side>& sides) {
  SideRows rows;
  for (size_t row = 0; row < sides.size(); ++row) {
    if (sides[row] != Side::none) rows[sides[row]].push_back(static_cast<int>(row));
  }
  return rows;
}

std::vector<Side> official_sides(const Dataset& songs) {
  if (!songs.has_column("split")) {
    throw ArgumentError("split: 'official' needs the column split (training, validation, test), and " + songs.name() +
                        " has none");
  }
  std::vector<Side> sides;
  std::vector<std::string> unknown;
  for (const auto& word : songs.column("split")) {
    const auto found = words_for_sides().find(word);
    if (found == words_for_sides().end()) unknown.push_back("'" + visible(word) + "'");
    sides.push_back(found == words_for_sides().end() ? Side::none : found->second);
  }
  if (!unknown.empty()) {
    throw ArgumentError("split: the column split of " + songs.name() + " holds " + listed(distinct(unknown)) +
                        ", and a side is called training, validation or test");
  }
  return sides;
}

Audit joined(const std::vector<ComparedSides>& compared) {
  Audit all;
  for (const auto& [learns, tests, alone, audit] : compared) {
    all.findings.insert(all.findings.end(), audit.findings.begin(), audit.findings.end());
    all.moved.insert(all.moved.end(), audit.moved.begin(), audit.moved.end());
    all.words = audit.words;
    all.unheard = audit.unheard;
    all.by_sound = audit.by_sound;
  }
  return all;
}

}  // namespace lumir::data
