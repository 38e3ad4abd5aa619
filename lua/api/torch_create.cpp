// torch.tensor: nested Lua tables of numbers or booleans as a tensor.

#include <cmath>

#include <ATen/ops/scalar_tensor.h>

#include "api/tensor.h"
#include "tensor/convert.h"

namespace lumir::lua {
namespace {

struct TensorOptions {
  std::string dtype = "float32";
  std::string device = "cpu";
  bool requires_grad = false;
  static Schema schema() {
    return {Option{"dtype", &TensorOptions::dtype, "element type"},
            Option{"device", &TensorOptions::device, "where the numbers are"},
            Option{"requires_grad", &TensorOptions::requires_grad, "record gradients"}};
  }
};

/// The numbers of nested tables and the shape that they turn out to have.
struct Nested {
  std::vector<int64_t> shape;
  std::vector<double> values;
  bool booleans = true;
};

std::string place(const std::vector<int>& path) {
  std::string text;
  for (const int i : path) text += "[" + std::to_string(i) + "]";
  return path.empty() ? "its argument" : "element " + text;
}

void read_leaf(Call& call, const std::vector<int>& path, Nested& nested) {
  if (path.size() != nested.shape.size()) {
    throw ArgumentError(call.who() + ": " + place(path) + " is a single value where others are lists");
  }
  if (lua_type(call.L, -1) == LUA_TBOOLEAN) {
    nested.values.push_back(lua_toboolean(call.L, -1));
  } else if (lua_type(call.L, -1) == LUA_TNUMBER) {
    nested.booleans = false;
    nested.values.push_back(lua_tonumber(call.L, -1));
  } else {
    throw ArgumentError(call.who() + ": " + place(path) + " must be a number, got " + kind_at(call.L, -1));
  }
}

/// The table or number on top of the stack; the first visit of each depth fixes its length.
void read_nested(Call& call, std::vector<int>& path, bool first, Nested& nested) {
  if (!lua_istable(call.L, -1)) return read_leaf(call, path, nested);
  luaL_checkstack(call.L, 4, "tables nested too deep");
  const size_t depth = path.size();
  const auto length = static_cast<int64_t>(lua_objlen(call.L, -1));
  if (first) {
    if (depth > 60) throw ArgumentError(call.who() + ": tables nested too deep");
    nested.shape.push_back(length);
  } else if (depth >= nested.shape.size()) {
    throw ArgumentError(call.who() + ": " + place(path) + " is a list where others are single values");
  } else if (nested.shape[depth] != length) {
    throw ArgumentError(call.who() + ": " + place(path) + " has another length than those before it (" +
                        std::to_string(length) + ", not " + std::to_string(nested.shape[depth]) + ")");
  }
  for (int i = 1; i <= length; ++i) {
    path.push_back(i);
    lua_rawgeti(call.L, -1, i);
    read_nested(call, path, first && i == 1, nested);
    lua_pop(call.L, 1);
    path.pop_back();
  }
}

at::Tensor read_tensor(Call& call) {
  Nested nested;
  std::vector<int> path;
  lua_pushvalue(call.L, 1);
  read_nested(call, path, true, nested);
  lua_pop(call.L, 1);
  at::Tensor values = tensor::from_doubles(nested.values, nested.shape);
  return nested.booleans && !nested.values.empty() ? values.to(at::kBool) : values;
}

int make_tensor(Call& call) {
  call.at_most(2);
  const Map given = call.map(2, "options");
  const auto options = read_options<TensorOptions>(given, call.who());
  const bool copies = call.is<at::Tensor>(1);
  const bool plain = call.is_table(1) || call.is_number(1) || lua_isboolean(call.L, 1);
  if (!copies && !plain) call.wrong(1, nullptr, "a list of numbers or a number");
  at::Tensor values = copies ? call.object<at::Tensor>(1).detach() : read_tensor(call);
  const bool keeps_type = !given.contains("dtype") && (copies || values.scalar_type() == at::kBool);
  const at::ScalarType type = keeps_type ? values.scalar_type() : tensor::dtype_of(options.dtype, call.who());
  values = values.to(tensor::device_of(options.device, call.who()), type, /*non_blocking=*/false, /*copy=*/true);
  return call.push(values.requires_grad_(options.requires_grad));
}

const Module torch_module("torch", [](ModuleTable& module) { module.function("tensor", make_tensor); });

}  // namespace
}  // namespace lumir::lua
