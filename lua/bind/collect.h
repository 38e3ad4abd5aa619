// The collector and the megabytes that it does not see.
//
// To Lua an object of ours is a handle of some hundred bytes, whatever hangs on it: samples, frames, numbers, what a
// gradient needs. So it is malloc that is asked, which knows of all of them, and the collector runs when there is much
// more than it left the last time.

#pragma once

#include <cstddef>

#include <lua.hpp>

namespace lumir::lua {

/// Called before an object is made. Collects when the process holds a twentieth more than was left after the last time,
/// and 2 MB: a loop holds after thousands of turns what it held after a few. It gets a tenth of the time at most where much
/// of Lua itself has to be looked through (a third where that takes less than a millisecond), unless the process holds
/// 256 MB and twice what was left. Malloc is asked three times in a millisecond at most.
void collect_when_grown(lua_State* L);

/// Called between the batches of a loop: collects when the process holds `bytes` more than after the last time, so that
/// what one batch made is gone before many others come.
void collect_when_grown_by(lua_State* L, size_t bytes);

}  // namespace lumir::lua
