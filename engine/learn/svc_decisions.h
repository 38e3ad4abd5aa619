// What the machines of SVC decide for rows: distances from all vectors are formed once for every kernel, a kernel once
// for every machine. Some rows at a time, so that memory stays bounded.

#pragma once

#include <functional>
#include <span>
#include <vector>

#include "learn/pairwise.h"
#include "learn/svc_kernel.h"

namespace lumir::learn {

/// Machines of one kernel.
struct KernelMachines {
  SvcKernel kernel;
  std::vector<PairwiseMachine> machines;
};

/// Calls use(kernel, machine, row, decisions of the pairs) for each row of x, on all cores; a decision is positive for
/// the first class of its pair. All machines lean on `vectors`, of these squared lengths.
void for_decisions(const Matrix& x, const Matrix& vectors, const std::vector<double>& squares,
                   std::span<const KernelMachines> kernels,
                   const std::function<void(size_t, size_t, size_t, std::span<const double>)>& use);

}  // namespace lumir::learn
