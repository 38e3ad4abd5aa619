// See instrument.h.

#include "synth/instrument.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "synth/filter.h"

namespace lumir::synth {
namespace {

constexpr double kTurn = 2 * std::numbers::pi;

/// Rises in `attack` seconds and falls in the last 30 ms of `length` samples.
double edges(size_t i, size_t length, double attack = 0.005) {
  const double rise = static_cast<double>(i) / (attack * kRate);
  const double fall = static_cast<double>(length - i) / (0.03 * kRate);
  return std::min({1.0, rise, fall});
}

}  // namespace

std::span<float> place(std::span<float> mix, double start, double seconds) {
  const auto from = std::min(mix.size(), static_cast<size_t>(std::max(0.0, start) * kRate));
  const auto count = std::min(mix.size() - from, static_cast<size_t>(seconds * kRate));
  return mix.subspan(from, count);
}

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

void partials(std::span<float> out, double frequency, double gain, std::span<const double> ratios,
              std::span<const double> levels, double decay, double attack) {
  for (size_t k = 0; k < ratios.size(); ++k) {
    const double pitch = frequency * ratios[k];
    if (pitch > 0.45 * kRate || levels[k] == 0) continue;
    const double turn = 2 * std::cos(kTurn * pitch / kRate);  // sin(n + 1) = 2 cos(1) sin(n) - sin(n - 1)
    const double fade = decay > 0 ? std::exp(-std::sqrt(ratios[k]) / (decay * kRate)) : 1;
    double last = -std::sin(kTurn * pitch / kRate), now = 0;
    double level = gain * levels[k];
    for (size_t i = 0; i < out.size(); ++i) {
      out[i] += static_cast<float>(level * now * edges(i, out.size(), attack));
      const double next = turn * now - last;
      last = now;
      now = next;
      level *= fade;
    }
  }
}

std::vector<double> sawtooth_levels(double brightness) {
  std::vector<double> levels;
  for (const double k : kHarmonics) levels.push_back(std::pow(k, -1 - 1.5 * (1 - brightness)));
  return levels;
}

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

void add_part(std::span<float> mix, std::span<const float> part, double level) {
  double energy = 1e-12;
  for (const float sample : part) energy += static_cast<double>(sample) * sample;
  const auto gain = static_cast<float>(level / std::sqrt(energy / static_cast<double>(part.size())));
  for (size_t i = 0; i < mix.size(); ++i) mix[i] += gain * part[i];
}

}  // namespace lumir::synth
