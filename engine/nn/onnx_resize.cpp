// Pictures and sequences of another size as ONNX operators.

#include <ATen/ops/_upsample_bicubic2d_aa.h>
#include <ATen/ops/_upsample_bilinear2d_aa.h>
#include <ATen/ops/eye.h>

#include "nn/onnx_call.h"
#include "tensor/convert.h"

namespace lumir::nn {
namespace {

using Op = std::string;

/// LibTorch calls what goes in differently where factors stand for a size.
std::string source(const OnnxCall& call) {
  for (const char* scale : {"scales", "scales_d", "scales_h", "scales_w"}) {
    if (call.given(scale)) call.refuse("with a factor of its own for a dimension has no form in ONNX");
  }
  return call.has("input") ? "input" : "self";
}

/// By factors where those were given, else to a size.
Op resized(OnnxCall& call, const model::OnnxAttributes& how) {
  const Op x = call.value(source(call));
  if (call.given("scale_factors")) {
    std::vector<double> factors{1, 1};
    for (const double factor : call.numbers("scale_factors")) factors.push_back(factor);
    const Op scales = call.keep(tensor::from_doubles(factors, {static_cast<int64_t>(factors.size())}).to(at::kFloat));
    return call.add("Resize", {x, "", scales}, how);
  }
  return call.add("Resize", {x, "", "", call.sizes(call.result_shape())}, how);
}

const OnnxOperator nearest({"aten::upsample_nearest1d", "aten::upsample_nearest2d", "aten::upsample_nearest3d"},
                           [](OnnxCall& call) {
                             return resized(call, {{"mode", std::string("nearest")},
                                                   {"nearest_mode", std::string("floor")},
                                                   {"coordinate_transformation_mode", std::string("asymmetric")}});
                           });
const OnnxOperator nearest_exact({"aten::_upsample_nearest_exact1d", "aten::_upsample_nearest_exact2d",
                                  "aten::_upsample_nearest_exact3d"},
                                 [](OnnxCall& call) {
                                   return resized(call,
                                                  {{"mode", std::string("nearest")},
                                                   {"nearest_mode", std::string("round_prefer_ceil")},
                                                   {"coordinate_transformation_mode", std::string("half_pixel")}});
                                 });
std::string corners(const OnnxCall& call) { return call.flag("align_corners") ? "align_corners" : "half_pixel"; }
const OnnxOperator linear(
    {"aten::upsample_linear1d", "aten::upsample_bilinear2d", "aten::upsample_trilinear3d"}, [](OnnxCall& call) {
      return resized(call, {{"mode", std::string("linear")}, {"coordinate_transformation_mode", corners(call)}});
    });
const OnnxOperator cubic({"aten::upsample_bicubic2d"}, [](OnnxCall& call) {
  return resized(
      call,
      {{"mode", std::string("cubic")}, {"cubic_coeff_a", -0.75F}, {"coordinate_transformation_mode", corners(call)}});
});

using Smooth = at::Tensor (*)(const at::Tensor&, at::IntArrayRef, bool, std::optional<double>, std::optional<double>);

/// What comes out is a sum of what comes in along each dimension, by weights that the operator itself tells of a matrix
/// with ones in its diagonal.
Op by_weights(OnnxCall& call, Smooth resize) {
  const auto before = call.shape(source(call)), after = call.result_shape();
  for (const size_t place : {size_t{2}, size_t{3}}) {
    if (!before[place].fixed()) call.refuse("of a size that changes has no form in ONNX");
  }
  const auto weights = [&](size_t place, bool rows) {
    const int64_t from = before[place].seen[0], to = after[place].seen[0];
    const auto how = at::TensorOptions().dtype(call.result_type());  // in which LibTorch rounds its weights
    const at::Tensor one = at::eye(from, how).unsqueeze(0).unsqueeze(0);
    const std::vector<int64_t> size = rows ? std::vector<int64_t>{to, from} : std::vector<int64_t>{from, to};
    return call.keep(resize(one, size, call.flag("align_corners"), {}, {}).squeeze(0).squeeze(0));
  };
  const Op tall = call.add("MatMul", {weights(2, true), call.value(source(call))});
  return call.add("MatMul", {tall, weights(3, false)});
}
const OnnxOperator bilinear_smooth({"aten::_upsample_bilinear2d_aa"},
                                   [](OnnxCall& call) { return by_weights(call, at::_upsample_bilinear2d_aa); });
const OnnxOperator bicubic_smooth({"aten::_upsample_bicubic2d_aa"},
                                  [](OnnxCall& call) { return by_weights(call, at::_upsample_bicubic2d_aa); });

}  // namespace
}  // namespace lumir::nn
