// Audio fingerprints: the same recording is known again at another bitrate, under another name, a little cut.
//
// After Haitsma and Kalker, A Highly Robust Audio Fingerprinting System (ISMIR 2002): 32 bits for each
// moment, each the sign of how the difference between two neighbouring bands changes in time. Two recordings
// are the same where most bits agree at one shift. Moments are longer and fewer here than in the paper (64 ms
// apart instead of 11.6), smoothed in time instead, because whole songs are compared and not three seconds.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "audio/clip.h"

namespace lumir::audio {

/// Hz that a fingerprint is made at: decode with `.rate = kFingerprintRate, .duration = kFingerprintSeconds`.
inline constexpr int kFingerprintRate = 4000;
/// The part of a recording that is looked at, from its beginning: excerpts are mostly taken from it.
inline constexpr double kFingerprintSeconds = 120;
/// How much of the shorter one two recordings must have in common.
inline constexpr double kSharedLength = 0.6;
/// "the first 120 s of each, 60 % of the shorter in common": what the search hears, for those who rely on it.
std::string heard_in_words();

/// One word for each 64 ms; 0 where nothing changes (silence, a steady tone).
struct Fingerprint {
  std::vector<uint32_t> words;
};

/// Of the first two minutes of a mono clip of 4 kHz (ArgumentError for others). Sounds of less than 4 s have too
/// few words to be known again.
Fingerprint fingerprint(const Clip& clip);

/// As bytes, for the cache.
std::string to_bytes(const Fingerprint& print);
/// Empty for bytes that are none.
Fingerprint fingerprint_from(std::string_view bytes);

/// Two recordings of the same sound.
struct SameSound {
  size_t first = 0;  // places in what was searched, first < second
  size_t second = 0;
  double seconds = 0;     // that were compared
  double error_rate = 0;  // of bits: 0 for the same samples, 0.5 for different music
};

/// Every pair among `prints` that holds the same sound, in order; on every core. Candidates come from an inverted index
/// of parts of words that votes for shifts; where there are many words, the parts are wider, so that as few agree by
/// chance.
std::vector<SameSound> find_same_sounds(const std::vector<Fingerprint>& prints);

}  // namespace lumir::audio
