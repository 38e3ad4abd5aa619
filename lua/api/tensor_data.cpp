// The numbers of a tensor as LuaJIT's ffi sees them.

#include "api/tensor.h"
#include "tensor/convert.h"
#include "tensor/exposed.h"

namespace lumir::lua {
namespace {

/// The type of C that an element type is; null where there is none.
const char* pointer_type(at::ScalarType type) {
  switch (type) {
    case at::kFloat: return "float *";
    case at::kDouble: return "double *";
    case at::kLong: return "int64_t *";
    case at::kInt: return "int32_t *";
    case at::kShort: return "int16_t *";
    case at::kChar: return "int8_t *";
    case at::kByte: return "uint8_t *";
    case at::kBool: return "bool *";
    default: return nullptr;
  }
}

/// A table in the registry in which a pointer keeps its tensor alive.
void push_pointer_owners(lua_State* L) {
  static char key;  // its address names the table
  lua_pushlightuserdata(L, &key);
  lua_rawget(L, LUA_REGISTRYINDEX);
  if (!lua_isnil(L, -1)) return;
  lua_pop(L, 1);
  lua_newtable(L);
  lua_createtable(L, 0, 1);
  lua_pushliteral(L, "k");
  lua_setfield(L, -2, "__mode");
  lua_setmetatable(L, -2);
  lua_pushlightuserdata(L, &key);
  lua_pushvalue(L, -2);
  lua_rawset(L, LUA_REGISTRYINDEX);
}

/// Leaves ffi.cast(type, address) on the stack.
void push_pointer(lua_State* L, const char* type, void* address) {
  lua_getglobal(L, "require");
  lua_pushliteral(L, "ffi");
  lua_call(L, 1, 1);
  lua_getfield(L, -1, "cast");
  lua_remove(L, -2);
  lua_pushstring(L, type);
  lua_pushlightuserdata(L, address);
  lua_call(L, 2, 1);
}

}  // namespace

int tensor_data(Call& call) {
  const auto& self = call.object<at::Tensor>(1);
  const char* type = pointer_type(self.scalar_type());
  if (!type) throw ArgumentError("data: " + tensor::dtype_name(self.scalar_type()) + " is no type of C; :float() is");
  if (!self.device().is_cpu()) throw ArgumentError("data: the numbers are on " + self.device().str() + "; :cpu()");
  if (!self.is_contiguous()) throw ArgumentError("data: the numbers do not lie in a row; :contiguous() copies them");
  tensor::note_exposed(self);
  push_pointer_owners(call.L);
  push_pointer(call.L, type, self.data_ptr());
  lua_pushvalue(call.L, -1);
  lua_pushvalue(call.L, 1);
  lua_rawset(call.L, -4);
  return 1;
}

}  // namespace lumir::lua
