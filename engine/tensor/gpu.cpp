// Opening the driver and LibTorch's half for CUDA, which registers itself.

#include "tensor/gpu.h"

#include <dlfcn.h>

#include <mutex>

#include <ATen/Context.h>

#include "core/error.h"
#include "core/observer.h"

namespace lumir::tensor {
namespace {

/// Why a library cannot be opened; empty: it is open.
std::string problem_with(const std::string& library) {
  if (dlopen(library.c_str(), RTLD_NOW | RTLD_GLOBAL)) return "";
  const char* said = dlerror();
  return said ? said : library + " cannot be opened";
}

GpuProblem problem_here() {
  GpuProblem problem = open_gpu({});
  if (problem.text.empty() && (!at::hasCUDA() || at::getNumGPUs() == 0)) problem.text = "the driver names no GPU";
  return problem;
}

}  // namespace

GpuProblem open_gpu(const GpuLibraries& libraries) {
  if (const auto text = problem_with(libraries.driver); !text.empty()) return {"no NVIDIA driver answers: " + text};
  if (const auto text = problem_with(libraries.half); !text.empty()) {
    return {"LibTorch's half for CUDA cannot be opened: " + text, true};
  }
  return {"", true};
}

const GpuProblem& gpu_problem() {
  static const GpuProblem problem = problem_here();
  return problem;
}

bool names_device(const std::string& word) {
  return word == "auto" || word == "meta" || word.starts_with("cpu") || word.starts_with("cuda");
}

at::Device gpu_device(const std::string& name, const std::string& who, const GpuProblem& problem) {
  if (name == "auto" && problem.text.empty()) return at::Device(at::kCUDA);
  if (name == "auto") {
    static std::once_flag once;
    if (problem.driver) std::call_once(once, [&] { observer().warn("no GPU is used: " + problem.text); });
    return at::Device(at::kCPU);
  }
  if (!problem.text.empty()) throw ArgumentError(who + ": 'device' = '" + name + "' is not here: " + problem.text);
  try {
    return at::Device(name);
  } catch (const c10::Error&) {
    refuse_device(name, who);
  }
}

void refuse_device(const std::string& name, const std::string& who) {
  throw ArgumentError(who + ": 'device' = '" + name + "' is no device ('cpu', 'cuda' or 'cuda:0')");
}

at::Tensor moved(const at::Tensor& tensor, at::Device device) {
  if (!device.is_cuda() || !tensor.is_cpu()) return tensor.to(device);
  return tensor.pin_memory().to(device, tensor.scalar_type(), /*non_blocking=*/true);
}

}  // namespace lumir::tensor
