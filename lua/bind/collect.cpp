// When to collect.

#include "bind/collect.h"

#include <algorithm>
#include <chrono>
#include <ctime>

#include "bind/owned.h"
#include "core/memory.h"

namespace lumir::lua {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kLeast = size_t{2} << 20;
constexpr size_t kMuch = size_t{256} << 20;
/// The collector gets so great a part of the time at most: short runs pay for themselves, because the next tensors find
/// memory that is still in the processor's caches.
double sparing(double seconds) { return seconds < 1e-3 ? 3 : 10; }

/// Seconds that this thread has been at work: other programs do not count.
double seconds_at_work() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

struct Growth {
  Clock::time_point next_look{};
  double next_turn = 0;  // of the collector, in seconds at work, where it need not be
  size_t left = 0;       // after the last time, or since; 0 before the first look
};

void collect(lua_State* L, Growth& growth) {
  const double began = seconds_at_work();
  lua_gc(L, LUA_GCCOLLECT, 0);
  const double ended = seconds_at_work();
  growth.left = allocated_bytes();
  growth.next_turn = ended + sparing(ended - began) * (ended - began);
}

}  // namespace

void collect_when_grown(lua_State* L) {
  auto& growth = owned_by<Growth>(L);
  if (Clock::now() < growth.next_look) return;
  const size_t held = allocated_bytes();
  if (growth.left == 0 || held < growth.left) growth.left = held;
  const bool more = held > growth.left + std::max(kLeast, growth.left / 20);
  const bool much = held > std::max(kMuch, 2 * growth.left);
  if (much || (more && seconds_at_work() >= growth.next_turn)) collect(L, growth);
  growth.next_look = Clock::now() + std::chrono::microseconds(300);
}

void collect_when_grown_by(lua_State* L, size_t bytes) {
  auto& growth = owned_by<Growth>(L);
  if (allocated_bytes() > growth.left + bytes) collect(L, growth);
}

}  // namespace lumir::lua
