// Graphs of gradients: how they are gone through, and when they are let go.

#pragma once

#include <string>

#include <ATen/core/Tensor.h>

namespace lumir::tensor {

/// The derivatives of `result` by all that it was computed from. Unless `retain` is set the graph behind it is let go
/// afterwards, nodes included, so that losses can be kept by the thousand. Throws ArgumentError, begun by `who`, where
/// LibTorch does, and for a result whose graph was let go.
void differentiate(const at::Tensor& result, const at::Tensor& gradient, bool retain, const std::string& who);

}  // namespace lumir::tensor
