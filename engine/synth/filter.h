// The filters that the sample corpus is made with: a resonator for voices, second-order sections for mixing desks.
//
// All work one sample at a time and keep their state, so coefficients may change while sound flows.

#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

#include "core/random.h"

namespace lumir::synth {

/// Every sample corpus is made at one rate; Hz.
inline constexpr int kRate = 16000;

inline double decibels(double db) { return std::pow(10.0, db / 20); }
inline double midi_to_hz(double midi) { return 440 * std::pow(2.0, (midi - 69) / 12); }
/// White noise, uniform in -1 to 1: much cheaper than normal numbers, and no ear tells the difference.
inline double white(Random& random) { return static_cast<int32_t>(random.next()) * 0x1p-31; }

/// One formant: a pole pair with gain 1 at 0 Hz (Klatt, Software for a Cascade/Parallel Formant Synthesizer, 1980).
class Resonator {
 public:
  void set(double frequency, double bandwidth) {
    const double period = std::numbers::pi / kRate;
    back2_ = -std::exp(-2 * period * bandwidth);
    back1_ = 2 * std::exp(-period * bandwidth) * std::cos(2 * period * frequency);
    gain_ = 1 - back1_ - back2_;
  }
  double operator()(double input) {
    const double output = gain_ * input + back1_ * last1_ + back2_ * last2_;
    last2_ = last1_;
    last1_ = output;
    return output;
  }

 private:
  double gain_ = 1, back1_ = 0, back2_ = 0;
  double last1_ = 0, last2_ = 0;
};

/// First-order low-pass; what it takes away is the high-pass.
class OnePole {
 public:
  explicit OnePole(double cutoff) : share_(1 - std::exp(-2 * std::numbers::pi * cutoff / kRate)) {}
  double operator()(double input) { return state_ += share_ * (input - state_); }

 private:
  double share_;
  double state_ = 0;
};

/// Second-order sections of Bristow-Johnson's Cookbook formulae for audio equalizer biquad filter coefficients.
class Biquad {
 public:
  /// Lifts or lowers a band around `frequency`.
  static Biquad peak(double frequency, double q, double gain_db) {
    const double a = std::pow(10.0, gain_db / 40);
    const Angle angle(frequency, q);
    return Biquad(1 + angle.alpha * a, -2 * angle.cosine, 1 - angle.alpha * a, 1 + angle.alpha / a, -2 * angle.cosine,
                  1 - angle.alpha / a);
  }
  /// Passes a band around `frequency` with gain 1 in its middle.
  static Biquad band(double frequency, double q) {
    const Angle angle(frequency, q);
    return Biquad(angle.alpha, 0, -angle.alpha, 1 + angle.alpha, -2 * angle.cosine, 1 - angle.alpha);
  }
  static Biquad low_pass(double frequency, double q = std::numbers::sqrt2 / 2) {
    const Angle angle(frequency, q);
    const double rest = 1 - angle.cosine;
    return Biquad(rest / 2, rest, rest / 2, 1 + angle.alpha, -2 * angle.cosine, 1 - angle.alpha);
  }
  static Biquad high_pass(double frequency, double q = std::numbers::sqrt2 / 2) {
    const Angle angle(frequency, q);
    const double rest = 1 + angle.cosine;
    return Biquad(rest / 2, -rest, rest / 2, 1 + angle.alpha, -2 * angle.cosine, 1 - angle.alpha);
  }

  double operator()(double input) {
    const double output = b0_ * input + state1_;
    state1_ = b1_ * input - a1_ * output + state2_;
    state2_ = b2_ * input - a2_ * output;
    return output;
  }

 private:
  struct Angle {
    double cosine, alpha;
    Angle(double frequency, double q) {
      const double w = 2 * std::numbers::pi * frequency / kRate;
      cosine = std::cos(w);
      alpha = std::sin(w) / (2 * q);
    }
  };
  Biquad(double b0, double b1, double b2, double a0, double a1, double a2)
      : b0_(b0 / a0), b1_(b1 / a0), b2_(b2 / a0), a1_(a1 / a0), a2_(a2 / a0) {}

  double b0_, b1_, b2_, a1_, a2_;
  double state1_ = 0, state2_ = 0;
};

}  // namespace lumir::synth
