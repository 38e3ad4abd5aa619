// Parts of Lua's Tensor, read and written: x[2], x['1:64, 2'], x[mask], x.grad.

#include <cmath>

#include <ATen/ops/index.h>
#include <ATen/ops/scalar_tensor.h>

#include "api/tensor_parts.h"
#include "core/registry.h"
#include "tensor/convert.h"
#include "tensor/described.h"
#include "tensor/handed.h"
#include "tensor/positions.h"
#include "tensor/show.h"
#include "tensor/slice.h"

namespace lumir::lua {
namespace {

bool is_slice(const std::string& key) {
  return key.find_first_not_of(" 0123456789:,.-+") == std::string::npos && !key.empty();
}

/// x[mask], x[positions]: the operator `index` with one tensor.
at::Tensor pick(const at::Tensor& self, const at::Tensor& which) {
  c10::List<std::optional<at::Tensor>> indices;
  indices.push_back(tensor::from_user(which, tensor::Mark::position, "slice", "positions"));
  return at::index(self, indices);
}

at::Tensor part(Call& call) {
  const auto& self = call.object<at::Tensor>(1);
  if (call.is_text(2)) return tensor::slice(self, call.text(2));
  const double position = call.number(2, "position");
  if (position != std::floor(position)) throw ArgumentError("slice: " + show_number(position) + " is no position");
  return tensor::select(self, static_cast<int64_t>(position));
}

/// Along the first dimension they leave rows or columns of it.
int push_picked(Call& call) {
  const auto &self = call.object<at::Tensor>(1), &which = call.object<at::Tensor>(2);
  at::Tensor picked = pick(self, which);
  if (tensor::any_described() && which.dim() == 1) {
    auto known = tensor::chosen_axes(self, 0, which);
    tensor::describe(picked, std::move(known.axes), std::move(known.dimensions));
  }
  return push_tensor(call.L, std::move(picked));
}

/// x['1, :'] = v, x[mask] = v, for a number or anything that broadcasts.
void assign_part(Call& call) {
  auto& self = call.object<at::Tensor>(1);
  at::Tensor value = call.is<at::Tensor>(3) ? call.object<at::Tensor>(3) : at::Tensor();
  if (!value.defined()) value = at::scalar_tensor(call.number(3, "value"), self.options().requires_grad(false));
  if (!call.is<at::Tensor>(2)) {
    part(call).copy_(value);
    return;
  }
  c10::List<std::optional<at::Tensor>> indices;
  indices.push_back(tensor::from_user(call.object<at::Tensor>(2), tensor::Mark::position, "slice", "positions"));
  self.index_put_(indices, value.to(self.scalar_type()));
}

at::Tensor gradient_for(const at::Tensor& self, const Call& call) {
  const auto& given = call.object<at::Tensor>(3, "grad");
  if (given.sizes() == self.sizes() && given.scalar_type() == self.scalar_type()) return given;
  const auto described = [](const at::Tensor& tensor) {
    return tensor::show_shape(tensor.sizes()) + " of " + tensor::dtype_name(tensor.scalar_type());
  };
  throw ArgumentError("Tensor: the gradient of " + described(self) + " must be so too, got " + described(given));
}

}  // namespace

int push_tensor_view(lua_State* L, at::Tensor view, const at::Tensor& self) {
  if (tensor::any_described()) {
    auto known = tensor::view_axes(view, self);
    tensor::describe(view, std::move(known.axes), std::move(known.dimensions));
  }
  return push_tensor(L, std::move(view));
}

int tensor_part(Call& call) {
  if (call.is<at::Tensor>(2)) return push_picked(call);
  if (!call.is_text(2)) return push_tensor_view(call.L, part(call), call.object<at::Tensor>(1));
  const std::string key = call.text(2);
  if (is_slice(key)) return push_tensor_view(call.L, part(call), call.object<at::Tensor>(1));
  if (push_operator(call.L, key)) return 1;
  std::vector<std::string> own;
  for (const Entry* entry : entries("Tensor")) own.push_back(entry->name);
  refuse_operator("Tensor", key, std::move(own), called_by_dot(call.L));
}

int assign_to_tensor(Call& call) {
  auto& self = call.object<at::Tensor>(1);
  const std::string key = call.is_text(2) ? call.text(2) : "";
  if (key == "requires_grad") {
    self.requires_grad_(call.boolean(3, "requires_grad"));
  } else if (key == "grad") {
    self.mutable_grad() = call.is_nil(3) ? at::Tensor() : gradient_for(self, call);
  } else if (!key.empty() && !is_slice(key)) {
    throw ArgumentError("Tensor: '" + key + "' cannot be assigned; slices, grad and requires_grad can");
  } else {
    assign_part(call);
  }
  return 0;
}

}  // namespace lumir::lua
