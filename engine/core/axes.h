// What the rows, the columns and the numbers of a tensor are, where something knows it: a spectrogram has Hz upwards,
// seconds across and power in its cells. A feature declares it (feature/extractor.h), pictures draw by it.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/value.h"

namespace lumir {

/// What numbers are, as far as a picture must know: what becomes decibels by which rule, and what has a few numbers far
/// beyond all others.
enum class Measure { plain, magnitude, power, decibels, complex, cepstrum };

struct Axes {
  std::string of;                  // the feature: "mfcc"
  double rate = 0;                 // of the sound, Hz
  double hop_length = 0;           // samples from one column to the next; 0 where columns are no time
  double start = 0;                // s, where the first column is centred
  std::string rows;                // what rows are: "frequency", "pitch class"; empty for a single row
  std::string rows_unit;           // "Hz"
  std::vector<double> places;      // of each row in that unit, ascending; none where rows are named or counted
  std::vector<std::string> names;  // of each row: "C", "C#" ...
  std::string values;              // what the numbers are: "power"
  std::string unit;                // "dB"
  Measure measure = Measure::plain;

  /// Seconds from one column to the next; 0 where columns are no time.
  double step() const { return rate > 0 ? hop_length / rate : 0; }
  bool is_spectrum() const { return measure == Measure::magnitude || measure == Measure::power; }
  /// Whether they can be those of so many rows.
  bool fit(size_t n) const { return (places.empty() || places.size() == n) && (names.empty() || names.size() == n); }

  /// { of, rate, hop_length, start, rows, rows_unit, places, names, values, unit, measure }, without what is empty.
  Map to_map() const;
  static Axes from(const Value& value);
};
using AxesPtr = std::shared_ptr<const Axes>;

/// The same rows and columns, of other numbers; null for null.
AxesPtr with_values(const AxesPtr& axes, const std::string& values, const std::string& unit = "",
                    Measure measure = Measure::plain);

/// "frequency (Hz)"; the word alone where there is no unit, the unit alone where there is no word.
std::string labelled(const std::string& word, const std::string& unit);

}  // namespace lumir
