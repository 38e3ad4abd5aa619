// Weights of rows.

#pragma once

namespace lumir::model {

/// The most that a row may count, its class's weight included: beyond, slopes that are kept as floats are infinite.
constexpr double kMostWeight = 1e30;

}  // namespace lumir::model
