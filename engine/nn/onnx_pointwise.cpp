// Functions of single numbers as ONNX operators.

#include <cmath>
#include <map>
#include <numbers>

#include "nn/onnx_call.h"

namespace lumir::nn {
namespace {

using Op = std::string;

/// The operand in the type of what comes out.
Op self(OnnxCall& call) { return call.value("self", call.result_type()); }
Op number(const OnnxCall& call, double value) { return call.scalar(value, call.result_type()); }
Op times(const OnnxCall& call, const Op& a, const Op& b) { return call.add("Mul", {a, b}); }
Op plus(const OnnxCall& call, const Op& a, const Op& b) { return call.add("Add", {a, b}); }

/// Those that ONNX has under a name of its own.
Op by_name(OnnxCall& call) {
  static const std::map<std::string, const char*> names{
      {"abs", "Abs"},        {"neg", "Neg"},     {"exp", "Exp"},           {"log", "Log"},
      {"sqrt", "Sqrt"},      {"sin", "Sin"},     {"cos", "Cos"},           {"tan", "Tan"},
      {"asin", "Asin"},      {"acos", "Acos"},   {"atan", "Atan"},         {"sinh", "Sinh"},
      {"cosh", "Cosh"},      {"tanh", "Tanh"},   {"sigmoid", "Sigmoid"},   {"relu", "Relu"},
      {"floor", "Floor"},    {"ceil", "Ceil"},   {"round", "Round"},       {"erf", "Erf"},
      {"sign", "Sign"},      {"isnan", "IsNaN"}, {"softplus", "Softplus"}, {"reciprocal", "Reciprocal"},
      {"logical_not", "Not"}};
  const std::string name = call.name();
  const bool asks = name == "isnan", truths = name == "logical_not";
  return call.add(names.at(name), {asks ? call.value("self") : truths ? call.value("self", at::kBool) : self(call)});
}
const OnnxOperator named({"aten::neg",   "aten::exp",        "aten::log",        "aten::sqrt",    "aten::sin",
                          "aten::cos",   "aten::tan",        "aten::asin",       "aten::acos",    "aten::atan",
                          "aten::sinh",  "aten::cosh",       "aten::tanh",       "aten::sigmoid", "aten::relu",
                          "aten::floor", "aten::ceil",       "aten::round",      "aten::erf",     "aten::sign",
                          "aten::isnan", "aten::reciprocal", "aten::logical_not"},
                         by_name);

/// Of complex numbers the length.
const OnnxOperator magnitude({"aten::abs"}, [](OnnxCall& call) -> Op {
  if (!call.sample("self").is_complex()) return by_name(call);
  return call.add("ReduceL2", {call.parts("self")}, {{"axes", std::vector<int64_t>{-1}}, {"keepdims", 0}});
});

const OnnxOperator square_form({"aten::square"}, [](OnnxCall& call) { return times(call, self(call), self(call)); });
const OnnxOperator rsqrt({"aten::rsqrt"},
                         [](OnnxCall& call) { return call.add("Reciprocal", {call.add("Sqrt", {self(call)})}); });
const OnnxOperator log10({"aten::log10"}, [](OnnxCall& call) {
  return times(call, call.add("Log", {self(call)}), number(call, 1 / std::numbers::ln10));
});
const OnnxOperator log2({"aten::log2"}, [](OnnxCall& call) {
  return times(call, call.add("Log", {self(call)}), number(call, 1 / std::numbers::ln2));
});
const OnnxOperator log1p({"aten::log1p"},
                         [](OnnxCall& call) { return call.add("Log", {plus(call, self(call), number(call, 1))}); });
const OnnxOperator exp2({"aten::exp2"}, [](OnnxCall& call) {
  return call.add("Exp", {times(call, self(call), number(call, std::numbers::ln2))});
});

Op gelu(OnnxCall& call) {
  const Op x = self(call);
  if (call.text("approximate") == "tanh") {
    const Op cube = times(call, times(call, x, x), times(call, x, number(call, 0.044715)));
    const Op inner = times(call, plus(call, x, cube), number(call, std::sqrt(2 / std::numbers::pi)));
    const Op share = plus(call, call.add("Tanh", {inner}), number(call, 1));
    return times(call, times(call, x, number(call, 0.5)), share);
  }
  const Op share = call.add("Erf", {times(call, x, number(call, 1 / std::numbers::sqrt2))});
  return times(call, times(call, x, number(call, 0.5)), plus(call, share, number(call, 1)));
}
const OnnxOperator gelu_form({"aten::gelu"}, gelu);

const OnnxOperator silu({"aten::silu"},
                        [](OnnxCall& call) { return times(call, self(call), call.add("Sigmoid", {self(call)})); });
const OnnxOperator mish({"aten::mish"}, [](OnnxCall& call) {
  return times(call, self(call), call.add("Tanh", {call.add("Softplus", {self(call)})}));
});
const OnnxOperator hardswish({"aten::hardswish"}, [](OnnxCall& call) { return call.add("HardSwish", {self(call)}); });
const OnnxOperator log_sigmoid({"aten::log_sigmoid"}, [](OnnxCall& call) {
  return call.add("Neg", {call.add("Softplus", {call.add("Neg", {self(call)})})});
});
const OnnxOperator softplus({"aten::softplus"}, [](OnnxCall& call) {
  if (call.number("beta") != 1 || call.number("threshold") != 20) call.refuse("with 'beta' or 'threshold' has no form");
  return call.add("Softplus", {self(call)});
});

/// Between what scales the ends.
const OnnxOperator elu({"aten::elu"}, [](OnnxCall& call) -> Op {
  if (call.number("input_scale") != 1) call.refuse("with 'input_scale' has no form in ONNX");
  const double alpha = call.number("alpha"), scale = call.number("scale");
  const Op bent = call.add("Elu", {self(call)}, {{"alpha", static_cast<float>(alpha)}});
  return scale == 1 ? bent : times(call, bent, number(call, scale));
});
const OnnxOperator selu({"aten::selu"}, [](OnnxCall& call) { return call.add("Selu", {self(call)}); });
const OnnxOperator leaky_relu({"aten::leaky_relu"}, [](OnnxCall& call) {
  return call.add("LeakyRelu", {self(call)}, {{"alpha", static_cast<float>(call.number("negative_slope"))}});
});

/// A slope for each channel, the second dimension.
const OnnxOperator prelu({"aten::prelu"}, [](OnnxCall& call) -> Op {
  const int64_t dimensions = call.sample("self").dim();
  Op slope = call.value("weight");
  if (call.sample("weight").numel() > 1 && dimensions > 2) {
    std::vector<int64_t> axes;
    for (int64_t i = 1; i < dimensions - 1; ++i) axes.push_back(i);
    slope = call.unsqueeze(slope, axes);
  }
  return call.add("PRelu", {self(call), slope});
});

/// Half of the channels is opened and closed by the other.
const OnnxOperator glu({"aten::glu"}, [](OnnxCall& call) {
  const auto halves = call.graph().add("Split", 2, {call.value("self")}, {{"axis", call.dimension("dim")}});
  return times(call, halves[0], call.add("Sigmoid", {halves[1]}));
});

const OnnxOperator softmax({"aten::softmax", "aten::_softmax"}, [](OnnxCall& call) {
  return call.add("Softmax", {self(call)}, {{"axis", call.dimension("dim")}});
});
const OnnxOperator log_softmax({"aten::log_softmax", "aten::_log_softmax"}, [](OnnxCall& call) {
  return call.add("LogSoftmax", {self(call)}, {{"axis", call.dimension("dim")}});
});

/// Nothing, where nothing is dropped.
const OnnxOperator dropout({"aten::dropout", "aten::feature_dropout", "aten::alpha_dropout",
                            "aten::feature_alpha_dropout"},
                           [](OnnxCall& call) {
                             if (call.flag("train") && call.number("p") != 0) call.refuse("draws, which ONNX has not");
                             return call.value("input");
                           });

/// `b`, times alpha where there is one.
Op other(OnnxCall& call) {
  const Op b = call.operand("other", call.result_type());
  const double alpha = call.given("alpha") ? call.number("alpha") : 1;
  return alpha == 1 ? b : times(call, b, number(call, alpha));
}
const OnnxOperator add({"aten::add"}, [](OnnxCall& call) { return plus(call, self(call), other(call)); });
const OnnxOperator sub({"aten::sub", "aten::subtract"}, [](OnnxCall& call) {
  return call.add("Sub", {self(call), other(call)});
});
const OnnxOperator rsub({"aten::rsub"}, [](OnnxCall& call) -> Op {
  if (call.number("alpha") != 1) call.refuse("with 'alpha' has no form in ONNX");
  return call.add("Sub", {call.operand("other", call.result_type()), self(call)});
});
const OnnxOperator mul({"aten::mul", "aten::multiply"}, [](OnnxCall& call) -> Op {
  if (call.result_type() == at::kBool) return call.add("And", {self(call), other(call)});
  return times(call, self(call), other(call));
});
const OnnxOperator div({"aten::div", "aten::divide", "aten::true_divide"}, [](OnnxCall& call) -> Op {
  const Op quotient = call.add("Div", {self(call), other(call)});
  const std::string rounding = call.text("rounding_mode");
  if (rounding.empty()) return quotient;
  if (rounding == "trunc" || !at::isFloatingType(call.result_type())) call.refuse("with 'rounding_mode' has no form");
  return call.add("Floor", {quotient});
});
const OnnxOperator pow({"aten::pow"}, [](OnnxCall& call) -> Op {
  const bool square = !call.is_tensor("exponent") && call.is_tensor("self") && call.number("exponent") == 2;
  if (square) return times(call, self(call), self(call));
  return call.add("Pow", {call.operand("self", call.result_type()), call.operand("exponent", call.result_type())});
});
const OnnxOperator maximum({"aten::maximum"}, [](OnnxCall& call) {
  return call.add("Max", {self(call), other(call)});
});
const OnnxOperator minimum({"aten::minimum"}, [](OnnxCall& call) {
  return call.add("Min", {self(call), other(call)});
});
const OnnxOperator lerp({"aten::lerp"}, [](OnnxCall& call) {
  const Op away = call.add("Sub", {call.value("end", call.result_type()), self(call)});
  return plus(call, self(call), times(call, away, call.operand("weight", call.result_type())));
});

/// Both bounds, or one of them.
Op bounded(OnnxCall& call) {
  Op x = self(call);
  if (call.given("min")) x = call.add("Max", {x, call.operand("min", call.result_type())});
  if (call.given("max")) x = call.add("Min", {x, call.operand("max", call.result_type())});
  return x;
}
const OnnxOperator clamp({"aten::clamp", "aten::clamp_min", "aten::clamp_max", "aten::clip"}, bounded);
const OnnxOperator hardtanh({"aten::hardtanh"}, [](OnnxCall& call) {
  const Op least = call.add("Max", {self(call), call.operand("min_val", call.result_type())});
  return call.add("Min", {least, call.operand("max_val", call.result_type())});
});
const OnnxOperator relu6({"aten::relu6"}, [](OnnxCall& call) {
  return call.add("Min", {call.add("Relu", {self(call)}), number(call, 6)});
});

/// Both sides in the type that holds both.
Op compared(OnnxCall& call) {
  static const std::map<std::string, const char*> names{{"gt", "Greater"},        {"lt", "Less"},
                                                        {"ge", "GreaterOrEqual"}, {"le", "LessOrEqual"},
                                                        {"eq", "Equal"},          {"ne", "Equal"}};
  at::ScalarType type = call.type("self");
  if (call.is_tensor("other")) type = c10::promoteTypes(type, call.type("other"));
  const Op found = call.add(names.at(call.name()), {call.value("self", type), call.operand("other", type)});
  return call.name() == "ne" ? call.add("Not", {found}) : found;
}
const OnnxOperator comparisons({"aten::gt", "aten::lt", "aten::ge", "aten::le", "aten::eq", "aten::ne"}, compared);

Op combined(OnnxCall& call) {
  static const std::map<std::string, const char*> names{
      {"logical_and", "And"}, {"logical_or", "Or"}, {"logical_xor", "Xor"}, {"bitwise_and", "And"},
      {"bitwise_or", "Or"},   {"__and__", "And"},   {"__or__", "Or"}};
  if (call.result_type() != at::kBool) call.refuse("of whole numbers has no form in ONNX");
  return call.add(names.at(call.name()), {call.value("self", at::kBool), call.operand("other", at::kBool)});
}
const OnnxOperator combinations({"aten::logical_and", "aten::logical_or", "aten::logical_xor", "aten::bitwise_and",
                                 "aten::bitwise_or", "aten::__and__", "aten::__or__"},
                                combined);
const OnnxOperator bitwise_not({"aten::bitwise_not"}, [](OnnxCall& call) -> Op {
  if (call.result_type() != at::kBool) call.refuse("of whole numbers has no form in ONNX");
  return call.add("Not", {call.value("self")});
});

const OnnxOperator where({"aten::where"}, [](OnnxCall& call) {
  const auto type = call.result_type();
  return call.add("Where",
                  {call.value("condition", at::kBool), call.operand("self", type), call.operand("other", type)});
});
const OnnxOperator masked_fill({"aten::masked_fill"}, [](OnnxCall& call) {
  return call.add("Where", {call.value("mask"), call.operand("value", call.result_type()), self(call)});
});

}  // namespace
}  // namespace lumir::nn
