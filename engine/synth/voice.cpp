// The singing voice: Klatt's cascade of resonators, driven by the pulse of Klatt and Klatt (1990).
//
// Pitch, formants and loudness are set every 2 ms and glide to their goals; between two settings only the source and
// the resonators run.

#include "synth/voice.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>

#include "synth/filter.h"

namespace lumir::synth {
namespace {

constexpr size_t kBlock = 32;  // samples between two settings
constexpr double kBlockSeconds = static_cast<double>(kBlock) / kRate;

/// First three formants of men's vowels in Hz: Hillenbrand, Getty, Clark and Wheeler, Acoustic characteristics of
/// American English vowels (1995), table V: heed hid head had hod hawed hood who'd hud.
constexpr double kVowelFormants[kVowels][3] = {
    {342, 2322, 3000}, {427, 2034, 2684}, {580, 1799, 2605}, {588, 1952, 2601}, {768, 1333, 2522},
    {652, 997, 2538},  {469, 1122, 2434}, {378, 997, 2343},  {623, 1200, 2550},
};
constexpr double kHigherFormants[kFormants] = {0, 0, 0, 3500, 4500, 5500, 6500};
constexpr double kBandwidths[kFormants] = {70, 90, 130, 200, 280, 400, 500};
constexpr double kNasalFormants[3] = {280, 1100, 2300};

using Formants = std::array<double, kFormants>;

/// Where the singer's formants lie for a vowel (for a nasal consonant, with -1).
Formants formants_of(const Singer& singer, int vowel) {
  const double* first = vowel < 0 ? kNasalFormants : kVowelFormants[vowel];
  Formants formants;
  for (int i = 0; i < kFormants; ++i) {
    const double average = i < 3 ? first[i] : kHigherFormants[i];
    const double limit = kRate / 2.0 * (0.8 + 0.02 * i);
    formants[i] = std::min(average * singer.tract * (1 + singer.offset[i]), limit);
  }
  return formants;
}

/// Derivative of the glottal flow, one sample at a time. The jump where the folds close is smoothed over two samples,
/// or it would alias.
class Glottis {
 public:
  Glottis(const Singer& singer, Random& random) : singer_(singer), random_(random), tilt_(singer.brightness) {}

  double next(double frequency) {
    const double step = frequency * stretch_ / kRate;
    phase_ += step;
    if (phase_ >= 1) start_period();
    const double open = singer_.open_share;
    double flow = 0;
    if (phase_ < open) {
      const double u = phase_ / open;
      flow = u * (2 - 3 * u);
    }
    flow += closing_jump(phase_ - open, step);
    const double air = white(random_) * singer_.breath * (phase_ < open ? 1 : 0.3);
    return tilt_(flow * strength_) + air;
  }

 private:
  void start_period() {
    phase_ -= 1;
    stretch_ = 1 + singer_.jitter * random_.normal();
    strength_ = 1 + singer_.shimmer * random_.normal();
  }

  /// What turns the step from -1 to 0 into a band-limited one (Välimäki and Huovilainen, Antialiasing oscillators in
  /// subtractive synthesis, 2007).
  static double closing_jump(double distance, double step) {
    const double t = distance / step;
    if (t >= 0 && t < 1) return -0.5 * (1 - t) * (1 - t);
    if (t >= -1 && t < 0) return 0.5 * (1 + t) * (1 + t);
    return 0;
  }

  const Singer& singer_;
  Random& random_;
  OnePole tilt_;
  double phase_ = 0, stretch_ = 1, strength_ = 1;
};

class Tract {
 public:
  explicit Tract(const Singer& singer) : singer_(singer), ring_(ring_of(singer)) {}

  void set(const Formants& formants) {
    for (int i = 0; i < kFormants; ++i) pipe_[i].set(formants[i], kBandwidths[i] * singer_.bandwidth);
  }
  double operator()(double source) {
    for (auto& formant : pipe_) source = formant(source);
    const double lips = source - before_;
    before_ = 0.8 * source;
    return ring_(lips);
  }

 private:
  static Biquad ring_of(const Singer& singer) { return Biquad::peak(2900 * singer.tract, 2.5, singer.ring); }

  const Singer& singer_;
  std::array<Resonator, kFormants> pipe_;
  Biquad ring_;
  double before_ = 0;
};

/// What the singer aims at in one block.
struct Goal {
  double midi = 60;
  int vowel = 0;
  double loudness = 0;
  double hiss = 0;
  double since = 0;  // s into the note
};

Goal goal_at(const Note* note, double time, double last_midi) {
  Goal goal;
  goal.midi = last_midi;
  if (!note) return goal;
  goal.since = time - note->start;
  goal.midi = note->midi;
  goal.vowel = note->vowel;
  goal.loudness = note->strength;
  if (note->onset == Onset::hiss && goal.since < 0.09) {
    goal.loudness = 0;
    goal.hiss = std::sin(std::numbers::pi * goal.since / 0.09);
  }
  if (note->onset == Onset::stop) {
    if (goal.since < 0.05) goal.loudness = 0;
    if (goal.since >= 0.04 && goal.since < 0.055) goal.hiss = 0.7;
  }
  if (note->onset == Onset::nasal && goal.since < 0.07) {
    goal.vowel = -1;
    goal.loudness *= 0.4;
  }
  return goal;
}

/// Moves `value` towards `goal` so that two thirds of the way take `seconds`.
void approach(double& value, double goal, double seconds) {
  value += (goal - value) * (1 - std::exp(-kBlockSeconds / seconds));
}

/// One performance: state that glides, and the parts that sound.
class Performance {
 public:
  Performance(const Singer& singer, Random& random)
      : singer_(singer),
        random_(random),
        glottis_(singer, random),
        tract_(singer),
        hiss_(Biquad::band(singer.hiss, 1.5)),
        formants_(formants_of(singer, 4)) {}

