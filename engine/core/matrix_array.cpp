#include "core/matrix_array.h"

#include <memory>
#include <span>

namespace lumir {

Array array_of(const SharedMatrix& matrix) {
  const auto owner = std::make_shared<const SharedMatrix>(matrix);
  const Matrix& held = **owner;
  return {ElementType::float64,
          {static_cast<int64_t>(held.rows), static_cast<int64_t>(held.columns)},
          std::as_bytes(std::span(held.values)),
          owner};
}

}  // namespace lumir
