// A whole song: a singer, an album's sound, a melody; out comes a mono clip at 16 kHz.

#pragma once

#include <cstdint>
#include <string>

#include "audio/clip.h"
#include "synth/band.h"
#include "synth/studio.h"
#include "synth/voice.h"

namespace lumir::synth {

/// How alike albums are and how well voices are heard: the two knobs that decide how hard a corpus is.
struct Difficulty {
  double album_spread = 1;  // how far studios lie apart
  double voice_db = 3;      // the voice over the band
  double voice_spread = 3;  // dB by which that varies from song to song
};

/// What the songs of an album share besides its singer.
struct Album {
  Band band;
  Studio studio;
  double tempo = 100;  // beats a minute; songs lie around it
  int key = 0;         // semitones above C; songs are in this key or one close to it
  bool minor = false;
};

Album make_album(Random& random, const Difficulty& difficulty);

/// The song of that name: `name` keys the random numbers, so no song depends on which others are made.
audio::Clip make_song(const Singer& singer, const Album& album, const Difficulty& difficulty, double seconds,
                      uint64_t seed, const std::string& name);

}  // namespace lumir::synth
