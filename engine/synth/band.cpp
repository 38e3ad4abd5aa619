// Instruments in a few lines each, and the patterns that they play.

#include "synth/band.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "synth/filter.h"

namespace lumir::synth {
namespace {

constexpr double kTurn = 2 * std::numbers::pi;

/// A place in a mix where an instrument writes: from `start` for at most `seconds`.
std::span<float> place(std::span<float> mix, double start, double seconds) {
  const auto from = std::min(mix.size(), static_cast<size_t>(std::max(0.0, start) * kRate));
  const auto count = std::min(mix.size() - from, static_cast<size_t>(seconds * kRate));
  return mix.subspan(from, count);
}

/// Rises in 5 ms and falls in the last 30 ms of `length` samples.
double edges(size_t i, size_t length) {
  const double rise = static_cast<double>(i) / (0.005 * kRate);
  const double fall = static_cast<double>(length - i) / (0.03 * kRate);
  return std::min({1.0, rise, fall});
}

/// Karplus and Strong, Digital synthesis of plucked-string and drum timbres (1983), with a brightness as in Jaffe and
/// Smith's extension of the same year.
void pluck(std::span<float> out, double frequency, double gain, double brightness, Random& random) {
  std::vector<double> string(std::max<size_t>(2, static_cast<size_t>(kRate / frequency)));
  OnePole finger(800 + 6000 * brightness);
  for (auto& sample : string) sample = finger(white(random));
  const double keep = 0.5 + 0.45 * brightness;
  const double loss = std::pow(0.001, 1 / (frequency * 2.5));  // -60 dB after 2.5 s
  size_t at = 0;
  double before = 0;
  for (size_t i = 0; i < out.size(); ++i) {
    const double sample = string[at];
    string[at] = loss * (keep * sample + (1 - keep) * before);
    before = sample;
    if (++at == string.size()) at = 0;
    out[i] += static_cast<float>(gain * sample * edges(i, out.size()));
  }
}

/// A sum of partials, `ratios[k]` times the frequency with strength `levels[k]`; each dies away with `decay` seconds
/// (higher ones sooner), 0 for a held note.
void partials(std::span<float> out, double frequency, double gain, std::span<const double> ratios,
              std::span<const double> levels, double decay) {
  for (size_t k = 0; k < ratios.size(); ++k) {
    const double pitch = frequency * ratios[k];
    if (pitch > 0.45 * kRate || levels[k] == 0) continue;
    const double turn = 2 * std::cos(kTurn * pitch / kRate);  // sin(n + 1) = 2 cos(1) sin(n) - sin(n - 1)
    const double fade = decay > 0 ? std::exp(-std::sqrt(ratios[k]) / (decay * kRate)) : 1;
    double last = -std::sin(kTurn * pitch / kRate), now = 0;
    double level = gain * levels[k];
    for (size_t i = 0; i < out.size(); ++i) {
      out[i] += static_cast<float>(level * now * edges(i, out.size()));
      const double next = turn * now - last;
      last = now;
      now = next;
      level *= fade;
    }
  }
}

constexpr double kOrganRatios[] = {0.5, 1, 1.5, 2, 3, 4, 6, 8};
constexpr double kOrganLevels[] = {0.5, 1, 0.4, 0.7, 0.4, 0.5, 0.2, 0.3};
constexpr double kHarmonics[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
constexpr double kBellRatios[] = {1, 2.76, 5.4, 8.93};
constexpr double kBellLevels[] = {1, 0.6, 0.35, 0.2};

/// Levels of harmonics 1 to 10: 1 / k for a bright sound, falling faster for a dull one.
std::vector<double> sawtooth_levels(double brightness) {
  std::vector<double> levels;
  for (const double k : kHarmonics) levels.push_back(std::pow(k, -1 - 1.5 * (1 - brightness)));
  return levels;
}

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

/// A sine that falls to its pitch within 30 ms.
void kick(std::span<float> out, double pitch, double gain) {
  double phase = 0;
  for (size_t i = 0; i < out.size(); ++i) {
    const double time = static_cast<double>(i) / kRate;
    phase += kTurn * pitch * (1 + 3 * std::exp(-time / 0.03)) / kRate;
    out[i] += static_cast<float>(gain * std::sin(phase) * std::exp(-time / 0.12) * edges(i, out.size()));
  }
}

void snare(std::span<float> out, double pitch, double gain, Random& random) {
  Biquad rattle = Biquad::high_pass(1500);
  for (size_t i = 0; i < out.size(); ++i) {
    const double time = static_cast<double>(i) / kRate;
    const double skin = std::sin(kTurn * pitch * time) * std::exp(-time / 0.06);
    const double wires = rattle(white(random)) * std::exp(-time / 0.09);
    out[i] += static_cast<float>(gain * (0.6 * skin + 0.6 * wires) * edges(i, out.size()));
  }
}

void cymbal(std::span<float> out, double pitch, double decay, double gain, Random& random) {
  Biquad metal = Biquad::band(pitch, 1.2);
  double level = gain;
  const double fade = std::exp(-1 / (decay * kRate));
  for (auto& sample : out) {
    sample += static_cast<float>(level * metal(white(random)));
    level *= fade;
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

/// Adds `part` to `mix` with an RMS of `level`.
void add(std::span<float> mix, std::span<const float> part, double level) {
  double energy = 1e-12;
  for (const float sample : part) energy += static_cast<double>(sample) * sample;
  const auto gain = static_cast<float>(level / std::sqrt(energy / static_cast<double>(part.size())));
  for (size_t i = 0; i < mix.size(); ++i) mix[i] += gain * part[i];
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
  add(mix, keys, 0.06 * decibels(band.keys_db));
  add(mix, bass, 0.05 * decibels(band.bass_db));
  add(mix, drums, 0.05 * decibels(band.drums_db));
  return mix;
}

}  // namespace lumir::synth
