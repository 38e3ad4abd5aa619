// When to collect.

#include "bind/collect.h"

#include <algorithm>
#include <chrono>

#include "bind/owned.h"
#include "core/memory.h"

namespace lumir::lua {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kLeast = size_t{256} << 20;

struct Growth {
  Clock::time_point next_look{};
  size_t left = 0;  // after the last time
  size_t limit = kLeast;
};

void collect(lua_State* L, Growth& growth) {
  lua_gc(L, LUA_GCCOLLECT, 0);
  growth.left = allocated_bytes();
  growth.limit = std::max(kLeast, 2 * growth.left);
}

}  // namespace

void collect_when_grown(lua_State* L) {
  auto& growth = owned_by<Growth>(L);
  if (Clock::now() < growth.next_look) return;
  if (allocated_bytes() > growth.limit) collect(L, growth);
  growth.next_look = Clock::now() + std::chrono::milliseconds(1);
}

void collect_when_grown_by(lua_State* L, size_t bytes) {
  auto& growth = owned_by<Growth>(L);
  if (allocated_bytes() > growth.left + bytes) collect(L, growth);
}

}  // namespace lumir::lua
