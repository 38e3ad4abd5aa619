// What rows of features are, for `Axes axes(int rate) const` of their options; see extractor.h.

#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/axes.h"
#include "signal/mel_filters.h"
#include "signal/mel_scale.h"
#include "signal/notes.h"

namespace lumir::feature {

inline Axes rows_of_what(std::string what, std::string unit = "") {
  Axes axes;
  axes.rows = std::move(what);
  axes.rows_unit = std::move(unit);
  return axes;
}

inline Axes named_rows(std::string what, std::vector<std::string> names) {
  Axes axes = rows_of_what(std::move(what));
  axes.names = std::move(names);
  return axes;
}

/// Rows at frequencies; of a spectrum to a power.
inline Axes rows_in_hertz(std::vector<double> hertz, double power) {
  Axes axes = rows_of_what("frequency", "Hz");
  axes.places = std::move(hertz);
  if (power == 1 || power == 2) {
    axes.measure = power == 1 ? Measure::magnitude : Measure::power;
    axes.values = power == 1 ? "magnitude" : "power";
  }
  return axes;
}

inline std::vector<double> bin_frequencies(int n_fft, int rate) {
  std::vector<double> hertz;
  for (int bin = 0; bin <= n_fft / 2; ++bin) hertz.push_back(static_cast<double>(bin) * rate / n_fft);
  return hertz;
}

inline std::vector<double> band_frequencies(const signal::MelOptions& options, int rate) {
  return signal::mel_middles(options.n_mels, options.fmin, options.fmax.value_or(rate / 2.0), options.htk);
}

/// An octave's parts, as notes where there are twelve; the first row is `first` semitones above C.
inline Axes rows_of_pitch_classes(int rows, int first = 0) {
  Axes axes = rows_of_what("pitch class");
  const auto notes = static_cast<int>(signal::kPitchClasses.size());
  for (int row = 0; rows == notes && row < rows; ++row) {
    axes.names.emplace_back(signal::kPitchClasses[static_cast<size_t>((row + first) % notes)]);
  }
  return axes;
}

}  // namespace lumir::feature
