// The audit of a split: nothing that would give the answer away may stand on both sides.
//
// An album has a sound of its own, and a song exists in copies with other names and bitrates. So the two sides are
// compared by name (artist, album, song), by the bytes of the files, and by sound (audio/fingerprint). A pair of
// recordings is told once, however many ways lead to it: same bytes before same sound before same name.

#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "data/dataset.h"

namespace lumir::data {

/// Two files that hold the same recording.
struct Copy {
  std::string kind;   // "file" for the same bytes, "recording" for the same sound
  std::string first;  // paths
  std::string second;
};

/// Copies among files, and how many of these could not be listened to.
struct Copies {
  std::vector<Copy> found;  // every pair
  size_t unheard = 0;
};
/// Listens to what has not been heard before (in parallel, with a bar that counts in `unit`); the answer for the same
/// set of files is kept in the cache.
Copies find_copies(const std::vector<std::string>& paths, const std::string& unit);
/// Pairs of a recording of `one` and one of `other` that are the same by bytes or by sound.
std::vector<Copy> copies_between(const Dataset& one, const Dataset& other);

/// One thing that stands on both sides.
struct Finding {
  std::string kind;    // "artist", "album", "song", "file", "recording"
  std::string train;   // the group or path on one side
  std::string valid;   // and on the other
  int train_row = -1;  // where it is a recording: which of the rows that were compared
  int valid_row = -1;
};

struct Audit {
  std::vector<Finding> findings;
  std::vector<Finding> moved;  // recordings that stood on both sides and were left out of training
  std::string words;           // what was looked for: "album, song or recording"
  size_t unheard = 0;          // files that could not be decoded and so were compared by name and bytes only
  bool by_sound = true;        // false: rows of a table, which are known by their names alone
  bool clean() const { return findings.empty(); }
  /// "no album, song or recording is on both sides (checked by name and by sound: ...)", or what is: the red line.
  std::string line() const;
};

/// Knows a dataset's groups and which of its recordings are the same; asked about each split of it.
class Auditor {
 public:
  /// Listens to all of it; rows of a table are known by the groups that they name.
  explicit Auditor(const Dataset& songs);
  /// Compares rows (0-based) with rows; those of the findings are places in `train` and `valid`.
  Audit audit(std::span<const int> train, std::span<const int> valid) const;

 private:
  struct Pair {
    std::string kind;
    int first, second;
  };
  void add_copies(const Copies& copies);
  void add_names(const Dataset& songs);
  std::string text_of(const std::string& kind, int row) const;

  std::vector<std::pair<std::string, std::vector<std::string>>> levels_;  // name, and the group of each row
  std::vector<Pair> pairs_;
  std::vector<std::string> paths_, tracks_;
  std::string words_;
  size_t unheard_ = 0;
  bool by_sound_ = true;
};

/// What to do with a leak: "refused" throws ArgumentError with the first finding, begun by `who`; "allowed" goes on;
/// "moved" takes recordings that stand on both sides out of `train` (places as in the findings) and refuses the rest.
void treat_leaks(Audit& audit, const std::string& leak, const std::string& who, std::vector<int>& train);

}  // namespace lumir::data