  void sing_block(const Goal& goal, double time, std::span<float> out) {
    if (midi_ == 0) midi_ = goal.midi;
    approach(midi_, goal.midi, singer_.glide);
    approach(loudness_, goal.loudness, goal.loudness > loudness_ ? 0.02 : 0.035);
    const Formants target = formants_of(singer_, goal.vowel);
    for (int i = 0; i < kFormants; ++i) approach(formants_[i], target[i], 0.03);
    tract_.set(formants_);
    approach(drift_, 0.25 * random_.normal(), 0.15);

    const double depth = singer_.vibrato_depth * std::clamp((goal.since - singer_.vibrato_delay) / 0.2, 0.0, 1.0);
    const double vibrato = depth * std::sin(2 * std::numbers::pi * singer_.vibrato_rate * time);
    const double frequency = midi_to_hz(midi_ + vibrato + drift_);
    for (auto& sample : out) {
      const double voiced = tract_(glottis_.next(frequency) * loudness_);
      const double noise = goal.hiss > 0 ? hiss_(white(random_)) * goal.hiss : 0;
      sample = static_cast<float>(voiced + 0.6 * noise);
    }
  }

 private:
  const Singer& singer_;
  Random& random_;
  Glottis glottis_;
  Tract tract_;
  Biquad hiss_;
  Formants formants_;
  double midi_ = 0, loudness_ = 0, drift_ = 0;
};

/// Points that fill a cube of eight dimensions evenly, each by itself: Roberts, The unreasonable effectiveness of
/// quasirandom sequences (2018). Women and men have sequences of their own.
class EvenNumbers {
 public:
  EvenNumbers(uint64_t seed, int number) : start_(seed, number % 2 == 1 ? "women" : "men"), turn_(number / 2) {}
  double next(double low, double high) {
    constexpr double kGolden = 1.0850702454914508;  // solves x^9 = x + 1
    step_ /= kGolden;
    const double sum = start_.uniform() + turn_ * step_;
    return low + (high - low) * (sum - std::floor(sum));
  }

 private:
  Random start_;
  int turn_;
  double step_ = 1;
};

/// Scales so that what sounds has an RMS of 0.1.
void set_level(std::span<float> samples) {
  double energy = 0;
  size_t sounding = 0;
  for (const float sample : samples) {
    energy += static_cast<double>(sample) * sample;
    sounding += std::abs(sample) > 1e-4f;
  }
  if (energy == 0) return;
  const auto gain = static_cast<float>(0.1 / std::sqrt(energy / static_cast<double>(sounding)));
  for (auto& sample : samples) sample *= gain;
}

}  // namespace

Singer make_singer(uint64_t seed, int number) {
  Random random(seed, "singer " + std::to_string(number));
  EvenNumbers even(seed, number);
  Singer singer;
  singer.woman = number % 2 == 1;
  const double middle = even.next(-4, 4) + (singer.woman ? 64 : 53);
  singer.lowest = middle - random.uniform(5, 8);
  singer.highest = middle + random.uniform(5, 8);
  singer.tract = (singer.woman ? 1.15 : 1.0) * (1 + even.next(-0.07, 0.07));
  for (int i = 0; i < 3; ++i) singer.offset[i] = even.next(-0.06, 0.06);
  for (int i = 3; i < kFormants; ++i) singer.offset[i] = random.uniform(-0.06, 0.06);
  singer.bandwidth = random.uniform(0.7, 1.6);
  singer.ring = even.next(-4, 9);
  singer.open_share = random.uniform(0.4, 0.8);
  singer.brightness = 900 * std::pow(4.5, even.next(0, 1));
  singer.breath = 0.01 * std::pow(15, even.next(0, 1));
  singer.jitter = random.uniform(0.002, 0.012);
  singer.shimmer = random.uniform(0.02, 0.12);
  singer.vibrato_rate = random.uniform(4.5, 7);
  singer.vibrato_depth = random.uniform(0.05, 0.8);
  singer.vibrato_delay = random.uniform(0.1, 0.4);
  singer.glide = random.uniform(0.015, 0.07);
  singer.hiss = random.uniform(3800, 6400);
  return singer;
}

std::vector<float> sing(const Singer& singer, std::span<const Note> part, size_t length, Random random) {
  std::vector<float> samples(length);
  Performance performance(singer, random);
  size_t next = 0;
  double last_midi = part.empty() ? 60 : part.front().midi;
  for (size_t at = 0; at < length; at += kBlock) {
    const double time = static_cast<double>(at) / kRate;
    while (next < part.size() && time >= part[next].start + part[next].seconds) last_midi = part[next++].midi;
    const bool sounding = next < part.size() && time >= part[next].start;
    const Goal goal = goal_at(sounding ? &part[next] : nullptr, time, last_midi);
    performance.sing_block(goal, time, std::span(samples).subspan(at, std::min(kBlock, length - at)));
  }
  set_level(samples);
  return samples;
}

}  // namespace lumir::synth
