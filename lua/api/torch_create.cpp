// torch.tensor: nested Lua tables of numbers or booleans as a tensor; and what governs making: seeds and gradients.

#include <ATen/Context.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/full.h>

#include "api/tensor.h"
#include "bind/run.h"
#include "tensor/autocast.h"
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
  if (!lua_checkstack(call.L, 4)) throw ArgumentError(call.who() + ": tables nested too deep");
  const size_t depth = path.size();
  const int64_t length = list_length(call.L, -1, call.who(), place(path));
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
  const Map given = call.map(2, "options");
  const auto options = read_options<TensorOptions>(given, call.who());
  const bool copies = call.is<at::Tensor>(1);
  const bool plain = call.is_table(1) || call.is_number(1) || lua_isboolean(call.L, 1);
  if (!copies && !plain) call.wrong(1, nullptr, "a list of numbers or a number");
  at::Tensor values = copies ? call.object<at::Tensor>(1).detach() : read_tensor(call);
  const bool keeps_type = !given.contains("dtype") && (copies || values.scalar_type() == at::kBool);
  const at::ScalarType type = keeps_type ? values.scalar_type() : tensor::dtype_of(options.dtype, call.who());
  values = values.to(tensor::device_of(options.device, call.who()), type, /*non_blocking=*/false, /*copy=*/true);
  return push_tensor(call.L, values.requires_grad_(options.requires_grad));
}

/// torch.full({ 2, 3 }, 1): float32 unless said otherwise, because Lua's 1 and 1.0 are the same number.
int make_full(Call& call) {
  const auto options = call.options<TensorOptions>(3);
  std::vector<int64_t> shape;
  const List sizes = call.list(1, "size", "a list of integers");
  for (const Value& size : sizes) {
    if (!size.number() || *size.number() < 0 ||
        *size.number() != static_cast<double>(static_cast<int64_t>(*size.number()))) {
      throw ArgumentError(call.who() + ": 'size' must be a list of integers from 0, got " + show(Value(sizes)));
    }
    shape.push_back(static_cast<int64_t>(*size.number()));
  }
  const bool boolean = lua_isboolean(call.L, 2);
  const double value = boolean ? lua_toboolean(call.L, 2) : call.number(2, "fill_value");
  const auto type = tensor::dtype_of(options.dtype, call.who());
  const auto device = tensor::device_of(options.device, call.who());
  return push_tensor(call.L, at::full(shape, value, at::TensorOptions(device).dtype(boolean ? at::kBool : type))
                                 .requires_grad_(options.requires_grad));
}

/// torch.no_grad(function() ... end): calls it without recording gradients, and gives back what it gives.
int without_gradients(Call& call) {
  const at::NoGradGuard guard;
  lua_call(call.L, call.count() - 1, LUA_MULTRET);
  return call.count();
}

/// torch.autocast('bfloat16', function() ... end): on every device that is in use.
int autocast(Call& call) {
  const auto type = call.text(1, "dtype");
  if (type != "bfloat16" && type != "float16") {
    throw ArgumentError("autocast: 'dtype' = '" + type + "' is neither 'bfloat16' nor 'float16'");
  }
  const tensor::Precision precision{.type = type == "float16" ? at::kHalf : at::kBFloat16};
  const tensor::Autocast here(at::kCPU, precision);
  std::optional<tensor::Autocast> there;
  if (at::hasCUDA()) there.emplace(at::kCUDA, precision);
  lua_call(call.L, call.count() - 2, LUA_MULTRET);
  return call.count() - 1;
}

int is_grad_enabled(Call& call) { return call.push(at::GradMode::is_enabled()); }

int seed(Call& call) {
  at::manual_seed(static_cast<uint64_t>(call.integer(1, "seed", 0, 4294967295)));
  return 0;
}

const Module torch_module =
    Module("torch")
        .function("tensor", make_tensor,
                  {.summary = "A tensor of numbers or booleans in nested lists, or a copy of a tensor.",
                   .returns = "a Tensor; float32 unless said otherwise, booleans stay booleans",
                   .example = "torch.tensor({ { 1, 2 }, { 3, 4 } }, { dtype = 'float64' })",
                   .source = "PyTorch's torch.tensor",
                   .parameters = with_arguments({{"data", "list, number, boolean or Tensor", "lists of equal length"}},
                                                schema_of<TensorOptions>())})
        .function("full", make_full,
                  {.summary = "A tensor with the same number everywhere.",
                   .returns = "a Tensor of `size`; float32 unless said otherwise",
                   .example = "torch.full({ 2, 3 }, 7)",
                   .source = "PyTorch's torch.full",
                   .parameters = with_arguments({{"size", "list of integers", "the shape"},
                                                 {"fill_value", "number or boolean", "what stands everywhere"}},
                                                schema_of<TensorOptions>())})
        .function("no_grad", without_gradients,
                  {.summary = "Calls a function without recording what is computed for :backward().",
                   .returns = "what the function returns",
                   .example = "torch.no_grad(function() return x * 2 end)",
                   .source = "PyTorch's torch.no_grad",
                   .parameters = {argument("body", "function", "what is called"),
                                  argument("...", "value", "what it is called with", kPlace)}})
        .function(
            "autocast", autocast,
            {.summary =
                 "Calls a function in mixed precision: products and convolutions reckon in numbers of 16 "
                 "bits, what needs more in 32, as PyTorch decides. Weights, gradients and the step stay "
                 "as they are. It pays on a GPU, and on processors that multiply such numbers: AMX, "
                 "AVX-512 BF16 (steps of 1.3 to 1.9 times); others take longer. 'float16' needs optim.GradScaler.",
             .returns = "what the function returns",
             .example = "torch.autocast('bfloat16', function() return x:matmul(x:t()) end)",
             .source = "PyTorch's torch.autocast",
             .parameters = {argument("dtype", "word", "'bfloat16' or 'float16'"),
                            argument("body", "function", "what is called"),
                            argument("...", "value", "what it is called with", kPlace)}})
        .function("is_grad_enabled", is_grad_enabled,
                  {.summary = "Whether computations are recorded for :backward(): everywhere but within torch.no_grad.",
                   .returns = "a boolean",
                   .example = "torch.is_grad_enabled()",
                   .source = "PyTorch's torch.is_grad_enabled"})
        .function("manual_seed", seed,
                  {.summary = "Starts LibTorch's random numbers anew; lumir.seed does that and Lumir's own too.",
                   .returns = "nothing",
                   .example = "torch.manual_seed(5)",
                   .source = "PyTorch's torch.manual_seed",
                   .parameters = {argument("seed", "integer", "another number, other draws", Range{0, 4294967295.0})}});
const bool listens = (on_seed([](uint64_t number) { at::manual_seed(number); }), true);

}  // namespace
}  // namespace lumir::lua
