// Equaliser, compressor, room, noise floor, in that order.

#include "synth/studio.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "synth/filter.h"

namespace lumir::synth {
namespace {

void equalise(const Studio& studio, std::span<float> song) {
  std::vector<Biquad> sections{Biquad::high_pass(studio.low_cut), Biquad::low_pass(studio.high_cut)};
  for (const auto& peak : studio.equaliser) sections.push_back(Biquad::peak(peak.frequency, peak.q, peak.gain_db));
  for (auto& section : sections) {
    for (auto& sample : song) sample = static_cast<float>(section(sample));
  }
}

/// Feed-forward, with a smoothed peak level: Giannoulis, Massberg and Reiss, Digital dynamic range compressor design
/// (2012).
void compress(const Studio& studio, std::span<float> song) {
  const double threshold = decibels(studio.threshold_db);
  const double rise = 1 - std::exp(-1 / (studio.attack * kRate));
  const double fall = 1 - std::exp(-1 / (studio.release * kRate));
  const double exponent = 1 / studio.ratio - 1;
  double level = 0;
  for (auto& sample : song) {
    const double peak = std::abs(sample);
    level += (peak > level ? rise : fall) * (peak - level);
    if (level > threshold) sample *= static_cast<float>(std::pow(level / threshold, exponent));
  }
}

/// A delay that feeds itself, darker each time round.
class Comb {
 public:
  Comb(size_t delay, double feedback) : line_(delay), feedback_(feedback) {}
  double operator()(double input) {
    const double output = line_[at_];
    damped_ += 0.6 * (output - damped_);
    line_[at_] = input + feedback_ * damped_;
    if (++at_ == line_.size()) at_ = 0;
    return output;
  }

 private:
  std::vector<double> line_;
  size_t at_ = 0;
  double feedback_, damped_ = 0;
};

class AllPass {
 public:
  explicit AllPass(size_t delay) : line_(delay) {}
  double operator()(double input) {
    const double delayed = line_[at_];
    const double output = delayed - 0.5 * input;
    line_[at_] = input + 0.5 * output;
    if (++at_ == line_.size()) at_ = 0;
    return output;
  }

 private:
  std::vector<double> line_;
  size_t at_ = 0;
};

/// Schroeder, Natural sounding artificial reverberation (1962): four combs side by side, two all-passes behind.
void reverberate(const Studio& studio, std::span<float> song) {
  constexpr double kCombDelays[] = {0.0297, 0.0371, 0.0411, 0.0437};
  constexpr double kAllPassDelays[] = {0.005, 0.0017};
  std::vector<Comb> combs;
  for (const double seconds : kCombDelays) {
    const double delay = seconds * studio.room_size;
    combs.emplace_back(static_cast<size_t>(delay * kRate), std::pow(0.001, delay / studio.reverb_seconds));
  }
  std::vector<AllPass> blurs;
  for (const double seconds : kAllPassDelays) blurs.emplace_back(static_cast<size_t>(seconds * kRate));
  for (auto& sample : song) {
    double room = 0;
    for (auto& comb : combs) room += 0.25 * comb(sample);
    for (auto& blur : blurs) room = blur(room);
    sample = static_cast<float>((1 - studio.reverb_share) * sample + 2 * studio.reverb_share * room);
  }
}

void set_level(double level_db, std::span<float> song) {
  double energy = 1e-12;
  for (const float sample : song) energy += static_cast<double>(sample) * sample;
  const double gain = decibels(level_db) / std::sqrt(energy / static_cast<double>(song.size()));
  for (auto& sample : song) sample = static_cast<float>(sample * gain);
}

void add_noise(const Studio& studio, std::span<float> song, Random& random) {
  OnePole colour(studio.noise_colour);
  const double gain = decibels(studio.noise_db) * 1.7;  // white() has an RMS of 0.58
  for (auto& sample : song) sample += static_cast<float>(gain * colour(white(random)));
}

/// Straight up to 0.7, then bending towards 1.
float limited(float sample) {
  const float size = std::abs(sample);
  if (size <= 0.7f) return sample;
  return std::copysign(0.7f + 0.3f * std::tanh((size - 0.7f) / 0.3f), sample);
}

}  // namespace

Studio make_studio(Random& random, double spread) {
  Studio studio;
  for (const double frequency : {150.0, 500.0, 1400.0, 3000.0, 5500.0}) {
    const double place = frequency * std::pow(2.0, random.uniform(-0.5, 0.5));
    studio.equaliser.push_back({place, random.uniform(0.5, 1.2), spread * random.uniform(-9, 9)});
  }
  studio.low_cut = 40 + spread * random.uniform(0, 120);
  studio.high_cut = 7600 - spread * random.uniform(0, 3000);
  studio.threshold_db = random.uniform(-28, -12);
  studio.ratio = 1 + spread * random.uniform(0.2, 5);
  studio.attack = random.uniform(0.003, 0.03);
  studio.release = random.uniform(0.06, 0.3);
  studio.reverb_seconds = 0.3 + spread * random.uniform(0, 2);
  studio.reverb_share = 0.05 + spread * random.uniform(0, 0.35);
  studio.room_size = random.uniform(0.6, 1.5);
  studio.noise_db = -72 + spread * random.uniform(0, 24);
  studio.noise_colour = random.uniform(1000, 6000);
  studio.level_db = -18 + spread * random.uniform(-4, 4);
  return studio;
}

void produce(const Studio& studio, std::span<float> song, Random random) {
  equalise(studio, song);
  compress(studio, song);
  reverberate(studio, song);
  set_level(studio.level_db, song);
  add_noise(studio, song, random);
  for (auto& sample : song) sample = limited(sample);
}

}  // namespace lumir::synth
