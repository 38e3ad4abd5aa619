// See conv_geometry.h.

#include "nn/conv_geometry.h"

#include <ATen/ops/constant_pad_nd.h>

#include "nn/layout.h"
#include "tensor/fused.h"
#include "tensor/operator_record.h"

namespace lumir::nn {
namespace {

bool pays_transposed(const at::Tensor& x, const ConvGeometry& geometry, const at::Tensor& weight) {
  const auto is_column = [](const at::Tensor& sides) { return sides.size(3) == 1 && sides.size(2) > 1; };
  return x.dim() == 4 && is_column(x) && is_column(weight) && geometry.padding[1] == 0 && x.is_cpu() &&
         tensor::fused_kernels() && !tensor::records_operators();
}

}  // namespace

at::Tensor transposed(const at::Tensor& pictures) { return pictures.transpose(2, 3); }

ConvInput conv_input(const at::Tensor& x, const ConvGeometry& geometry, const at::Tensor& weight) {
  if (!pays_transposed(x, geometry, weight)) return {Layout::of(x), geometry};
  const int64_t zeros = geometry.padding[0];
  const at::Tensor padded = zeros > 0 ? at::constant_pad_nd(transposed(x), {zeros, zeros}) : transposed(x);
  const auto exchanged = [](const std::vector<int64_t>& sides) { return std::vector<int64_t>{sides[1], sides[0]}; };
  return {Layout::of(padded),
          {{0, 0}, exchanged(geometry.stride), exchanged(geometry.dilation), geometry.groups},
          /*transposed=*/true};
}

}  // namespace lumir::nn
