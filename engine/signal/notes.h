// Pitches and frequencies: equal temperament, A4 = 440 Hz = note 69.

#pragma once

#include <array>
#include <cmath>
#include <string>
#include <string_view>

namespace lumir::signal {

inline constexpr double kC1 = 24;  // note numbers
inline constexpr double kA4 = 69;

/// Names of the semitones of an octave, from C on; librosa's.
inline constexpr std::array<std::string_view, 12> kPitchClasses{"C",  "C#", "D",  "D#", "E",  "F",
                                                                "F#", "G",  "G#", "A",  "A#", "B"};

/// Hz of a note by its MIDI number, and back.
inline double note_hz(double note) { return 440 * std::exp2((note - kA4) / 12); }
inline double hz_note(double hz) { return kA4 + 12 * std::log2(hz / 440); }
/// Octaves above A0 = 27.5 Hz, where the recording's tuning puts it: in bins of `bins_per_octave`.
inline double hz_to_octaves(double hz, double tuning = 0, int bins_per_octave = 12) {
  return std::log2(hz / (27.5 * std::exp2(tuning / bins_per_octave)));
}

}  // namespace lumir::signal
