// The interactive prompt: lines in, values out.

#pragma once

#include <string>

namespace lumir::lua {

/// Reads entries until the end of stdin; the exit status. From a pipe it ends at the first error with status 1, and
/// prints results alone. `first` is an entry that runs before; empty for none.
int run_prompt(const std::string& first = "");

/// Runs code as one entry: lumir -e CODE.
int run_entry(const std::string& code);

}  // namespace lumir::lua
