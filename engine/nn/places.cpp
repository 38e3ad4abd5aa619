// See places.h.

#include "nn/places.h"

#include <ATen/ops/constant_pad_nd.h>

#include "tensor/fused.h"
#include "tensor/operator_record.h"

namespace lumir::nn {

bool stands_upright(const at::Tensor& x, const Places& places, const at::Tensor& weight) {
  return x.dim() == 4 && x.size(3) == 1 && x.size(2) > 1 && weight.size(3) == 1 && weight.size(2) > 1 &&
         places.padding[1] == 0 && x.is_cpu() && tensor::fused_kernels() && !tensor::records_operators();
}

at::Tensor turned(const at::Tensor& pictures) { return pictures.transpose(2, 3); }

at::Tensor turned_and_padded(const at::Tensor& pictures, const Places& places) {
  const int64_t zeros = places.padding[0];
  return zeros > 0 ? at::constant_pad_nd(turned(pictures), {zeros, zeros}) : turned(pictures);
}

Places turned_and_padded(const Places& places) {
  const auto exchanged = [](const std::vector<int64_t>& sides) { return std::vector<int64_t>{sides[1], sides[0]}; };
  return {{0, 0}, exchanged(places.stride), exchanged(places.dilation), places.groups};
}

}  // namespace lumir::nn
