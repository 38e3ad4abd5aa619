// A matrix as an array of a state, where its numbers lie.

#pragma once

#include "core/matrix.h"
#include "core/state.h"

namespace lumir {

/// [rows, columns] of float64, on the matrix's memory.
Array array_of(const SharedMatrix& matrix);

}  // namespace lumir
