// Filters of second order, one after the other: what equalizers and passes are made of.
//
// Formulas: Bristow-Johnson, Cookbook formulae for audio equalizer biquad filter coefficients (W3C Note, 2021).

#pragma once

#include <span>
#include <string>
#include <vector>

#include "audio/clip.h"

namespace lumir::audio {

/// y[n] = b0 x[n] + b1 x[n-1] + b2 x[n-2] - a1 y[n-1] - a2 y[n-2].
struct Biquad {
  double b0 = 1, b1 = 0, b2 = 0, a1 = 0, a2 = 0;
};

/// A bell of `gain` dB around a frequency (Hz); `q` is its frequency over its width.
Biquad peak(double frequency, double gain, double q, int rate);
/// All below (above) the frequency by `gain` dB, half of it at the frequency.
Biquad low_shelf(double frequency, double gain, double q, int rate);
Biquad high_shelf(double frequency, double gain, double q, int rate);
/// Nothing at the frequency, all elsewhere.
Biquad notch(double frequency, double q, int rate);
/// Butterworth filters of any order: -3 dB at the cutoff (Hz), 6 dB an octave for each order. What scipy.signal.butter
/// gives with output = 'sos'.
std::vector<Biquad> butterworth_low_pass(double cutoff, int order, int rate);
std::vector<Biquad> butterworth_high_pass(double cutoff, int order, int rate);

/// Each channel through all sections, from rest; worked out in double.
Clip filtered(const Clip& clip, const std::vector<Biquad>& sections);

/// Throws ArgumentError where a frequency is not below half the rate of the clip.
void check_below_half(const std::string& who, const std::string& option, double frequency, const Clip& clip);

}  // namespace lumir::audio
