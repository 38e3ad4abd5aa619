// What most files that compute with LibTorch include, read once for all of them: CMake precompiles this. A file
// includes what it uses all the same, so that it compiles without.

#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
