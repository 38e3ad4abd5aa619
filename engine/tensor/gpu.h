// LibTorch's half for CUDA, which is opened when a GPU is first asked for and a driver is there.

#pragma once

#include <string>

#include <ATen/core/Tensor.h>

namespace lumir::tensor {

struct GpuLibraries {
  std::string driver = "libcuda.so.1";
  std::string half = "libtorch_cuda.so";
};

/// What keeps a GPU from being used, in words.
struct GpuProblem {
  std::string text;     // empty: nothing does
  bool driver = false;  // one is there all the same
};

/// Opens them; no library is opened twice.
GpuProblem open_gpu(const GpuLibraries& libraries);
/// That of this process, found out once.
const GpuProblem& gpu_problem();

/// Whether a word is one of those for devices, be they there or not: 'cpu', 'auto', 'meta', 'cuda', 'cuda:1'.
bool names_device(const std::string& word);
/// What 'auto', 'cuda' and 'cuda:1' name where this is what keeps a GPU from being used: 'auto' goes on with the CPU, with a
/// warning where there is a driver. Throws ArgumentError, begun by `who`.
at::Device gpu_device(const std::string& name, const std::string& who, const GpuProblem& problem);
/// Throws the ArgumentError for what is no device.
[[noreturn]] void refuse_device(const std::string& name, const std::string& who);

/// A tensor on a device. What goes to a GPU goes from pinned memory, and nobody waits for it.
at::Tensor moved(const at::Tensor& tensor, at::Device device);

}  // namespace lumir::tensor
