// What a fitted estimator or a network knows: named arrays. Written as safetensors by tensor/safetensors.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace lumir {

/// Numbers of any shape, row-major.
struct Array {
  std::vector<int64_t> shape;
  std::vector<double> values;
};
/// Names as PyTorch's state dicts have them: "steps.1.center".
using State = std::map<std::string, Array>;

}  // namespace lumir
