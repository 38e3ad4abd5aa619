// Weights of rows.

#pragma once

namespace lumir::model {

/// The most that a row may count, its class's weight included: beyond, slopes that are kept as floats are infinite.
constexpr double kMostWeight = 1e30;

/// The least that a class may be said to count, as far from 1 as the most: one that counts less teaches nothing.
constexpr double kLeastClassWeight = 1e-30;

}  // namespace lumir::model
