// Numbers whose address Lua has been given: they may change at any time, and no count of changes tells.

#pragma once

#include <ATen/core/Tensor.h>

namespace lumir::tensor {

/// From now on, as long as its memory lives.
void note_exposed(const at::Tensor& tensor);
bool is_exposed(const at::Tensor& tensor);

}  // namespace lumir::tensor
