// The audit of a split: nothing that would give the answer away may stand on both sides.
//
// An album has a sound of its own, and a song exists in copies with other names and bitrates. So the two
// sides are compared by name (artist, album, song), by the bytes of the files, and by sound
// (audio/fingerprint).

#pragma once

#include <string>
#include <vector>

#include "data/dataset.h"

namespace lumir::data {

/// Two files that hold the same recording.
struct Copy {
  std::string kind;   // "file" for the same bytes, "recording" for the same sound
  std::string first;  // paths
  std::string second;
};

/// Copies among all files of a dataset, and how many files could not be listened to.
struct Copies {
  std::vector<Copy> found;
  size_t unheard = 0;
};
/// Listens to what has not been heard before (in parallel, with a bar); the answer for the same set of files
/// is kept in the cache.
Copies find_copies(const Dataset& songs);

/// One thing that stands on both sides.
struct Finding {
  std::string kind;   // "artist", "album", "song", "file", "recording"
  std::string train;  // the group or path on one side
  std::string valid;  // and on the other
};

struct Audit {
  std::vector<Finding> findings;
  std::string words;   // what was looked for: "album, song or recording"
  size_t unheard = 0;  // files that could not be decoded and so were compared by name and bytes only
  bool clean() const { return findings.empty(); }
  /// "no album, song or recording is on both sides (checked by name and by sound)", or what is: the red line.
  std::string line() const;
};

/// Compares two sides of one dataset: by artist (unless that is what is to be predicted), album, name of the
/// song, and by the copies that were found in all of it.
Audit audit(const Dataset& train, const Dataset& valid, const Copies& copies);

/// Throws ArgumentError with the first finding unless `leak` is "allowed". `who` begins the text.
void refuse_leaks(const Audit& audit, const std::string& leak, const std::string& who);

}  // namespace lumir::data
