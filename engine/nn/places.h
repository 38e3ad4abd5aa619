// Where a convolution puts its kernel.

#pragma once

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

namespace lumir::nn {

struct Places {
  std::vector<int64_t> padding, stride, dilation;
  int64_t groups = 1;
};

/// Whether pictures and kernel are one column wide. oneDNN is several times slower at such than at the same turned on
/// their side: 1,024 channels to 128, kernel of 64 places, pictures of 191, two threads of an AMD EPYC with AVX2, ms:
/// one picture 62 and 40, with weights in its order 100 and 19; 32 of them 1,376 and 473. It is slow, too, where it is
/// to add many zeros: 512 places with 254 at both ends 21, with those added before 5.
bool stands_upright(const at::Tensor& x, const Places& places, const at::Tensor& weight);

/// Height and width exchanged.
at::Tensor turned(const at::Tensor& pictures);
/// The same, with the zeros around them.
at::Tensor turned_and_padded(const at::Tensor& pictures, const Places& places);
/// Where the kernel stands in these.
Places turned_and_padded(const Places& places);

}  // namespace lumir::nn
