// Which device is meant, and what is said where a GPU cannot be used. Libraries that are always there or never stand in
// for a driver and for LibTorch's half.

#include <ATen/core/Tensor.h>
#include <ATen/ops/ones.h>

#include <catch2/catch.hpp>

#include "core/error.h"
#include "engine/data/scratch.h"
#include "tensor/convert.h"
#include "tensor/gpu.h"

using namespace lumir;
using tensor::GpuProblem;

TEST_CASE("a driver that is missing, and a missing half of LibTorch, are named") {
  const GpuProblem alone = tensor::open_gpu({.driver = "libnowhere.so.1"});
  CHECK_THAT(alone.text, Catch::StartsWith("no NVIDIA driver answers: libnowhere.so.1: "));
  CHECK_FALSE(alone.driver);
  const GpuProblem half = tensor::open_gpu({.driver = "libm.so.6", .half = "/nowhere/libtorch_cuda.so"});
  CHECK_THAT(half.text, Catch::StartsWith("LibTorch's half for CUDA cannot be opened: /nowhere/libtorch_cuda.so: "));
  CHECK(half.driver);
  CHECK(tensor::open_gpu({.driver = "libm.so.6", .half = "libm.so.6"}).text.empty());
}

TEST_CASE("words name the device that is there") {
  const GpuProblem none, no_driver{"no NVIDIA driver answers: x", false};
  CHECK(tensor::gpu_device("auto", "to", none) == at::Device(at::kCUDA));
  CHECK(tensor::gpu_device("cuda:1", "to", none) == at::Device(at::kCUDA, 1));
  CHECK(tensor::gpu_device("auto", "to", no_driver).is_cpu());
  CHECK_THROWS_WITH(tensor::gpu_device("cuda", "batches", no_driver),
                    "batches: 'device' = 'cuda' is not here: no NVIDIA driver answers: x");
  CHECK_THROWS_WITH(tensor::gpu_device("cuda:x", "to", none),
                    "to: 'device' = 'cuda:x' is no device ('cpu', 'cuda' or 'cuda:0')");
  CHECK(tensor::device_of("cpu", "to").is_cpu());
  CHECK(tensor::device_of("meta", "to").is_meta());
  CHECK_THROWS_WITH(tensor::device_of("gpu", "to"), "to: 'device' = 'gpu' is no device ('cpu', 'cuda' or 'cuda:0')");
}

TEST_CASE("a GPU that is there but cannot be used is told of once") {
  tests::Listener listener;
  const ObserverScope scope(listener);
  const GpuProblem half{"LibTorch's half for CUDA cannot be opened: libcudnn.so.9", true};
  for (int i = 0; i < 2; ++i) CHECK(tensor::gpu_device("auto", "to", half).is_cpu());
  REQUIRE(listener.warnings.size() == 1);
  CHECK(listener.warnings[0] == "no GPU is used: LibTorch's half for CUDA cannot be opened: libcudnn.so.9");
}

TEST_CASE("what goes elsewhere than to a GPU is not pinned") {
  const at::Tensor x = at::ones({2, 3});
  CHECK(tensor::moved(x, at::kCPU).is_same(x));
  CHECK(tensor::moved(x, at::kMeta).is_meta());
}
