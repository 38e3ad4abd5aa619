// The band behind the singer: chords, a bass and drums. An album keeps its instruments; patterns are a song's own.

#pragma once

#include <span>
#include <vector>

#include "core/random.h"

namespace lumir::synth {

enum class Keys { strings, organ, pad, bells };  // what plays the chords: plucked strings ...
enum class Bass { plucked, round, buzzing };
enum class Figure { held, broken, offbeat };  // how the chords are played: a song's choice

/// What an album's band plays on, and how loud each is in dB.
struct Band {
  Keys keys = Keys::strings;
  Bass bass = Bass::plucked;
  double keys_db = 0, bass_db = 0, drums_db = 0;
  double brightness = 0.5;     // 0 (dull) to 1 of keys and bass
  double kick_pitch = 55;      // Hz
  double snare_pitch = 190;    // Hz
  double cymbal_pitch = 6000;  // Hz
  double cymbal_decay = 0.05;  // s
  double swing = 0;            // share of a half beat by which every second half beat is late
};

Band make_band(Random& random);

/// One bar of harmony.
struct Chord {
  int root = 48;             // MIDI number
  std::vector<int> degrees;  // semitones above the root
};

/// Plays the chords, one a bar of four beats, from the start to `length` samples; the whole has an RMS of about 0.1.
std::vector<float> play(const Band& band, std::span<const Chord> chords, double tempo, size_t length, Random random);

}  // namespace lumir::synth
