// Composing and playing: chords of a mode, a bass and a figure on them, a melody on their scale, drums.

#include "synth/piece.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "synth/filter.h"
#include "synth/instrument.h"

namespace lumir::synth {
namespace {

std::vector<int> scale_of(Mode mode) {
  switch (mode) {
    case Mode::major: return {0, 2, 4, 5, 7, 9, 11};
    case Mode::minor: return {0, 2, 3, 5, 7, 8, 10};
    case Mode::dorian: return {0, 2, 3, 5, 7, 9, 10};
    case Mode::mixolydian: return {0, 2, 4, 5, 7, 9, 10};
    case Mode::blues: return {0, 3, 4, 5, 7, 9, 10};
    case Mode::phrygian: return {0, 1, 4, 5, 7, 8, 10};
    case Mode::whole_tone: return {0, 2, 4, 6, 8, 10, 11};
  }
  return {0, 2, 4, 5, 7, 9, 11};
}

/// The scale of one piece as MIDI numbers.
struct Key {
  int tonic = 0;  // semitones above C
  std::vector<int> scale;
  /// Degrees from 0, over as many octaves as they need.
  int midi(int octave_of_c, int degree) const {
    return octave_of_c + tonic + scale[static_cast<size_t>(degree % 7)] + 12 * (degree / 7);
  }
};

/// Degrees above the root that a chord is built of.
std::vector<int> steps_of(Stack stack) {
  switch (stack) {
    case Stack::fifths: return {0, 4, 7};
    case Stack::triads: return {0, 2, 4};
    case Stack::sevenths: return {0, 2, 4, 6};
  }
  return {0, 2, 4};
}

/// The degree that a digit of a figure means: 1, 3, 5, 8.
int degree_of(char digit) { return digit - '1'; }
bool is_digit(char sign) { return sign >= '1' && sign <= '8'; }
bool strikes(char sign) { return sign == 'x' || sign == 'o' || is_digit(sign); }

/// When a sixteenth of a bar begins, in beats; every second half beat swings.
double beat_of(size_t sixteenth, double swing) {
  const double late = sixteenth % 4 >= 2 ? 0.5 * swing * (sixteenth % 4 == 2 ? 1 : 0.5) : 0;
  return 0.25 * static_cast<double>(sixteenth) + late;
}

void sound(Voice voice, double brightness, std::span<float> out, double midi, double gain, Random& random) {
  const double frequency = midi_to_hz(midi);
  const auto saw = sawtooth_levels(brightness);
  switch (voice) {
    case Voice::distorted:
    case Voice::plucked: pluck(out, frequency, 2 * gain, brightness, random); break;
    case Voice::piano: {
      std::vector<double> ratios, levels;
      for (int k = 1; k <= 8; ++k) {
        ratios.push_back(k * std::sqrt(1 + 0.0004 * k * k));  // strings are stiff
        levels.push_back(std::pow(k, -1.2 - 1.2 * (1 - brightness)) * (k == 7 ? 0.2 : 1));
      }
      partials(out, frequency, 0.9 * gain, ratios, levels, 0.9);
      break;
    }
    case Voice::organ: partials(out, frequency, 0.4 * gain, kOrganRatios, kOrganLevels, 0); break;
    case Voice::bells: partials(out, frequency, 0.8 * gain, kBellRatios, kBellLevels, 0.3 + brightness); break;
    case Voice::pad:
      for (const double detune : {0.996, 1.005})
        partials(out, frequency * detune, 0.4 * gain, kHarmonics, saw, 0, 0.06);
      break;
    case Voice::bowed:
      for (const double detune : {0.998, 1.0, 1.003})
        partials(out, frequency * detune, 0.3 * gain, kHarmonics, saw, 0, 0.12);
      break;
    case Voice::brass: {
      std::vector<double> levels;
      for (const double k : kHarmonics) levels.push_back(std::exp(-0.5 * std::abs(k - 2.5) * (1.4 - brightness)));
      partials(out, frequency, 0.4 * gain, kHarmonics, levels, 0, 0.04);
      break;
    }
    case Voice::square: {
      std::vector<double> levels;
      for (const double k : kHarmonics) levels.push_back(static_cast<int>(k) % 2 == 1 ? 1 / k : 0);
      partials(out, frequency, 0.7 * gain, kHarmonics, levels, 0.6 + brightness);
    }
  }
}

void sound_low(Low low, double brightness, std::span<float> out, double midi, double gain, Random& random) {
  const double frequency = midi_to_hz(midi);
  const double round[] = {1, 0.25, 0.1 * brightness}, deep[] = {1, 0.1};
  switch (low) {
    case Low::plucked: pluck(out, frequency, 3 * gain, 0.5 * brightness, random); break;
    case Low::round: partials(out, frequency, gain, std::span(kHarmonics).first(3), round, 0.8); break;
    case Low::deep: partials(out, frequency, gain, std::span(kHarmonics).first(2), deep, 1.6); break;
    case Low::buzzing: partials(out, frequency, 0.8 * gain, kHarmonics, sawtooth_levels(brightness), 1.5);
  }
}

/// A valve that is driven hard, and the loudspeaker behind it.
void distort(double drive, std::span<float> part) {
  if (drive <= 0) return;
  double energy = 1e-12;
  for (const float sample : part) energy += static_cast<double>(sample) * sample;
  const double gain = 0.5 * std::pow(40, drive) / std::sqrt(energy / static_cast<double>(part.size()));
  Biquad speaker = Biquad::low_pass(4500), rumble = Biquad::high_pass(90);
  for (auto& sample : part) sample = static_cast<float>(speaker(rumble(std::tanh(gain * sample))));
}

/// One piece while it is being played: its chords, its time, and a part for each instrument.
class Performance {
 public:
  Performance(const Style& style, double seconds, uint64_t seed, const std::string& name)
      : style_(style),
        score_(seed, name + " score"),
        touch_(seed, name + " touch"),
        length_(static_cast<size_t>(seconds * kRate)),
        beat_(60 / (style.tempo * score_.uniform(0.95, 1.05))),
        progression_(style.progressions[score_.below(static_cast<uint32_t>(style.progressions.size()))]) {
    key_.tonic = static_cast<int>(score_.below(12)) - 5;
    key_.scale = scale_of(style.mode);
  }

