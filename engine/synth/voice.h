// A singing voice by the source-filter model: glottal pulses and breath through the formants of a vocal tract.
//
// A Singer is what stays from song to song: size of the tract, where its formants lie, how the folds close, vibrato,
// breath, range. A Part is what is sung. The same two and the same stream of random numbers give the same samples.

#pragma once

#include <span>
#include <vector>

#include "core/random.h"

namespace lumir::synth {

constexpr int kFormants = 7;

/// What makes a voice known again.
struct Singer {
  bool woman = false;
  double lowest = 48;             // MIDI number of the lowest comfortable note
  double highest = 60;            // and of the highest
  double tract = 1;               // scale of all formant frequencies: 1 for the average man, 1.17 for a woman
  double offset[kFormants] = {};  // what each formant deviates by, relative
  double bandwidth = 1;           // scale of the formants' bandwidths
  double ring = 0;                // dB that the singer's formant near 3 kHz is lifted by
  double open_share = 0.6;        // of a period, while the folds are open
  double brightness = 2500;       // Hz above which the source falls faster
  double breath = 0.05;           // noise in the source
  double jitter = 0.005;          // deviation of periods
  double shimmer = 0.05;          // deviation of their strength
  double vibrato_rate = 5.5;      // Hz
  double vibrato_depth = 0.4;     // semitones
  double vibrato_delay = 0.25;    // s into a note
  double glide = 0.05;            // s from note to note
  double hiss = 5000;             // Hz, where an s has its peak
};

/// The singer with that number, from 0: women and men take turns. Singers of one seed lie evenly in what tells voices
/// apart, however many there are, and none depends on how many.
Singer make_singer(uint64_t seed, int number);

enum class Onset { legato, hiss, stop, nasal };

struct Note {
  double start = 0, seconds = 0;
  double midi = 60;
  int vowel = 0;  // 0 .. kVowels - 1
  Onset onset = Onset::legato;
  double strength = 1;
};
constexpr int kVowels = 9;

/// Sings the notes (in order of time, not overlapping) into `length` samples, about 0.1 RMS while it sounds.
std::vector<float> sing(const Singer& singer, std::span<const Note> part, size_t length, Random random);

}  // namespace lumir::synth
