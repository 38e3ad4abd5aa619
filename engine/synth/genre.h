// Genres: what pieces of one kind have in common. They differ in rhythm (tempo, patterns, swing), in harmony (chords,
// mode, how fast they change) and in timbre (instruments, drums, distortion, brightness).
//
// A genre is a row of choices and ranges; a Style is what one artist has drawn from it, and from other genres now and
// then, as artists do.

#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/random.h"
#include "synth/studio.h"

namespace lumir::synth {

/// What plays chords and melodies.
enum class Voice { plucked, piano, organ, bells, pad, bowed, brass, square, distorted };
enum class Low { plucked, round, buzzing, deep };
/// Semitones of a scale, by name.
enum class Mode { major, minor, dorian, mixolydian, blues, phrygian, whole_tone };
enum class Stack { fifths, triads, sevenths };  // what a chord is built of

/// Sixteenths of a bar: 'x' strikes, 'o' strikes softly, '.' rests. Bars of three beats have 12 of them.
struct Groove {
  std::string kick, snare, cymbal;
};
/// A line of a bar in sixteenths: a digit is a step of the chord (1 root, 3, 5, 8 octave), '.' goes on, '-' is silence.
using Figures = std::vector<std::string>;

struct Between {
  double low = 0, high = 1;
  double draw(Random& random) const { return random.uniform(low, high); }
};

struct Genre {
  std::string name;
  Between tempo;  // beats a minute
  Between swing;  // share of a half beat by which every second half beat is late
  std::vector<Groove> grooves;
  Figures bass;
  Figures chords;                              // 'x' strikes the chord, digits spell it
  std::vector<std::vector<int>> progressions;  // degrees from 0, one for each change of chords
  Between bars;                                // of each chord
  std::vector<Mode> modes;
  Stack stack = Stack::triads;
  std::vector<Voice> harmony, lead;
  std::vector<Low> low;
  Between brightness;  // 0 dull to 1
  Between drive;       // of harmony and lead: 0 clean
  Between drums_db;    // against harmony
  double notes = 1;    // of the lead, in a beat
};

/// Throws std::logic_error for a name that is none.
const Genre& genre_called(std::string_view name);

/// What an artist's pieces have in common.
struct Style {
  double tempo = 100, swing = 0;
  Groove groove;
  std::string bass, chords;
  std::vector<std::vector<int>> progressions;
  double bars = 1;
  Mode mode = Mode::major;
  Stack stack = Stack::triads;
  Voice harmony = Voice::piano, lead = Voice::plucked;
  Low low = Low::round;
  double brightness = 0.5, drive = 0, drums_db = 0, notes = 1;
  double harmony_db = 0, lead_db = 0, low_db = 0;
  double kick_pitch = 55, snare_pitch = 190, cymbal_pitch = 6000, cymbal_decay = 0.05;  // Hz, s
  Studio studio;
};

/// How alike genres are: the knobs that decide how hard a corpus is.
struct Likeness {
  double borrowing = 0.2;    // how often a trait is another genre's
  double studio_spread = 1;  // how far studios lie apart
};

/// Draws a style; what is borrowed comes from `others`, by name.
Style make_style(const Genre& genre, std::span<const std::string> others, const Likeness& likeness, Random& random);

}  // namespace lumir::synth