  std::vector<float> play() {
    std::vector<float> mix(length_);
    // a part that cannot be heard is none: add_part would lift its silence
    const auto add = [&](std::vector<float> part, double db) {
      if (db > -40) add_part(mix, part, 0.05 * decibels(db));
    };
    add(play_harmony(), style_.harmony_db);
    add(play_bass(), style_.low_db);
    add(play_lead(), style_.lead_db);
    if (has_drums()) add(play_drums(), style_.drums_db);
    return mix;
  }

 private:
  double seconds() const { return static_cast<double>(length_) / kRate; }
  /// The degree of the chord that sounds at a beat.
  int root_at(double beat, size_t beats_of_bar) const {
    const double each = std::max(1.0, style_.bars * static_cast<double>(beats_of_bar));
    return progression_[static_cast<size_t>(beat / each) % progression_.size()];
  }
  /// Calls `strike(time, beat, sign, beats that it lasts)` for each sign of a pattern that strikes, bar by bar.
  template <class Strike>
  void each_step(const std::string& pattern, Strike strike) const {
    const double bar = 0.25 * static_cast<double>(pattern.size());
    for (double first = 0; !pattern.empty() && first * beat_ < seconds(); first += bar) {
      for (size_t i = 0; i < pattern.size(); ++i) {
        if (!strikes(pattern[i])) continue;
        size_t next = i + 1;
        while (next < pattern.size() && pattern[next] == '.') ++next;
        const double at = first + beat_of(i, style_.swing);
        strike(at * beat_, first + 0.25 * static_cast<double>(i), pattern[i], 0.25 * static_cast<double>(next - i));
      }
    }
  }

