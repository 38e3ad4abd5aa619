// Composing and mixing: chords of the album's key, a melody that walks on its scale, words of random syllables.

#include "synth/song.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "synth/filter.h"

namespace lumir::synth {
namespace {

constexpr int kMajor[7] = {0, 2, 4, 5, 7, 9, 11};
constexpr int kMinor[7] = {0, 2, 3, 5, 7, 8, 10};

/// Degrees of four bars, from 0.
constexpr int kProgressions[][4] = {{0, 4, 5, 3}, {0, 5, 3, 4}, {5, 3, 0, 4}, {0, 3, 0, 4}, {0, 2, 3, 4}, {1, 4, 0, 5}};

/// The key of one song.
struct Key {
  int tonic = 0;  // semitones above C
  const int* scale = kMajor;
};

/// The album's key, or one a fifth or two away.
Key choose_key(const Album& album, Random& random) {
  constexpr int kRelated[] = {0, 0, 5, 7, 2, 10};
  return {(album.key + kRelated[random.below(std::size(kRelated))]) % 12, album.minor ? kMinor : kMajor};
}

Chord chord_on(const Key& key, int degree) {
  const auto semitones = [&](int step) { return key.scale[step % 7] + 12 * (step / 7); };
  Chord chord;
  chord.root = 36 + key.tonic + semitones(degree);
  for (const int third : {0, 2, 4}) chord.degrees.push_back(semitones(degree + third) - semitones(degree));
  return chord;
}

std::vector<Chord> compose_chords(const Key& key, double bars, Random& random) {
  const auto& progression = kProgressions[random.below(std::size(kProgressions))];
  std::vector<Chord> chords;
  for (int bar = 0; bar < bars; ++bar) chords.push_back(chord_on(key, progression[bar % 4]));
  return chords;
}

/// The notes of the scale that the singer reaches, as MIDI numbers.
std::vector<int> reachable(const Key& key, const Singer& singer) {
  std::vector<int> notes;
  for (int midi = static_cast<int>(std::ceil(singer.lowest)); midi <= singer.highest; ++midi) {
    const int above = ((midi - key.tonic) % 12 + 12) % 12;
    if (std::find(key.scale, key.scale + 7, above) != key.scale + 7) notes.push_back(midi);
  }
  return notes;
}

Onset random_onset(Random& random) {
  const double draw = random.uniform();
  if (draw < 0.25) return Onset::legato;
  if (draw < 0.5) return Onset::hiss;
  if (draw < 0.75) return Onset::stop;
  return Onset::nasal;
}

/// Phrases of four to eight notes with a breath between them, from the second half of the first bar on.
std::vector<Note> compose_melody(const Key& key, const Singer& singer, double tempo, double seconds, Random& random) {
  const double beat = 60 / tempo;
  const auto notes = reachable(key, singer);
  const auto highest = static_cast<int>(notes.size()) - 1;
  constexpr double kBeats[] = {0.5, 0.5, 1, 1, 1, 1.5, 2};
  std::vector<Note> melody;
  double time = 2 * beat;
  int at = highest / 2;
  while (time < seconds) {
    const int phrase = 4 + static_cast<int>(random.below(5));
    for (int i = 0; i < phrase && time < seconds; ++i) {
      at = std::clamp(at + static_cast<int>(random.below(5)) - 2, 0, highest);
      Note note;
      note.start = time;
      note.seconds = beat * (i == phrase - 1 ? 2 : kBeats[random.below(std::size(kBeats))]);
      note.midi = notes[static_cast<size_t>(at)];
      note.vowel = static_cast<int>(random.below(kVowels));
      note.onset = i == 0 ? Onset::nasal : random_onset(random);
      note.strength = random.uniform(0.75, 1);
      melody.push_back(note);
      time += note.seconds;
    }
    time += beat * (1 + random.below(2));
  }
  return melody;
}

void fade_out(std::span<float> song) {
  const size_t length = std::min<size_t>(song.size(), kRate);
  for (size_t i = 0; i < length; ++i) song[song.size() - 1 - i] *= static_cast<float>(i) / static_cast<float>(length);
}

}  // namespace

Album make_album(Random& random, const Difficulty& difficulty) {
  Album album;
  album.band = make_band(random);
  album.studio = make_studio(random, difficulty.album_spread);
  album.tempo = random.uniform(72, 138);
  album.key = static_cast<int>(random.below(12));
  album.minor = random.uniform() < 0.4;
  return album;
}

audio::Clip make_song(const Singer& singer, const Album& album, const Difficulty& difficulty, double seconds,
                      uint64_t seed, const std::string& name) {
  Random score(seed, name + " score");
  const auto length = static_cast<size_t>(seconds * kRate);
  const double tempo = album.tempo * score.uniform(0.94, 1.06);
  const Key key = choose_key(album, score);
  const auto chords = compose_chords(key, seconds * tempo / 240, score);
  const auto melody = compose_melody(key, singer, tempo, seconds, score);
  const double voice_db = difficulty.voice_db + difficulty.voice_spread * score.uniform(-1, 1);

  audio::Clip clip;
  clip.rate = kRate;
  const auto band = play(album.band, chords, tempo, length, Random(seed, name + " band"));
  clip.samples.assign(band.begin(), band.end());
  const auto voice = sing(singer, melody, length, Random(seed, name + " voice"));
  const auto gain = static_cast<float>(decibels(voice_db));
  for (size_t i = 0; i < length; ++i) clip.samples[i] += gain * voice[i];
  fade_out(clip.samples);
  produce(album.studio, clip.samples, Random(seed, name + " tape"));
  return clip;
}

}  // namespace lumir::synth
