// Products of matrices as ONNX operators.

#include <cmath>

#include "nn/onnx_call.h"

namespace lumir::nn {
namespace {

using Op = std::string;

/// The last two dimensions change places.
Op turned(const OnnxCall& call, const Op& x, int64_t dimensions) {
  std::vector<int64_t> order;
  for (int64_t i = 0; i < dimensions; ++i) order.push_back(i);
  std::swap(order[order.size() - 2], order[order.size() - 1]);
  return call.transpose(x, order);
}

const OnnxOperator linear({"aten::linear"}, [](OnnxCall& call) -> Op {
  const bool biased = call.given("bias");
  if (call.sample("input").dim() == 2) {
    std::vector<Op> inputs{call.value("input"), call.value("weight")};
    if (biased) inputs.push_back(call.value("bias"));
    return call.add("Gemm", inputs, {{"transB", 1}});
  }
  const Op product = call.add("MatMul", {call.value("input"), turned(call, call.value("weight"), 2)});
  return biased ? call.add("Add", {product, call.value("bias")}) : product;
});

const OnnxOperator matmul({"aten::matmul"}, [](OnnxCall& call) {
  return call.add("MatMul", {call.value("self"), call.value("other")});
});
const OnnxOperator bmm({"aten::mm", "aten::bmm"}, [](OnnxCall& call) {
  return call.add("MatMul", {call.value("self"), call.value("mat2")});
});
const OnnxOperator mv({"aten::mv"}, [](OnnxCall& call) {
  return call.add("MatMul", {call.value("self"), call.value("vec")});
});

/// beta self + alpha first second
Op added(OnnxCall& call, const std::string& first, const std::string& second) {
  if (call.number("beta") != 1 || call.number("alpha") != 1) call.refuse("with 'beta' or 'alpha' has no form in ONNX");
  return call.add("Add", {call.value("self"), call.add("MatMul", {call.value(first), call.value(second)})});
}
const OnnxOperator addmm({"aten::addmm"}, [](OnnxCall& call) { return added(call, "mat1", "mat2"); });
const OnnxOperator baddbmm({"aten::baddbmm"}, [](OnnxCall& call) { return added(call, "batch1", "batch2"); });

const OnnxOperator einsum({"aten::einsum"}, [](OnnxCall& call) {
  return call.add("Einsum", call.values("tensors"), {{"equation", call.text("equation")}});
});

/// softmax(q k / sqrt(size) + mask) v
Op attention(OnnxCall& call) {
  if (call.number("dropout_p") != 0) call.refuse("draws, which ONNX has not");
  if (call.flag("is_causal")) call.refuse("with 'is_causal' has no form in ONNX");
  if (call.flag("enable_gqa")) call.refuse("with 'enable_gqa' has no form in ONNX");
  const auto type = call.result_type();
  const auto& query = call.sample("query");
  const double scale = call.given("scale") ? call.number("scale") : 1 / std::sqrt(static_cast<double>(query.size(-1)));
  const Op keys = turned(call, call.value("key"), call.sample("key").dim());
  Op scores = call.add("MatMul", {call.add("Mul", {call.value("query"), call.scalar(scale, type)}), keys});
  if (call.given("attn_mask")) {
    if (call.type("attn_mask") == at::kBool) call.refuse("with a mask of truths has no form in ONNX");
    scores = call.add("Add", {scores, call.value("attn_mask", type)});
  }
  return call.add("MatMul", {call.add("Softmax", {scores}, {{"axis", -1}}), call.value("value")});
}
const OnnxOperator attention_form({"aten::scaled_dot_product_attention"}, attention);

}  // namespace
}  // namespace lumir::nn
