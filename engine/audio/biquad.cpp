// The cookbook's coefficients, and running samples through them.

#include "audio/biquad.h"

#include <cmath>
#include <numbers>

#include "audio/arithmetic.h"
#include "core/denormals.h"
#include "core/error.h"
#include "core/interrupt.h"
#include "core/value.h"

namespace lumir::audio {
namespace {

/// What every formula of the cookbook begins with.
struct Angle {
  double cosine, alpha;
  Angle(double frequency, double q, int rate) {
    const double turn = 2 * std::numbers::pi * frequency / rate;
    cosine = std::cos(turn);
    alpha = std::sin(turn) / (2 * q);
  }
};

Biquad divided(double b0, double b1, double b2, double a0, double a1, double a2) {
  return {b0 / a0, b1 / a0, b2 / a0, a1 / a0, a2 / a0};
}

double amplitude(double gain) { return std::pow(10, gain / 40); }

Biquad low_pass(double cutoff, double q, int rate) {
  const Angle w(cutoff, q, rate);
  const double b = 1 - w.cosine;
  return divided(b / 2, b, b / 2, 1 + w.alpha, -2 * w.cosine, 1 - w.alpha);
}

Biquad high_pass(double cutoff, double q, int rate) {
  const Angle w(cutoff, q, rate);
  const double b = 1 + w.cosine;
  return divided(b / 2, -b, b / 2, 1 + w.alpha, -2 * w.cosine, 1 - w.alpha);
}

/// The section of first order that an odd order ends with.
Biquad first_order(double cutoff, int rate, bool low) {
  const double k = std::tan(std::numbers::pi * cutoff / rate);
  const double b = low ? k : 1;
  return divided(b, low ? b : -b, 0, 1 + k, k - 1, 0);
}

/// Poles of a Butterworth filter lie on a half circle; each pair makes a section with its own q.
template <class Section>
std::vector<Biquad> butterworth(double cutoff, int order, int rate, Section section, bool low) {
  std::vector<Biquad> sections;
  for (int pair = 0; pair < order / 2; ++pair) {
    const double angle = std::numbers::pi * (2 * pair + 1) / (2 * order);
    sections.push_back(section(cutoff, 1 / (2 * std::sin(angle)), rate));
  }
  if (order % 2 == 1) sections.push_back(first_order(cutoff, rate, low));
  return sections;
}

/// Direct form II, transposed.
void run(const Biquad& f, std::vector<double>& samples) {
  double first = 0, second = 0;
  for (double& sample : samples) {
    const double out = f.b0 * sample + first;
    first = f.b1 * sample - f.a1 * out + second;
    second = f.b2 * sample - f.a2 * out;
    sample = out;
  }
}

}  // namespace

Biquad peak(double frequency, double gain, double q, int rate) {
  const Angle w(frequency, q, rate);
  const double a = amplitude(gain);
  return divided(1 + w.alpha * a, -2 * w.cosine, 1 - w.alpha * a, 1 + w.alpha / a, -2 * w.cosine, 1 - w.alpha / a);
}

Biquad low_shelf(double frequency, double gain, double q, int rate) {
  const Angle w(frequency, q, rate);
  const double a = amplitude(gain), root = 2 * std::sqrt(a) * w.alpha, c = w.cosine;
  return divided(a * ((a + 1) - (a - 1) * c + root), 2 * a * ((a - 1) - (a + 1) * c),
                 a * ((a + 1) - (a - 1) * c - root), (a + 1) + (a - 1) * c + root, -2 * ((a - 1) + (a + 1) * c),
                 (a + 1) + (a - 1) * c - root);
}

Biquad high_shelf(double frequency, double gain, double q, int rate) {
  const Angle w(frequency, q, rate);
  const double a = amplitude(gain), root = 2 * std::sqrt(a) * w.alpha, c = w.cosine;
  return divided(a * ((a + 1) + (a - 1) * c + root), -2 * a * ((a - 1) + (a + 1) * c),
                 a * ((a + 1) + (a - 1) * c - root), (a + 1) - (a - 1) * c + root, 2 * ((a - 1) - (a + 1) * c),
                 (a + 1) - (a - 1) * c - root);
}

Biquad notch(double frequency, double q, int rate) {
  const Angle w(frequency, q, rate);
  return divided(1, -2 * w.cosine, 1, 1 + w.alpha, -2 * w.cosine, 1 - w.alpha);
}

std::vector<Biquad> butterworth_low_pass(double cutoff, int order, int rate) {
  return butterworth(cutoff, order, rate, low_pass, true);
}

std::vector<Biquad> butterworth_high_pass(double cutoff, int order, int rate) {
  return butterworth(cutoff, order, rate, high_pass, false);
}

Clip filtered(const Clip& clip, const std::vector<Biquad>& sections) {
  const FlushDenormals flush;
  return each_channel(clip, [&](std::span<const float> channel) {
    std::vector<double> samples(channel.begin(), channel.end());
    for (const auto& section : sections) {
      check_interrupt();
      run(section, samples);
    }
    return Floats(samples.begin(), samples.end());
  });
}

void check_below_half(const std::string& who, const std::string& option, double frequency, const Clip& clip) {
  if (frequency < clip.rate / 2.0) return;
  throw ArgumentError(who + ": '" + option + "' = " + show_number(frequency) +
                      " Hz is not below half the clip's rate (" + show_number(clip.rate / 2.0) + " Hz)");
}

}  // namespace lumir::audio
