// Files spoilt in the ways that disks, downloads and attackers spoil them; the same ones for the same seed.

#pragma once

#include <string>
#include <vector>

#include "core/random.h"

namespace lumir::tests {

/// A file to start from.
struct SeedFile {
  std::string name;    // "wav pcm_s16le"
  std::string ending;  // "wav"
  std::string bytes;
};

/// A file and what was done to it: "wav pcm_s16le: 3 bytes changed, cut".
struct SpoiltFile {
  std::string story;
  std::string ending;
  std::string bytes;
};

/// One to three mutations of one of the seeds.
SpoiltFile spoil(const std::vector<SeedFile>& seeds, Random& random);

}  // namespace lumir::tests
