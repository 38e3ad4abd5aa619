// When to collect.

#include "bind/collect.h"

#include <algorithm>
#include <chrono>

#include "bind/owned.h"
#include "core/memory.h"

namespace lumir::lua {
namespace {

using Clock = std::chrono::steady_clock;

struct Growth {
  Clock::time_point next_look{};
  size_t limit = size_t{256} << 20;
};

}  // namespace

void collect_when_grown(lua_State* L) {
  constexpr size_t kLeast = size_t{256} << 20;
  auto& growth = owned_by<Growth>(L);
  if (Clock::now() < growth.next_look) return;
  if (allocated_bytes() > growth.limit) {
    lua_gc(L, LUA_GCCOLLECT, 0);
    growth.limit = std::max(kLeast, 2 * allocated_bytes());
  }
  growth.next_look = Clock::now() + std::chrono::milliseconds(1);
}

}  // namespace lumir::lua
