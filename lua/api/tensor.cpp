// Lua's Tensor: a handle of at::Tensor with fields, text slices, arithmetic and the few methods that are not operators.
//
// Everything else that a tensor can do is an operator of LibTorch, found by name: see api/torch_operators.h.

#include "api/tensor.h"

#include <cmath>

#include <ATen/ops/add.h>
#include <ATen/ops/div.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/pow.h>
#include <ATen/ops/remainder.h>
#include <ATen/ops/scalar_tensor.h>
#include <ATen/ops/sub.h>

#include "tensor/convert.h"
#include "tensor/show.h"
#include "tensor/slice.h"

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

Function binary(Binary compute) {
  return [compute](Call& call) { return call.push(compute(operand(call, 1), operand(call, 2))); };
}

at::Tensor add(const at::Tensor& a, const at::Tensor& b) { return at::add(a, b); }
at::Tensor subtract(const at::Tensor& a, const at::Tensor& b) { return at::sub(a, b); }
at::Tensor multiply(const at::Tensor& a, const at::Tensor& b) { return at::mul(a, b); }
at::Tensor divide(const at::Tensor& a, const at::Tensor& b) { return at::div(a, b); }
at::Tensor remainder(const at::Tensor& a, const at::Tensor& b) { return at::remainder(a, b); }
at::Tensor power(const at::Tensor& a, const at::Tensor& b) { return at::pow(a, b); }

[[noreturn]] int refuse_order(Call&) {
  throw ArgumentError("Tensor: '<' and '<=' of Lua answer one boolean; :lt, :le, :gt, :ge compare element by element");
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
  luaL_checkstack(L, 4, "too many dimensions");
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
    throw ArgumentError("item: needs a tensor of one element, got " + tensor::show_shape(self.sizes()));
  }
  if (self.is_complex()) throw ArgumentError("item: complex numbers have no plain form; take :abs(), real or imag");
  push_element(call.L, self);
  return 1;
}

bool is_slice(const std::string& key) {
  return key.find_first_not_of(" 0123456789:,.-+") == std::string::npos && !key.empty();
}

at::Tensor part(Call& call) {
  const auto& self = call.object<at::Tensor>(1);
  if (call.is_text(2)) return tensor::slice(self, call.text(2));
  const double position = call.number(2);
  if (position != std::floor(position)) throw ArgumentError("slice: " + show(position) + " is no position");
  return tensor::select(self, static_cast<int64_t>(position));
}

/// x[2], x['1:64, 2']; 0 for what is no slice.
int index(Call& call) {
  if (call.is_number(2) || (call.is_text(2) && is_slice(call.text(2)))) return call.push(part(call));
  return 0;
}

/// x['1, :'] = v, for a number or anything that broadcasts; x.requires_grad = true.
int assign(Call& call) {
  auto& self = call.object<at::Tensor>(1);
  if (call.is_text(2) && call.text(2) == "requires_grad") {
    self.requires_grad_(call.boolean(3, "requires_grad"));
    return 0;
  }
  const bool named = call.is_text(2) && !is_slice(call.text(2));
  if (named) throw ArgumentError("Tensor: '" + call.text(2) + "' cannot be assigned; slices and requires_grad can");
  at::Tensor target = part(call);
  if (call.is_number(3)) {
    target.fill_(call.number(3));
  } else {
    target.copy_(call.object<at::Tensor>(3, "value"));
  }
  return 0;
}

Value shape_list(const at::Tensor& self) {
  List shape;
  for (const int64_t size : self.sizes()) shape.emplace_back(static_cast<long>(size));
  return shape;
}

const Class<at::Tensor> tensor_class = Class<at::Tensor>("Tensor")
    .text([](const at::Tensor& self) { return tensor::show(self); })
    .field("shape", shape_list)
    .field("dtype", [](const at::Tensor& self) { return Value(dtype_name(self.scalar_type())); })
    .field("device", [](const at::Tensor& self) { return Value(self.device().str()); })
    .field("ndim", [](const at::Tensor& self) { return Value(static_cast<long>(self.dim())); })
    .field("requires_grad", [](const at::Tensor& self) { return Value(self.requires_grad()); })
    .method("tolist", to_list)
    .method("item", item)
    .method("mean", [](Call& call) { return call.push(call.object<at::Tensor>(1).mean()); })
    .method("sum", [](Call& call) { return call.push(call.object<at::Tensor>(1).sum()); })
    .method("max", [](Call& call) { return call.push(call.object<at::Tensor>(1).max()); })
    .method("min", [](Call& call) { return call.push(call.object<at::Tensor>(1).min()); })
    .method("std", [](Call& call) { return call.push(call.object<at::Tensor>(1).std()); })
    .method("abs", [](Call& call) { return call.push(call.object<at::Tensor>(1).abs()); })
    .meta("__add", binary(add))
    .meta("__sub", binary(subtract))
    .meta("__mul", binary(multiply))
    .meta("__div", binary(divide))
    .meta("__mod", binary(remainder))
    .meta("__pow", binary(power))
    .meta("__unm", [](Call& call) { return call.push(call.object<at::Tensor>(1).neg()); })
    .meta("__eq", [](Call& call) { return call.push(call.object<at::Tensor>(1).is_same(call.object<at::Tensor>(2))); })
    .meta("__lt", refuse_order)
    .meta("__le", refuse_order)
    .meta("__len", [](Call& call) {
      const auto& self = call.object<at::Tensor>(1);
      if (self.dim() == 0) throw ArgumentError("Tensor: a single number has no length");
      return call.push(static_cast<double>(self.size(0)));
    })
    .meta("__newindex", assign)
    .index(index);

/// LibTorch's errors without their backtraces, in one line.
std::string torch_message(const std::exception& problem) {
  const auto* error = dynamic_cast<const c10::Error*>(&problem);
  return error ? one_line(error->what_without_backtrace()) : "";
}
const bool filtered = (add_message_filter(torch_message), true);

}  // namespace

std::string one_line(std::string text) {
  std::string line;
  for (const char c : text) {
    if (c == '\n') {
      while (!line.empty() && line.back() == ' ') line.pop_back();
      if (!line.empty()) line += ' ';
    } else if (c != ' ' || line.empty() || line.back() != ' ') {
      line += c;
    }
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

}  // namespace lumir::lua
