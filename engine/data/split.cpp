// Cutting datasets in two, or into folds.

#include "data/split.h"
#include "data/labels.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <numeric>
#include <set>

#include "core/csv.h"
#include "core/file.h"
#include "core/observer.h"
#include "core/random.h"
#include "data/iterative_stratification.h"
#include "data/layout.h"
#include "data/shares.h"
#include "data/unreadable.h"
#include "data/words.h"

namespace lumir::data {
namespace {

/// Later sides come first: what validation loses to test, training need not lose to validation.
constexpr std::pair<Side, Side> kPairs[] = {
    {Side::valid, Side::test}, {Side::train, Side::test}, {Side::train, Side::valid}};

/// What `leak = 'moved'` took from a side must not be all of it.
void check_sides_left(const Dataset& songs, const SideRows& rows, const std::string& who) {
  for (const auto& [side, of_side] : rows) {
    if (!of_side.empty()) continue;
    throw ArgumentError(who + ": 'leak' = 'moved' leaves no " + songs.unit() + " for " + name_of(side) +
                        ", because each of its own is on a later side too");
  }
}

Split cut(const Dataset& songs, SideRows rows, std::string rule, const std::string& leak, const std::string& who) {
  Split split;
  split.whole = songs;
  split.rule = std::move(rule);
  for (const auto& [learns, tests] : kPairs) {
    if (!rows.contains(learns) || !rows.contains(tests)) continue;
    ComparedSides pair{learns, tests, rows.size() == 2, songs.audit(rows[learns], rows[tests])};
    treat_leaks(pair, leak, who, rows[learns]);
    split.compared.push_back(std::move(pair));
  }
  if (leak == "moved") check_sides_left(songs, rows, who);
  split.audit = joined(split.compared);
  const auto side = [&](Side name) {
    Dataset taken = songs.take(rows[name]);
    taken.describe_with(songs);
    if (!split.audit.clean()) taken.set_leak(audit_line(split.audit, rows.size()));
    return taken;
  };
  const bool three = rows.size() == 3;
  split.train = side(Side::train);
  split.valid = side(rows.contains(Side::valid) ? Side::valid : Side::test);
  if (three) split.test = side(Side::test);
  return split;
}

/// What does not validate teaches.
Split cut(const Dataset& songs, const std::vector<bool>& validates, std::string rule, const std::string& leak) {
  SideRows rows{{Side::train, {}}, {Side::valid, {}}};
  for (size_t row = 0; row < validates.size(); ++row) {
    rows[validates[row] ? Side::valid : Side::train].push_back(static_cast<int>(row));
  }
  return cut(songs, std::move(rows), std::move(rule), leak, "split");
}

void check_leak(const std::string& leak) {
  if (leak == "allowed" || leak == "refused" || leak == "moved") return;
  throw ArgumentError("split: 'leak' = '" + leak + "' is none of 'refused', 'allowed', 'moved'" +
                      did_you_mean(leak, {"refused", "allowed", "moved"}));
}

/// What has too little to be on both sides only trains, and is named.
void warn_of_lone(const std::string& what, const std::vector<std::string>& lone) {
  std::string line = "split: " + what + ", which only " + (lone.size() == 1 ? "trains: " : "train: ");
  for (size_t i = 0; i < lone.size(); ++i) line += (i > 0 ? ", " : "") + lone[i];
  observer().warn(line);
}

std::vector<bool> last_albums(const Dataset& songs) {
  if (!songs.has_column("artist") || !songs.has_column("album")) {
    throw ArgumentError("split: 'last_album' needs the columns artist and album, and " + songs.name() +
                        " has not both");
  }
  const auto artists = songs.column("artist");
  const auto albums = songs.column("album");
  std::map<std::string, std::set<std::string>> of_artist;
  for (size_t row = 0; row < songs.size(); ++row) of_artist[artists[row]].insert(albums[row]);
  std::vector<std::string> lone;
  for (const auto& [artist, own] : of_artist) {
    if (own.size() == 1) lone.push_back(artist);
  }
  if (lone.size() == of_artist.size()) {
    throw ArgumentError(
        "split: every artist has one album only, so 'last_album' leaves none to learn from "
        "(songs:split { by = 'track', leak = 'allowed' } goes on, under a red line)");
  }
  if (!lone.empty()) warn_of_lone(count_of(lone.size(), "artists") + " with one album", lone);
  std::vector<bool> validates(songs.size());
  for (size_t row = 0; row < songs.size(); ++row) {
    const auto& own = of_artist[artists[row]];
    validates[row] = own.size() > 1 && albums[row] == *own.rbegin();
  }
  return validates;
}

/// Groups among which a part is held out.
struct Stratum {
  std::string name;                 // "artist 'queen'"; empty for all of the data
  std::vector<std::string> groups;  // sorted by bytes
};

/// The class that most rows of each group have; the first by name of equals.
std::map<std::string, std::string> main_labels(const std::vector<std::string>& groups,
                                               const std::vector<std::string>& labels) {
  std::map<std::string, std::map<std::string, int>> counts;
  for (size_t row = 0; row < groups.size(); ++row) ++counts[groups[row]][labels[row]];
  std::map<std::string, std::string> main;
  for (const auto& [group, of_label] : counts) {
    const auto most = std::max_element(of_label.begin(), of_label.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    main[group] = most->first;
  }
  return main;
}

std::vector<Stratum> strata_of(const Dataset& songs, const std::string& by, const std::string& per, bool stratify) {
  const auto groups = songs.groups(by);
  const std::string column = per.empty() && stratify ? songs.label() : per;
  if (column.empty()) return {{"", distinct(groups)}};
  const auto words = per.empty() ? songs.labels() : songs.groups(column);
  const auto main = main_labels(groups, words);
  std::map<std::string, Stratum> strata;
  for (size_t row = 0; row < songs.size(); ++row) {
    if (!per.empty() && main.at(groups[row]) != words[row]) {
      throw ArgumentError("split: 'by' = '" + by + "' is coarser than 'per' = '" + per + "': '" + groups[row] +
                          "' belongs to '" + main.at(groups[row]) + "' and to '" + words[row] + "'");
    }
  }
  for (const auto& [group, word] : main) {
    strata[word].name = column + " '" + word + "'";
    strata[word].groups.push_back(group);
  }
  std::vector<Stratum> list;
  for (auto& [word, stratum] : strata) list.push_back(std::move(stratum));
  return list;
}

/// How many of `n` groups `hold` asks for.
size_t wanted_of(double hold, size_t n) {
  if (hold >= 1) return static_cast<size_t>(hold);
  return std::max<size_t>(1, static_cast<size_t>(std::lround(hold * static_cast<double>(n))));
}

void check_left(const Stratum& stratum, size_t held, const std::string& by) {
  if (held < stratum.groups.size()) return;
  throw ArgumentError("split: " + (stratum.name.empty() ? "the data have " : stratum.name + " has ") +
                      count_of(stratum.groups.size(), by) + ", and holding " + std::to_string(held) +
                      " leaves none to learn from");
}

/// How many groups each stratum has.
std::vector<size_t> sizes_of(const std::vector<Stratum>& strata) {
  std::vector<size_t> sizes;
  for (const auto& stratum : strata) sizes.push_back(stratum.groups.size());
  return sizes;
}

std::set<std::string> draw_groups(const std::vector<Stratum>& strata, const SplitOptions& options,
                                  const std::string& by, uint64_t seed) {
  std::vector<size_t> held;
  if (options.per.empty()) {
    const auto sizes = sizes_of(strata);
    const size_t all = std::accumulate(sizes.begin(), sizes.end(), size_t{0});
    held = share_out(sizes, wanted_of(options.hold, all));
  } else {
    std::vector<std::string> lone;
    for (const auto& stratum : strata) {
      held.push_back(wanted_of(options.hold, stratum.groups.size()));
      if (held.back() < stratum.groups.size()) continue;
      held.back() = 0;
      lone.push_back(stratum.name);
    }
    if (lone.size() == strata.size()) {
      throw ArgumentError("split: no " + options.per + " has more than " + count_of(wanted_of(options.hold, 1), by) +
                          ", so holding as many leaves none to learn from" +
                          (by == "track" ? "" : " (by = 'track' with leak = 'allowed' goes on, under a red line)"));
    }
    if (!lone.empty())
      warn_of_lone(count_of(lone.size(), options.per + "s") + " with too few " + by + "s to be held", lone);
  }
  std::set<std::string> drawn;
  for (size_t i = 0; i < strata.size(); ++i) {
    check_left(strata[i], held[i], by);
    // each stratum has a stream of its own: what one artist gives does not depend on the others
    Random random(seed, "split " + strata[i].name);
    const auto order = random.permutation(static_cast<int>(strata[i].groups.size()));
    for (size_t k = 0; k < held[i]; ++k) drawn.insert(strata[i].groups[static_cast<size_t>(order[k])]);
  }
  return drawn;
}

/// What `deal` answers; its errors say what cannot be read.
template <class Deal>
auto dealt(const Dataset& songs, Deal deal) {
  try {
    return deal();
  } catch (const ArgumentError& problem) {
    throw ArgumentError(problem.what() + unreadable_words(songs));
  }
}

Matrix tags_of(const Dataset& songs) { return values_of(songs.labels(), songs.classes(), songs.label_kind()); }

/// Groups that validate, so that each tag has its share on both sides. Nothing in it is random.
std::set<std::string> deal_groups_by_tags(const Dataset& songs, const SplitOptions& options, const std::string& by) {
  const TagGroups found = count_tags(tags_of(songs), songs.groups(by));
  const auto n = static_cast<double>(found.names.size());
  const double share = options.hold < 1 ? options.hold : options.hold / n;
  if (share >= 1) check_left({"", found.names}, static_cast<size_t>(options.hold), by);
  const auto side_of = deal_by_tags(found.counts, found.sizes, {1 - share, share});
  std::set<std::string> drawn;
  for (size_t group = 0; group < side_of.size(); ++group) {
    if (side_of[group] == 1) drawn.insert(found.names[group]);
  }
  if (drawn.empty()) throw ArgumentError("split: 'hold' = " + show_number(options.hold) + " leaves none to validate");
  return drawn;
}

void check_stratify(const Dataset& songs, const SplitOptions& options) {
  if (!options.stratify) return;
  if (songs.label().empty()) {
    throw ArgumentError("split: 'stratify' needs a label, and " + songs.name() + " has none");
  }
  if (songs.target() == Target::numbers) {
    throw ArgumentError("split: 'stratify' needs classes or tags, and " + songs.name() + " has numbers");
  }
  if (songs.target() == Target::tags && !options.per.empty()) {
    throw ArgumentError("split: 'stratify' of tags deals all groups at once, so it takes no 'per'");
  }
}

void check_hold(double hold) {
  if (hold > 0 && (hold < 1 || hold == std::floor(hold))) return;
  throw ArgumentError("split: 'hold' = " + show_number(hold) + " must be a share (0 to 1) or a whole number of groups");
}

/// Of a share between 0 and 1: 16.7, with more places only where that would be 0 or 100.
std::string percent(double share) {
  double places = 10, rounded = 0;
  while (rounded <= 0 || rounded >= 100) {
    rounded = std::round(share * 100 * places) / places;
    places *= 10;
  }
  return show_number(rounded);
}

std::string rule_of(const SplitOptions& options, const std::string& by, uint64_t seed, size_t rows,
                    const std::string& unit) {
  const std::string part = options.hold < 1 ? percent(options.hold) + " % of the " + by + "s"
                                            : count_of(static_cast<size_t>(options.hold), by);
  const std::string of = options.per.empty() ? "" : " of each " + options.per;
  return "validation: " + part + of + " at random, seed " + std::to_string(seed) + " (" + count_of(rows, unit) + ")";
}

/// "validation and test: as published (800 and 800 songs)".
std::string official_rule(const Dataset& songs, const SideRows& rows) {
  std::string names, counts;
  for (const auto& [side, of_side] : rows) {
    if (side == Side::train) continue;
    names += (names.empty() ? "" : " and ") + name_of(side);
    counts += counts.empty() ? count_of(of_side.size(), songs.unit()) : " and " + std::to_string(of_side.size());
  }
  return names + ": as published (" + counts + ")";
}

std::string lines_of(const Dataset& side) {
  const auto paths = side.column(side.has_sound() ? "path" : "id");
  const auto titles = side.has_column("title") ? side.column("title") : std::vector<std::string>(side.size());
  const auto names = side.has_column("artist") ? side.column("artist") : side.labels();
  std::string text;
  for (size_t row = 0; row < side.size(); ++row) {
    const std::string title = titles[row].empty() ? title_of(paths[row]) : titles[row];
    text += csv_field(paths[row]) + "," + (names.empty() ? "" : csv_field(names[row])) + "," + csv_field(title) + "\n";
  }
  return text;
}

}  // namespace

Schema SplitOptions::schema() {
  return {
      Option{"hold", &SplitOptions::hold, "what validates: a number of groups, or a share of them below 1", kPositive},
      Option{"by", &SplitOptions::by,
             "what stays together: 'album', 'track' or another column; '' for albums where "
             "there are any"},
      Option{"per", &SplitOptions::per, "hold so many of each: 'artist'; '' for so many of all"},
      Option{"seed", &SplitOptions::seed, "of the draw; 'none' takes that of lumir.seed"},
      Option{"stratify", &SplitOptions::stratify,
             "hold the same share of every class, or of every tag (iterative stratification)"},
      Option{
          "leak", &SplitOptions::leak,
          "what is done where it leaks: an error, going on, or leaving the songs that both sides have out of training",
          Choices{"refused", "allowed", "moved"}}};
}

Split split(const Dataset& songs, const std::string& name, const std::string& leak) {
  check_leak(leak);
  if (name == "official") {
    const auto sides = official_sides(songs);
    return split_rows(songs, sides, official_rule(songs, rows_of_sides(sides)), leak);
  }
  if (name != "last_album") {
    throw ArgumentError("split: no split is called '" + name + "'; there are given, last_album and official" +
                        did_you_mean(name, {"given", "last_album", "official"}));
  }
  const auto validates = last_albums(songs);
  const auto n = static_cast<size_t>(std::count(validates.begin(), validates.end(), true));
  const std::string rule = "validation: the last album of each artist (" + count_of(n, songs.unit()) + ")";
  return cut(songs, validates, rule, leak);
}

Split random_split(const Dataset& songs, const SplitOptions& options) {
  check_leak(options.leak);
  check_hold(options.hold);
  const std::string by = options.by.empty() ? songs.default_group() : options.by;
  check_stratify(songs, options);
  const uint64_t seed = seed_or_global(options.seed);
  const auto drawn = dealt(songs, [&] {
    if (options.stratify && songs.target() == Target::tags) return deal_groups_by_tags(songs, options, by);
    return draw_groups(strata_of(songs, by, options.per, options.stratify), options, by, seed);
  });
  const auto groups = songs.groups(by);
  std::vector<bool> validates(songs.size());
  for (size_t row = 0; row < songs.size(); ++row) validates[row] = drawn.contains(groups[row]);
  const auto n = static_cast<size_t>(std::count(validates.begin(), validates.end(), true));
  return cut(songs, validates, rule_of(options, by, seed, n, songs.unit()), options.leak);
}

Split split_rows(const Dataset& songs, const std::vector<Side>& sides, const std::string& rule,
                 const std::string& leak) {
  check_leak(leak);
  std::vector<int> used;
  std::vector<Side> sides_used;
  for (size_t row = 0; row < sides.size(); ++row) {
    if (sides[row] == Side::none) continue;
    used.push_back(static_cast<int>(row));
    sides_used.push_back(sides[row]);
  }
  auto rows = rows_of_sides(sides_used);
  if (!rows.contains(Side::train) || rows.size() < 2) {
    throw ArgumentError("split: " + songs.name() + " has no " + songs.unit() + " to " +
                        (rows.contains(Side::train) ? "test on" : "learn from"));
  }
  return cut(songs.take(used), std::move(rows), rule, leak, "split");
}

std::vector<Split> folds(const Dataset& songs, const FoldOptions& options) {
  check_leak(options.leak);
  const std::string by = options.by.empty() ? songs.default_group() : options.by;
  const auto classes = songs.classes();
  const bool known = songs.target() == Target::classes, tags = songs.target() == Target::tags && options.stratify;
  const std::vector<int> y = known ? places_of(songs.labels(), classes) : std::vector<int>{};
  const auto groups = songs.groups(by);
  const FoldWords words{classes, songs.label(), by};
  const auto made = dealt(songs, [&] {
    if (tags) return make_tag_folds(tags_of(songs), groups, options.folds, words);
    return make_folds(y, groups, options.folds, options.stratify, words);
  });
  std::vector<Split> splits;
  for (const auto& fold : made) {
    const std::string rule = "validation: fold " + std::to_string(splits.size() + 1) + " of " +
                             std::to_string(made.size()) + ", grouped by " + by + " (" +
                             count_of(fold.valid.size(), songs.unit()) + ")";
    splits.push_back(cut(songs, {{Side::train, fold.train}, {Side::valid, fold.valid}}, rule, options.leak, "folds"));
  }
  return splits;
}

Audit audit_fold(const Dataset& songs, std::span<const int> song, const std::string& leak, const std::string& who,
                 Fold& fold) {
  const auto songs_of = [&](const std::vector<int>& rows) {
    std::vector<int> found;
    for (const int row : rows) found.push_back(song[static_cast<size_t>(row)]);
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
  };
  std::vector<int> train = songs_of(fold.train);
  Audit audit = songs.audit(train, songs_of(fold.valid));
  treat_leaks(audit, leak, who, train);
  std::erase_if(fold.train, [&](int row) {
    return !std::binary_search(train.begin(), train.end(), song[static_cast<size_t>(row)]);
  });
  return audit;
}

void write_split(const std::string& folder, const Split& split) {
  const std::filesystem::path in(folder);
  write_file((in / "train.txt").string(), lines_of(split.train));
  write_file((in / "validation.txt").string(), lines_of(split.valid));
  if (split.test) write_file((in / "test.txt").string(), lines_of(*split.test));
}

}  // namespace lumir::data
