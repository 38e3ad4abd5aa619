// The audit of a split: nothing that would give the answer away may stand on both sides.
//
// An album has a sound of its own, and a song exists in copies with other names and bitrates. So the two sides are
// compared by name (artist, album, song), by the bytes of the files, and by sound (audio/fingerprint).

#pragma once

#include <string>
#include <vector>

#include "data/dataset.h"

namespace lumir::data {

/// One thing that stands on both sides.
struct Finding {
  std::string kind;   // "artist", "album", "song", "file", "recording"
  std::string train;  // the group or path on one side
  std::string valid;  // and on the other
};

struct Audit {
  std::vector<Finding> findings;
  size_t unheard = 0;   // files that could not be decoded and so were compared by name and bytes only
  bool has_artists = false, has_albums = false;
  bool clean() const { return findings.empty(); }
  /// "no album, song or recording is on both sides (checked by name and by sound)", or what is: the red line.
  std::string line() const;
};

/// Compares two sides. `checks_artists` is false where the artist is what is to be predicted.
Audit audit(const Dataset& train, const Dataset& valid);

}  // namespace lumir::data
