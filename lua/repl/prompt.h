// The prompt: reads a chunk, evaluates it, prints what it gives.

#pragma once

namespace lumir::lua {

/// Runs until end of input; returns the exit status.
int run_prompt();

}  // namespace lumir::lua
