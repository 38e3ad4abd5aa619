// The run as the modules of Lua's `lumir` share it: its folder, its record, and where relative outputs go.

#pragma once

#include <string>

#include "bind/bind.h"
#include "report/run_record.h"

namespace lumir::lua {

/// True while a recipe runs; at the prompt and in commands there is no run folder.
bool recipe_is_running();
/// The record of the running recipe; its folder is made at the first call.
report::RunRecord& run_record();
/// A relative path of a running recipe lies in its run folder; every other path stays as it is.
std::string output_path(const std::string& path);

}  // namespace lumir::lua
