// How a tensor prints: what it is in one line, then a corner of its numbers.
//
//   Tensor [13, 760] float32 cpu · -412.6 to 181.3 · mean -2.41
//     -398.2  -371.0  -340.9 ...  -402.2
//       61.4    74.9    88.1 ...    59.0
//     ...

#pragma once

#include <string>

#include <ATen/core/Tensor.h>

namespace lumir::tensor {

/// Without a newline at the end. Never throws for a tensor that is defined.
std::string show(const at::Tensor& tensor);
/// "[13, 760]"
std::string show_shape(at::IntArrayRef shape);

}  // namespace lumir::tensor
