// Backward passes: derivatives added to leaves, or handed over, which may have derivatives of their own.

#pragma once

#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

namespace lumir::tensor {

struct BackwardOptions {
  bool retain_graph = false;  // another pass over the same graph may come
  bool create_graph = false;  // what comes out has a graph itself; retains the other
};

/// Adds the derivative of a tensor by each leaf to that leaf's grad. Unless the graph is retained it is let go
/// afterwards, nodes included, so that losses can be kept by the thousand. `weights` has its shape; undefined for one number.
/// Throws ArgumentError, begun by `who`; while an AnomalyWatch lives, also for a derivative that is NaN.
void backward(const at::Tensor& of, const at::Tensor& weights, const BackwardOptions& options, const std::string& who);

/// The derivative of the outputs' sum by each input, in order; undefined for one that was not used where
/// `allow_unused`, an error otherwise. `weights` are as many as the outputs, or none.
std::vector<at::Tensor> derivatives(const std::vector<at::Tensor>& outputs, const std::vector<at::Tensor>& inputs,
                                    const std::vector<at::Tensor>& weights, const BackwardOptions& options,
                                    bool allow_unused, const std::string& who);

/// LibTorch warns of its own watch for NaN, whose errors say all.
bool is_of_anomalies(const std::string& warning);

}  // namespace lumir::tensor
