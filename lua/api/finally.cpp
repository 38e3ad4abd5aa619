// core.finally(body, last): what is to be done however something ends.

#include "bind/bind.h"

namespace lumir::lua {
namespace {

/// Calls body(), then last(): where body ended in an error, or Ctrl-C came, too. Then the error goes on. Meanwhile the
/// hook that stops all code after Ctrl-C is off, but for a second one.
int finally(Call& call) {
  lua_State* L = call.L;
  lua_pushvalue(L, 1);
  const bool good = lua_pcall(L, 0, 0, 0) == 0;
  const lua_Hook hook = lua_gethook(L);
  const int mask = lua_gethookmask(L), count = lua_gethookcount(L);
  if (!good) lua_sethook(L, nullptr, 0, 0);
  lua_pushvalue(L, 2);
  lua_call(L, 0, 0);
  if (good) return 0;
  lua_sethook(L, hook, mask, count);
  return lua_error(L);
}

const Module core_module("core", [](ModuleTable& module) { module.function("finally", finally); });

}  // namespace
}  // namespace lumir::lua
