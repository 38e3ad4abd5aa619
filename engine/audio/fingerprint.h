// Audio fingerprints: the same recording is known again at another bitrate, under another name, a little cut.
//
// After Haitsma and Kalker, A Highly Robust Audio Fingerprinting System (ISMIR 2002): 32 bits for each
// moment, each the sign of how the difference between two neighbouring bands changes in time. Two recordings
// are the same where enough of these words agree at one shift.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "audio/clip.h"

namespace lumir::audio {

/// One word for each 1 / kWordsPerSecond; 0 where it is silent.
struct Fingerprint {
  std::vector<uint32_t> words;
};

/// Of the first minute of a mono clip of at least 8 kHz; empty for what is shorter than 2 s. Raise
/// kFingerprintVersion with any change.
Fingerprint fingerprint(const Clip& clip);
inline constexpr int kFingerprintVersion = 1;
inline constexpr double kFingerprintSeconds = 60;

/// As bytes, for the cache.
std::string to_bytes(const Fingerprint& print);
Fingerprint fingerprint_from(std::string_view bytes);

/// Many fingerprints, searched at once.
class FingerprintIndex {
 public:
  /// `name` is what find answers with.
  void add(int name, const Fingerprint& print);
  /// The recordings that hold the same sound as `print`.
  struct Match {
    int name = 0;
    double seconds = 0;     // compared
    double error_rate = 0;  // of bits: 0 for the same samples, 0.5 for different music
  };
  std::vector<Match> find(const Fingerprint& print) const;

 private:
  struct Place {
    uint32_t print;
    uint32_t at;
  };
  std::vector<int> names_;
  std::vector<Fingerprint> prints_;
  std::unordered_multimap<uint32_t, Place> places_;
};

}  // namespace lumir::audio
