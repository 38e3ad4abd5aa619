// Matrix products through LibTorch's BLAS: the only BLAS of the engine.

#pragma once

#include "core/matrix.h"

namespace lumir::tensor {

/// a · bᵀ: [a.rows, b.rows].
Matrix multiply_transposed(const Matrix& a, const Matrix& b);
/// a · b: [a.rows, b.columns].
Matrix multiply(const Matrix& a, const Matrix& b);

}  // namespace lumir::tensor
