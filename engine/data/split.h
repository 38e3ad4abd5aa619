// Splits: which recordings teach, which ones choose and which ones test. Every split is audited before anyone sees it.

#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/schema.h"
#include "data/audit.h"
#include "data/dataset.h"
#include "data/folds.h"
#include "data/sides.h"

namespace lumir::data {

/// `songs:split { hold = 1, by = 'album', per = 'artist' }`.
struct SplitOptions {
  double hold = 0.2;                       // 1 or more: groups; below 1: a share of them
  std::string by = "";                     // what stays together; empty: the dataset's default group
  std::string per = "";                    // hold this many of each artist, say; empty: of all
  std::optional<int> seed = std::nullopt;  // none: the seed of lumir.seed
  bool stratify = false;                   // hold the same share of every class
  std::string leak = "refused";            // or "allowed", "moved"
  static Schema schema();
};

/// Two sides or three, and what the audit says of them.
struct Split {
  Dataset whole;  // what was split
  Dataset train;
  Dataset valid;                        // what tests, where there are two sides
  std::optional<Dataset> test;          // where there are three
  std::string rule;                     // "validation: the last album of each artist (83 songs)"
  Audit audit;                          // of all sides
  std::vector<ComparedSides> compared;  // the same, two by two
  /// What the audit says, in one line.
  std::string audit_line() const { return data::audit_line(audit, test ? 3 : 2); }
};

/// A split by name. "last_album": within each artist the album last in byte order validates. An artist with one
/// album only trains, and one warning says so. "official": as the column `split` of the corpus says, two sides or
/// three. `leak` as in SplitOptions. Throws ArgumentError for an unknown name or a leak.
Split split(const Dataset& songs, const std::string& name, const std::string& leak = "refused");
/// A split whose sides are known already; audited. `rule` says where they come from. Rows on no side are no part of it.
/// Throws ArgumentError where nothing trains or nothing tests.
Split split_rows(const Dataset& songs, const std::vector<Side>& sides, const std::string& rule,
                 const std::string& leak);
/// A random split by groups; the same seed gives the same sides, whatever the order of files on disk.
Split random_split(const Dataset& songs, const SplitOptions& options);
/// Audits one round of a cross-validation over rows that are recordings of `songs` or parts of them (`song` says which
/// row each is of), and treats its leaks as `leak` says: rows that are moved go from `fold.train`.
Audit audit_fold(const Dataset& songs, std::span<const int> song, const std::string& leak, const std::string& who,
                 Fold& fold);
/// Stratified grouped k-fold as audited splits.
std::vector<Split> folds(const Dataset& songs, const FoldOptions& options);

/// train.txt, validation.txt and, of three sides, test.txt in `folder`: lines `path,artist,title` (title = file name
/// without its ending), commas quoted as in csv. Where the data have no artist, the label stands in its place.
void write_split(const std::string& folder, const Split& split);

/// The two lines that a run begins with: counts and rule, then the audit. What leaks is red where `colour` is true.
std::string show(const Split& split, bool colour = false);

}  // namespace lumir::data
