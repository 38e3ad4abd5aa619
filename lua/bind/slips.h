// What those who come from Python write, and what it is in Lua: a hint behind Lua's own words.

#pragma once

#include <string>
#include <string_view>

namespace lumir::lua {

/// `message` is Lua's about broken syntax ("recipe.lua:3: ')' expected near '='"), `code` the source that it is about.
/// With a hint in brackets where the line holds a known slip.
std::string with_hint(const std::string& message, std::string_view code);

/// The same for what Lua says of code that it runs ("recipe.lua:3: attempt to call a table value").
std::string with_hint_at_work(const std::string& message);

}  // namespace lumir::lua
