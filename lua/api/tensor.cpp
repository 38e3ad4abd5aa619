// Lua's Tensor: a handle of at::Tensor with fields, text slices, arithmetic and the few methods that are not operators.
//
// Everything else that a tensor can do is an operator of LibTorch, found by name: see api/torch_operators.cpp.

#include "api/tensor.h"
#include "api/tensor_parts.h"

#include <array>
#include <cmath>

#include <ATen/ops/add.h>
#include <ATen/ops/div.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/pow.h>
#include <ATen/ops/remainder.h>
#include <ATen/ops/scalar_tensor.h>
#include <ATen/ops/sub.h>

#include "bind/methods.h"
#include "bind/way.h"
#include "tensor/anomaly.h"
#include "tensor/convert.h"
#include "tensor/described.h"
#include "tensor/gpu.h"
#include "tensor/handed.h"
#include "tensor/operators.h"
#include "tensor/show.h"

namespace lumir::lua {
namespace {

using tensor::dtype_name;

/// A number that takes the type of the tensor it meets: x + 1 of integers stays integers, x + 0.5 does not.
at::Tensor wrapped_number(double number) {
  const bool whole = number == std::floor(number) && std::abs(number) < 9007199254740992.0;
  at::Tensor scalar = at::scalar_tensor(number, whole ? at::kLong : at::kDouble);
  scalar.unsafeGetTensorImpl()->set_wrapped_number(true);
  return scalar;
}

at::Tensor operand(Call& call, int i) {
  if (call.is_number(i)) return wrapped_number(call.number(i));
  if (call.is<at::Tensor>(i)) return call.object<at::Tensor>(i);
  throw ArgumentError("Tensor: arithmetic needs tensors and numbers, got " + kind_at(call.L, i));
}

using Binary = at::Tensor (*)(const at::Tensor&, const at::Tensor&);

/// `name` is LibTorch's, `sign` what errors of a watch for NaN call it.
Function binary(Binary compute, const std::string& name, const std::string& sign) {
  return [compute, name, sign](Call& call) {
    const std::array<at::Tensor, 2> operands = {operand(call, 1), operand(call, 2)};
    if (tensor::watches_anomalies()) tensor::call_comes_from(users_place(call.L));
    const tensor::CallScope scope(sign);
    const tensor::Handed handed(name, operands);
    at::Tensor result = compute(operands[0], operands[1]);
    scope.check(operands, {&result, 1});
    handed.to(result);
    return push_tensor(call.L, std::move(result));
  };
}

at::Tensor add(const at::Tensor& a, const at::Tensor& b) { return at::add(a, b); }
at::Tensor subtract(const at::Tensor& a, const at::Tensor& b) { return at::sub(a, b); }
at::Tensor multiply(const at::Tensor& a, const at::Tensor& b) { return at::mul(a, b); }
at::Tensor divide(const at::Tensor& a, const at::Tensor& b) { return at::div(a, b); }
at::Tensor remainder(const at::Tensor& a, const at::Tensor& b) { return at::remainder(a, b); }
at::Tensor power(const at::Tensor& a, const at::Tensor& b) { return at::pow(a, b); }

[[noreturn]] int refuse_order(Call&) {
  throw ArgumentError(
      "Tensor: '<' and '>' of Lua answer one boolean; x:lt(y), x:le(y), x:gt(y), x:ge(y) compare element "
      "by element, x:item() gives the number of one element");
}

/// Text and numbers are joined; which number of a tensor is meant Lua cannot know.
[[noreturn]] int refuse_joining(Call&) {
  throw ArgumentError(
      "Tensor: '..' joins text and numbers; x:item() gives the number of one element, tostring(x) text");
}

void push_element(lua_State* L, const at::Tensor& cell) {
  if (cell.scalar_type() == at::kBool) {
    lua_pushboolean(L, cell.item<bool>());
  } else {
    lua_pushnumber(L, cell.item<double>());
  }
}

/// Nested lists of numbers; a single number for no dimension. `values` walks through the elements in order.
void push_list(lua_State* L, const at::Tensor& shape_of, int64_t dimension, const double*& values) {
  if (dimension == shape_of.dim()) {
    if (shape_of.scalar_type() == at::kBool) {
      lua_pushboolean(L, *values++ != 0);
    } else {
      lua_pushnumber(L, *values++);
    }
    return;
  }
  if (!lua_checkstack(L, 4)) throw ArgumentError("tolist: too many dimensions");
  lua_createtable(L, static_cast<int>(shape_of.size(dimension)), 0);
  for (int64_t i = 0; i < shape_of.size(dimension); ++i) {
    push_list(L, shape_of, dimension + 1, values);
    lua_rawseti(L, -2, static_cast<int>(i) + 1);
  }
}

int to_list(Call& call) {
  const auto& self = call.object<at::Tensor>(1);
  const std::vector<double> values = tensor::to_doubles(self, call.who());
  const double* first = values.data();
  push_list(call.L, self, 0, first);
  return 1;
}

int item(Call& call) {
  const auto& self = call.object<at::Tensor>(1);
  if (self.numel() != 1) {
    throw ArgumentError("item: needs a tensor of one element, got " + tensor::show_shape(self.sizes()) +
                        "; :tolist() gives all, :mean() one of them");
  }
  if (self.is_complex()) throw ArgumentError("item: complex numbers have no plain form; take :abs(), real or imag");
  push_element(call.L, self);
  return 1;
}

/// The same numbers, and what is known of them.
int push_same(lua_State* L, at::Tensor result, const at::Tensor& self) {
  return push_tensor(L, tensor::described_as(std::move(result), self));
}

/// x:to('float64'), x:to('cuda', { dtype = 'float16' }), x:to(y): what is the same already is not copied.
int to(Call& call) {
  const auto& self = call.object<at::Tensor>(1);
  if (call.is<at::Tensor>(2)) return push_same(call.L, self.to(call.object<at::Tensor>(2).options()), self);
  at::TensorOptions target = self.options();
  for (int i = 2; i <= call.count(); ++i) {
    const Map named = call.is_table(i) ? call.map(i) : Map{};
    for (const auto& [name, value] : named) {
      if (name != "dtype" && name != "device") {
        throw ArgumentError("to: unknown option '" + name + "'" + did_you_mean(name, {"dtype", "device"}));
      }
      if (!value.text()) throw ArgumentError("to: '" + name + "' must be text, got " + show(value));
      if (name == "dtype") target = target.dtype(tensor::dtype_of(*value.text(), "to"));
      if (name == "device") target = target.device(tensor::device_of(*value.text(), "to"));
    }
    if (call.is_table(i)) continue;
    const std::string word = call.text(i, "dtype or device");
    const bool device = tensor::names_device(word);
    target = device ? target.device(tensor::device_of(word, "to")) : target.dtype(tensor::dtype_of(word, "to"));
  }
  return push_same(call.L, self.to(target.device(), c10::typeMetaToScalarType(target.dtype())), self);
}

/// x:float(), x:long() ... as PyTorch calls them.
Function cast(at::ScalarType type) {
  return [type](Call& call) {
    const auto& self = call.object<at::Tensor>(1);
    return push_same(call.L, self.to(type), self);
  };
}

Function move_to(const char* device) {
  return [device](Call& call) {
    const auto& self = call.object<at::Tensor>(1);
    return push_same(call.L, self.to(tensor::device_of(device, call.who())), self);
  };
}

/// loss:backward(), y:backward(dy, { retain_graph = true })
int backward(Call& call) {
  const auto& self = call.object<at::Tensor>(1);
  const bool with_gradient = call.is<at::Tensor>(2);
  const auto options = call.options<GraphOptions>(with_gradient ? 3 : 2);
  if (!self.requires_grad()) {
    throw ArgumentError("backward: nothing that this was computed from requires a gradient (requires_grad = true)");
  }
  if (!with_gradient && self.numel() != 1) {
    throw ArgumentError("backward: of " + tensor::show_shape(self.sizes()) +
                        " needs a gradient of the same shape; a loss is one number");
  }
  tensor::backward(self, with_gradient ? call.object<at::Tensor>(2) : at::Tensor(), options, call.who());
  return 0;
}

int shape(Call& call) { return push_shape(call.L, call.object<at::Tensor>(1).sizes()); }

/// x:size() is a list, x:size(1) a number.
int size(Call& call) {
  if (call.count() > 1) return call_operator(call, "size");
  return shape(call);
}

int gradient(Call& call) {
  const at::Tensor& held = call.object<at::Tensor>(1).grad();
  return held.defined() ? push_tensor(call.L, held) : call.push(Value());
}

int transposed(Call& call) {
  const auto& self = call.object<at::Tensor>(1);
  if (self.dim() > 2)
    throw ArgumentError("T: needs a matrix, got " + tensor::show_shape(self.sizes()) + "; :permute()");
  return push_tensor_view(call.L, self.dim() == 2 ? self.t() : self.alias(), self);
}

/// What x:float() and its like say of themselves.
Describe cast_words(const std::string& type, const std::string& name) {
  return {.summary = "The same numbers as " + type + "; itself where they are that already.",
          .returns = "a Tensor of the same shape",
          .example = "x:" + name + "()",
          .source = "PyTorch's Tensor." + name};
}

/// What arithmetic says of itself.
Describe arithmetic(const std::string& what, const std::string& example) {
  return {.summary = what + ", element by element, of tensors and numbers; shapes that differ are broadcast.",
          .returns = "a Tensor of the broadcast shape",
          .example = example};
}

Describe refused_order(const std::string& example) {
  return {.summary =
              "An error: Lua's comparisons answer one boolean. x:lt(y), x:le(y), x:gt(y), x:ge(y) compare element by "
              "element.",
          .returns = "nothing",
          .example = "pcall(function() return " + example + " end)"};
}

int negative(Call& call) {
  const std::array<at::Tensor, 1> operands = {call.object<at::Tensor>(1)};
  at::Tensor result = operands[0].neg();
  tensor::Handed("neg", operands).to(result);
  return push_tensor(call.L, std::move(result));
}

bool are_same(Call& call) { return call.object<at::Tensor>(1).is_same(call.object<at::Tensor>(2, "other")); }

int is_same(Call& call) { return call.push(are_same(call)); }

/// x == y of one tensor; of two, nobody means whether they are one.
int equals(Call& call) {
  if (are_same(call)) return call.push(true);
  throw ArgumentError(
      "Tensor: '==' of Lua answers one boolean; x:eq(y) compares element by element, x:equal(y) all of "
      "it, x:is_same(y) asks whether both are one tensor");
}

int length(Call& call) {
  const auto& self = call.object<at::Tensor>(1);
  if (self.dim() == 0) throw ArgumentError("Tensor: a single number has no length");
  return call.push(static_cast<double>(self.size(0)));
}

const Class<at::Tensor> tensor_class =
    Class<at::Tensor>(
        "Tensor",
        "Numbers in a grid of any number of dimensions. Besides these, every operator of LibTorch is a method: "
        "torch.names(), torch.help 'softmax'.",
        "x")
        .text([](const at::Tensor& self) { return tensor::show(self); })
        .field_with("shape", shape,
                    {.summary = "Its size in each dimension: x.shape[1] is the first, x.shape[-1] the last.",
                     .returns = "a list of integers, which prints as [4, 3]; == compares all of two shapes"})
        .field("dtype", [](const at::Tensor& self) { return Value(dtype_name(self.scalar_type())); },
               {.summary = "The type of its elements.", .returns = "text, such as 'float32'"})
        .field("device", [](const at::Tensor& self) { return Value(self.device().str()); },
               {.summary = "Where its numbers are.", .returns = "text, such as 'cpu' or 'cuda:0'"})
        .field(
            "axes",
            [](const at::Tensor& self) {
              const auto known = tensor::described(self);
              if (!known.axes) return Value();
              Map map = known.axes->to_map();
              List dimensions;
              for (const auto along : known.dimensions) dimensions.emplace_back(tensor::name_of(along));
              if (known.dimensions != tensor::kRowsOverTime) map["dimensions"] = dimensions;
              return Value(map);
            },
            {.summary = "What rows, columns and numbers are, where a feature has told it: report.show draws by it. "
                        "Operators on elements keep it (abs():pow(2) of a complex spectrum is power), slices and "
                        "selections keep their part of it, means and other sums what they leave, cat what its parts "
                        "have in common; other results know nothing.",
             .returns = "a table: of, rate (Hz), hop_length (samples), start (s), rows, rows_unit, places or names of "
                        "rows, values, unit, measure; dimensions where they are not rows and time; nil where nothing "
                        "is known"})
        .field("ndim", [](const at::Tensor& self) { return Value(static_cast<long>(self.dim())); },
               {.summary = "How many dimensions it has; 0 for a single number.", .returns = "an integer"})
        .field("requires_grad", [](const at::Tensor& self) { return Value(self.requires_grad()); },
               {.summary = "Whether what is computed from it is recorded for :backward(); can be assigned.",
                .returns = "a boolean"})
        .field_with("grad", gradient,
                    {.summary = "The gradient that :backward() has left; can be assigned, nil clears it.",
                     .returns = "a Tensor of the same shape; nil before"})
        .field_with(
            "T", transposed,
            {.summary = "The matrix with rows and columns exchanged, as a view; more than two dimensions are an error.",
             .returns = "a Tensor of [columns, rows]"})
        .method("tolist", to_list,
                {.summary = "Its numbers as nested lists; a single number or boolean for no dimension.",
                 .returns = "a list of lists, or a number",
                 .example = "x:tolist()",
                 .source = "PyTorch's Tensor.tolist"})
        .method("item", item,
                {.summary = "The only element of a tensor of one element; an error for others and for complex numbers.",
                 .returns = "a number or a boolean",
                 .example = "x:sum():item()",
                 .source = "PyTorch's Tensor.item"})
        .method(
            "data", tensor_data,
            {.summary = "Its elements as LuaJIT's ffi sees them, for loops that are compiled: row after row, counted "
                        "from 0 to x:numel() - 1 and not checked. They are the tensor's own, written or read; the "
                        "pointer keeps the tensor, one that was reckoned from it does not.",
             .returns = "a pointer of C: float * for float32, double * for float64, int64_t * for int64 ...",
             .example = "x:contiguous():data()[0]",
             .source = "PyTorch's Tensor.data_ptr"})
        .method("size", size,
                {.summary = "Its size in one dimension, or in each.",
                 .returns = "an integer; a list of integers where no dimension is given",
                 .example = "x:size(1)",
                 .source = "PyTorch's Tensor.size",
                 .parameters = {argument("dim", "integer", "counted from 1; -1 is the last", kPlace)}})
        .method("to", to,
                {.summary = "The same numbers as another type, on another device, or both; what is so already is not "
                            "copied.",
                 .returns = "a Tensor of the same shape",
                 .example = "x:to('float64', { device = 'cpu' })",
                 .source = "PyTorch's Tensor.to",
                 .parameters = {argument("...", "word, table or Tensor",
                                         "a dtype, a device, { dtype, device } or a tensor that has them")}})
        .method("float", cast(at::kFloat), cast_words("float32", "float"))
        .method("double", cast(at::kDouble), cast_words("float64", "double"))
        .method("half", cast(at::kHalf), cast_words("float16", "half"))
        .method("long", cast(at::kLong), cast_words("int64, cut off towards 0", "long"))
        .method("int", cast(at::kInt), cast_words("int32, cut off towards 0", "int"))
        .method("bool", cast(at::kBool), cast_words("booleans: whether they are not 0", "bool"))
        .method("cpu", move_to("cpu"),
                {.summary = "The same numbers in the memory of the processor.",
                 .returns = "a Tensor of the same shape",
                 .example = "x:cpu()",
                 .source = "PyTorch's Tensor.cpu"})
        .method("cuda", move_to("cuda"),
                {.summary = "The same numbers on the graphics card; an error where there is none.",
                 .returns = "a Tensor of the same shape",
                 .example = "pcall(x.cuda, x)",
                 .source = "PyTorch's Tensor.cuda"})
        .method(
            "backward", backward,
            {.summary = "Adds the derivative of this by each tensor with requires_grad that it was computed from to "
                        "that tensor's grad.",
             .returns = "nothing",
             .example = "w:pow(2):sum():backward()",
             .source = "PyTorch's Tensor.backward",
             .parameters = with_arguments(
                 {argument("gradient", "Tensor", "of the same shape; not needed for a single number", kPlace)},
                 schema_of<GraphOptions>())})
        .meta("__add", binary(add, "add", "+"), arithmetic("The sum", "x + 1"))
        .meta("__sub", binary(subtract, "sub", "-"), arithmetic("The difference", "x - y"))
        .meta("__mul", binary(multiply, "mul", "*"), arithmetic("The product", "x * y"))
        .meta("__div", binary(divide, "div", "/"),
              arithmetic("The quotient, with a fraction also of whole numbers", "x / 2"))
        .meta("__mod", binary(remainder, "remainder", "%"),
              arithmetic("The remainder, with the sign of the divisor", "x % 2"))
        .meta("__pow", binary(power, "pow", "^"), arithmetic("The power", "x ^ 2"))
        .meta(
            "__unm", negative,
            {.summary = "Every element with the other sign.", .returns = "a Tensor of the same shape", .example = "-x"})
        .method("is_same", is_same,
                {.summary = "Whether both are the same tensor in memory, as weights are that two layers share.",
                 .returns = "a boolean",
                 .example = "x:is_same(x)",
                 .source = "Python's `is`",
                 .parameters = {argument("other", "Tensor", "which it is compared with")}})
        .meta("__eq", equals,
              {.summary = "True of one tensor; an error of two: Lua's == answers one boolean, and x:eq(y) compares "
                          "element by element, x:equal(y) all of it.",
               .returns = "a boolean",
               .example = "x == x"})
        .meta("__lt", refuse_order, refused_order("x < y"))
        .meta("__le", refuse_order, refused_order("x <= y"))
        .meta("__concat", refuse_joining,
              {.summary = "An error: '..' joins text and numbers. x:item() gives the number of one element.",
               .returns = "nothing",
               .example = "pcall(function() return 'loss ' .. x end)"})
        .meta("__len", length,
              {.summary = "Its size in the first dimension; an error for a single number.",
               .returns = "an integer",
               .example = "#x"})
        .meta("__newindex", assign_to_tensor,
              {.summary =
                   "Writes into a part of it: a position, a text slice or a mask, from a number or what broadcasts.",
               .returns = "nothing",
               .example = "x['1, :'] = 0"})
        .index_with_methods(
            tensor_part,
            {.summary =
                 "A part of it: x[2] and x['1:64, 2'] are views, x[mask] and x[positions] copies. Positions count "
                 "from 1, -1 is the last, an end belongs to its slice.",
             .returns = "a Tensor",
             .example = "x['1:2, -1']",
             .source = "PyTorch's indexing, counted from 1"});

/// core.tensor_method('map', function(x, ...) ... end): for Lumir's own Lua.
const Module tensor_methods("core", [](ModuleTable& module) {
  module.function("tensor_method", [](Call& call) {
    add_method(call.L, *find_class(typeid(at::Tensor)), call.text(1, "name"), 2);
    return 0;
  });
});

const bool matrices_reach_lua = [] {
  register_any_pusher(typeid(Matrix), [](lua_State* L, std::any value) {
    push_tensor(L, tensor::from_matrix(std::any_cast<Matrix>(std::move(value))));
  });
  return true;
}();

}  // namespace

int push_tensor(lua_State* L, at::Tensor tensor) {
  push_object(L, std::move(tensor));
  return 1;
}

}  // namespace lumir::lua
