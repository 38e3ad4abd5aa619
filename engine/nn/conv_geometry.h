// How a convolution of pictures moves its kernel, and pictures of one column, which are convolved as one row.

#pragma once

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

namespace lumir::nn {

struct ConvGeometry {
  std::vector<int64_t> padding, stride, dilation;
  int64_t groups = 1;
};

/// What a convolution works on.
struct ConvInput {
  at::Tensor x;
  ConvGeometry geometry;
  bool transposed = false;  // weights and what comes out are to be transposed, too
};

/// Height and width of pictures or kernels exchanged.
at::Tensor transposed(const at::Tensor& pictures);

/// x as convolutions take it (nn/layout.h). Where pictures and kernel are one column wide, on the CPU and unless fused
/// kernels are turned off or operators are recorded, transposed and padded: oneDNN is several times slower at columns
/// than at rows. 1,024 channels to 128, kernel of 64 places, pictures of 191, two threads of an AMD EPYC with AVX2, ms:
/// one picture 62 and 40, with weights in its order 100 and 19; 32 of them 1,376 and 473. It is slow, too, where it is
/// to add many zeros: 512 places with 254 at both ends 21, with those added before 5.
ConvInput conv_input(const at::Tensor& x, const ConvGeometry& geometry, const at::Tensor& weight);

}  // namespace lumir::nn
