// The collector and the megabytes that it does not see.
//
// To Lua an object of ours is a handle of some hundred bytes, whatever hangs on it: samples, frames, numbers, what a
// gradient needs. So it is malloc that is asked, which knows of all of them, and the collector runs when there is much
// more than it left the last time.

#pragma once

#include <cstddef>

#include <lua.hpp>

namespace lumir::lua {

/// Called before an object is made. Collects when the process holds more than 256 MB and twice what was left after the
/// last time. Malloc is asked once in a millisecond at most: nobody fills much memory in less.
void collect_when_grown(lua_State* L);

/// Called between the batches of a loop: collects when the process holds `bytes` more than after the last time, so that
/// what one batch made is gone before many others come.
void collect_when_grown_by(lua_State* L, size_t bytes);

}  // namespace lumir::lua
