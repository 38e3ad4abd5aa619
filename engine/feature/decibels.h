// Decibels as librosa's power_to_db makes them: 10 log10, with a floor below the loudest number of the whole clip.

#pragma once

#include <optional>
#include <string>
#include <variant>

#include "core/schema.h"
#include "feature/plan/terms.h"
#include "signal/blocks.h"

namespace lumir::feature {

/// out = 10 log10(max(amin, power)).
void block_to_decibels(const FrameBlock& power, float amin, Rows out);
/// Raises every number to at least the greatest one of all rows less `top_db`.
void limit_range(Track rows, float top_db);
/// The same numbers in place, for rows that are whole: factor * (log10(max(amin, x)) - log10(max(amin, reference))),
/// the factor being 10 for powers and 20 for magnitudes. NaN and infinity stay.
void track_to_decibels(Track rows, double reference, double amin, std::optional<double> top_db, double factor = 10);

/// What steps to decibels share; librosa's names and defaults. `amin` is added by each.
struct DecibelOptions {
  std::variant<double, std::string> ref = 1.0;
  std::optional<double> top_db = 80;

  /// The number of 0 dB: the one given, or the greatest of all rows.
  double reference(Track rows) const;
};
template <class S>
Schema decibel_schema() {
  return {Option{"ref", static_cast<std::variant<double, std::string> S::*>(&S::ref),
                 "what is 0 dB: a number, or 'max' for the greatest of all rows", Choices{"max"}, kPositive},
          Option{"amin", static_cast<double S::*>(&S::amin), "smaller numbers count as this one", Range{1e-37, 1e37}},
          Option{"top_db", static_cast<std::optional<double> S::*>(&S::top_db),
                 "range below the greatest; 'none' leaves all", Unit{"dB"}, kNonNegative}};
}

}  // namespace lumir::feature
