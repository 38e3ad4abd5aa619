// What those who come from Python write, and what it is in Lua: a hint behind Lua's own words for broken syntax.

#pragma once

#include <string>
#include <string_view>

namespace lumir::lua {

/// `message` is Lua's ("recipe.lua:3: ')' expected near '='"), `code` the source that it is about. With a hint in
/// brackets where the line holds a known slip.
std::string with_hint(const std::string& message, std::string_view code);

}  // namespace lumir::lua
