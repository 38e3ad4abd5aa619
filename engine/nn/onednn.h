// oneDNN's operators that LibTorch has for its compiler of graphs, and no function of its own.

#pragma once

#include <optional>
#include <vector>

#include <ATen/core/Tensor.h>
#include <ATen/core/dispatch/Dispatcher.h>

namespace lumir::nn {

/// By its name, "mkldnn::_linear_pointwise"; nothing where this LibTorch has none.
inline std::optional<c10::OperatorHandle> onednn_operator(const char* name) {
  return c10::Dispatcher::singleton().findSchema({name, ""});
}

inline at::Tensor called(const c10::OperatorHandle& operation, std::vector<c10::IValue> arguments) {
  operation.callBoxed(arguments);
  return arguments.at(0).toTensor();
}

}  // namespace lumir::nn
