// core.finally(body, last): what is to be done however something ends.

#include "bind/bind.h"
#include "core/interrupt.h"

namespace lumir::lua {
namespace {

/// Calls body(), then last(): where body ended in an error, or Ctrl-C came, too. Then the error goes on. Ctrl-C, which
/// stops all code, waits for last().
int finally(Call& call) {
  lua_State* L = call.L;
  lua_pushvalue(L, 1);
  bool good = lua_pcall(L, 0, 0, 0) == 0;
  hold_interrupts();
  lua_sethook(L, nullptr, 0, 0);  // which is set again as soon as nothing holds Ctrl-C
  lua_pushvalue(L, 2);
  good = lua_pcall(L, 0, 0, 0) == 0 && good;
  release_interrupts();
  return good ? 0 : lua_error(L);
}

const Module core_module("core", [](ModuleTable& module) { module.function("finally", finally); });

}  // namespace
}  // namespace lumir::lua
