// The patterns that a band plays.

#include "synth/band.h"

#include <array>

#include "synth/filter.h"
#include "synth/instrument.h"

namespace lumir::synth {
namespace {

void play_key(const Band& band, std::span<float> out, double midi, double gain, Random& random) {
  const double frequency = midi_to_hz(midi);
  switch (band.keys) {
    case Keys::strings: pluck(out, frequency, 2 * gain, band.brightness, random); break;
    case Keys::organ: partials(out, frequency, 0.4 * gain, kOrganRatios, kOrganLevels, 0); break;
    case Keys::bells: partials(out, frequency, 0.8 * gain, kBellRatios, kBellLevels, 0.3 + band.brightness); break;
    case Keys::pad: {
      const auto levels = sawtooth_levels(band.brightness);
      for (const double detune : {0.996, 1.005}) {
        partials(out, frequency * detune, 0.4 * gain, kHarmonics, levels, 0);
      }
    }
  }
}

void play_bass(const Band& band, std::span<float> out, double midi, double gain, Random& random) {
  const double frequency = midi_to_hz(midi);
  const double round[] = {1, 0.25, 0.1 * band.brightness};
  switch (band.bass) {
    case Bass::plucked: pluck(out, frequency, 3 * gain, 0.5 * band.brightness, random); break;
    case Bass::round: partials(out, frequency, gain, std::span(kHarmonics).first(3), round, 0.8); break;
    case Bass::buzzing: partials(out, frequency, 0.8 * gain, kHarmonics, sawtooth_levels(band.brightness), 1.5);
  }
}

/// Time of half beat `i`; odd ones swing.
double half_beat(const Band& band, double beat, int i) { return beat * (0.5 * i + (i % 2) * 0.5 * band.swing); }

void play_chord(const Band& band, Figure figure, const Chord& chord, std::span<float> mix, double start, double beat,
                Random& random) {
  const auto note = [&](int degree, double from, double beats, double gain) {
    play_key(band, place(mix, start + from, beats * beat), chord.root + 12 + degree, gain, random);
  };
  switch (figure) {
    case Figure::held:
      for (const int degree : chord.degrees) note(degree, 0, 3.9, 0.5);
      break;
    case Figure::broken:
      for (int i = 0; i < 8; ++i) {
        const auto voice = static_cast<size_t>(i) % chord.degrees.size();
        note(chord.degrees[voice], half_beat(band, beat, i), 1.5, 0.8);
      }
      break;
    case Figure::offbeat:
      for (int i = 1; i < 8; i += 2) {
        for (const int degree : chord.degrees) note(degree, half_beat(band, beat, i), 0.4, 0.7);
      }
  }
}

void play_bass_bar(const Band& band, const Chord& chord, std::span<float> mix, double start, double beat, int pattern,
                   Random& random) {
  const int fifth = chord.degrees.back();
  for (int i = 0; i < 8; ++i) {
    const bool plays = pattern == 0 ? i % 4 == 0 : pattern == 1 ? i % 2 == 0 : i == 0 || i == 3 || i == 6;
    if (!plays) continue;
    const int degree = i >= 4 && pattern == 1 ? fifth - 12 : 0;
    const auto out = place(mix, start + half_beat(band, beat, i), (pattern == 0 ? 1.9 : 0.9) * beat);
    play_bass(band, out, chord.root - 12 + degree, 1, random);
  }
}

/// Three patterns: four on the floor, a plain beat, a lazy one. `fill` thickens the last bar of four.
void play_drums_bar(const Band& band, std::span<float> mix, double start, double beat, int pattern, bool fill,
                    Random& random) {
  for (int i = 0; i < 8; ++i) {
    const double time = start + half_beat(band, beat, i);
    const bool kicks = pattern == 0 ? i % 2 == 0 : pattern == 1 ? i == 0 || i == 4 || i == 5 : i == 0 || i == 5;
    const bool snares = i % 4 == 2 || (fill && i >= 6);
    if (kicks) kick(place(mix, time, 0.4), band.kick_pitch, 1.4);
    if (snares) snare(place(mix, time, 0.35), band.snare_pitch, 0.8, random);
    if (pattern != 2 || i % 2 == 0) {
      cymbal(place(mix, time, 0.3), band.cymbal_pitch, band.cymbal_decay, i % 2 == 0 ? 0.8 : 0.5, random);
    }
  }
}

}  // namespace

Band make_band(Random& random) {
  Band band;
  band.keys = static_cast<Keys>(random.below(4));
  band.bass = static_cast<Bass>(random.below(3));
  band.keys_db = random.uniform(-2, 2);
  band.bass_db = random.uniform(-4, 2);
  band.drums_db = random.uniform(-8, 1);
  band.brightness = random.uniform(0.15, 0.9);
  band.kick_pitch = random.uniform(42, 70);
  band.snare_pitch = random.uniform(150, 260);
  band.cymbal_pitch = random.uniform(4500, 7200);
  band.cymbal_decay = random.uniform(0.02, 0.09);
  band.swing = random.uniform() < 0.3 ? random.uniform(0.15, 0.33) : 0;
  return band;
}

std::vector<float> play(const Band& band, std::span<const Chord> chords, double tempo, size_t length, Random random) {
  const double beat = 60 / tempo;
  const auto figure = static_cast<Figure>(random.below(3));
  const auto bass_pattern = static_cast<int>(random.below(3));
  const auto drum_pattern = static_cast<int>(random.below(3));
  std::vector<float> keys(length), bass(length), drums(length);
  for (size_t bar = 0; bar < chords.size(); ++bar) {
    const double start = static_cast<double>(bar) * 4 * beat;
    play_chord(band, figure, chords[bar], keys, start, beat, random);
    play_bass_bar(band, chords[bar], bass, start, beat, bass_pattern, random);
    play_drums_bar(band, drums, start, beat, drum_pattern, bar % 4 == 3, random);
  }
  std::vector<float> mix(length);
  add_part(mix, keys, 0.06 * decibels(band.keys_db));
  add_part(mix, bass, 0.05 * decibels(band.bass_db));
  add_part(mix, drums, 0.05 * decibels(band.drums_db));
  return mix;
}

}  // namespace lumir::synth
