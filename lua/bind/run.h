// The run: which recipe a Lua state is running, with which options. Set by lumir.options, read by reports and records.

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <lua.hpp>

#include "core/value.h"

namespace lumir::lua {

struct Run {
  std::string recipe;             // path as given: "recipes/artist20/svm.lua"; empty at the prompt and in commands
  std::vector<std::string> args;  // the command line behind it
  Map options;                    // name -> value, after overrides
  Map flags;                      // flags that every recipe has: student, runs
  bool unfit = false;             // wrote a submission with errors: the program says so by its status
};
Run& run_of(lua_State* L);

/// `listener` hears of every lumir.seed(n): for generators that are not ours.
void on_seed(std::function<void(uint64_t)> listener);

}  // namespace lumir::lua
