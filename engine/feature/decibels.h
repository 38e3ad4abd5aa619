// Decibels as librosa's power_to_db makes them: 10 log10, with a floor below the loudest number of the whole clip.

#pragma once

#include <optional>

#include "feature/blocks.h"

namespace lumir::feature {

/// out = 10 log10(max(amin, power)).
void block_to_decibels(const FrameBlock& power, float amin, Rows out);
/// Raises every number to at least the greatest one of all rows less `top_db`.
void limit_range(Track rows, float top_db);
/// The same numbers in place, for rows that are whole: 10 log10(max(amin, x)) - 10 log10(max(amin, reference)).
void track_to_decibels(Track rows, double reference, double amin, std::optional<double> top_db);

}  // namespace lumir::feature