  std::vector<float> play_harmony() {
    std::vector<float> part(length_);
    const size_t bar = style_.chords.size() / 4;
    each_step(style_.chords, [&](double time, double beat, char sign, double beats) {
      const int root = root_at(beat, bar);
      const auto out = place(part, time, 0.95 * beats * beat_);
      if (is_digit(sign)) {
        sound(style_.harmony, style_.brightness, out, key_.midi(48, root + degree_of(sign)), 0.8, touch_);
        return;
      }
      for (const int step : steps_of(style_.stack)) {
        sound(style_.harmony, style_.brightness, out, key_.midi(48, root + step), 0.5, touch_);
      }
    });
    distort(style_.harmony == Voice::distorted ? std::max(0.3, style_.drive) : style_.drive, part);
    return part;
  }

  std::vector<float> play_bass() {
    std::vector<float> part(length_);
    const size_t bar = style_.bass.size() / 4;
    each_step(style_.bass, [&](double time, double beat, char sign, double beats) {
      const double midi = key_.midi(36, root_at(beat, bar) + degree_of(sign));
      sound_low(style_.low, style_.brightness, place(part, time, 0.9 * beats * beat_), midi, 1, touch_);
    });
    return part;
  }

  /// Walks on the scale and lands on a note of the chord where a beat begins.
  std::vector<float> play_lead() {
    std::vector<float> part(length_);
    int degree = 7;
    double beat = 0;
    while (beat * beat_ < seconds()) {
      const double wanted = 1 / style_.notes;
      const double beats = std::max(0.25, 0.25 * std::round(4 * wanted * score_.uniform(0.5, 1.6)));
      degree = std::clamp(degree + static_cast<int>(score_.below(5)) - 2, 2, 13);
      if (beat == std::floor(beat)) degree = nearest_of_chord(degree, root_at(beat, 4));
      const auto sixteenth = static_cast<size_t>(std::lround(4 * (beat - std::floor(beat))));
      const double time = (std::floor(beat) + beat_of(sixteenth, style_.swing)) * beat_;
      if (score_.uniform() < 0.85) {
        sound(style_.lead, style_.brightness, place(part, time, 0.9 * beats * beat_), key_.midi(60, degree),
              score_.uniform(0.7, 1), touch_);
      }
      beat += beats;
    }
    distort(style_.lead == Voice::distorted ? std::max(0.3, style_.drive) : 0, part);
    return part;
  }

  int nearest_of_chord(int degree, int root) const {
    for (const int away : {0, 1, -1}) {
      for (const int step : steps_of(style_.stack)) {
        if ((degree + away - root - step) % 7 == 0) return degree + away;
      }
    }
    return degree;
  }

  bool has_drums() const {
    const auto& [kicks, snares, cymbals] = style_.groove;
    return kicks.find_first_of("xo") != std::string::npos || snares.find_first_of("xo") != std::string::npos ||
           cymbals.find_first_of("xo") != std::string::npos;
  }

  std::vector<float> play_drums() {
    std::vector<float> part(length_);
    const auto strength = [](char sign) { return sign == 'o' ? 0.45 : 1.0; };
    each_step(style_.groove.kick, [&](double time, double, char sign, double) {
      kick(place(part, time, 0.4), style_.kick_pitch, 1.4 * strength(sign));
    });
    each_step(style_.groove.snare, [&](double time, double, char sign, double) {
      snare(place(part, time, 0.35), style_.snare_pitch, 0.8 * strength(sign), touch_);
    });
    each_step(style_.groove.cymbal, [&](double time, double, char sign, double) {
      cymbal(place(part, time, 0.3), style_.cymbal_pitch, style_.cymbal_decay, 0.7 * strength(sign), touch_);
    });
    return part;
  }

  const Style& style_;
  Random score_, touch_;
  size_t length_;
  double beat_;
  std::vector<int> progression_;
  Key key_;
};

}  // namespace

audio::Clip make_piece(const Style& style, double seconds, uint64_t seed, const std::string& name) {
  audio::Clip clip;
  clip.rate = kRate;
  const auto played = Performance(style, seconds, seed, name).play();
  clip.samples.assign(played.begin(), played.end());
  produce(style.studio, clip.samples, Random(seed, name + " tape"));
  return clip;
}

}  // namespace lumir::synth
