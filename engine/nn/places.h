// Where a convolution puts its kernel.

#pragma once

#include <cstdint>
#include <vector>

namespace lumir::nn {

struct Places {
  std::vector<int64_t> padding, stride, dilation;
  int64_t groups = 1;
};

}  // namespace lumir::nn
