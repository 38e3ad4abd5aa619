// What may stand at the cursor: modules, functions, members of objects, options of a call and their words, files.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <lua.hpp>

namespace lumir::lua {

struct Completion {
  std::string text;     // in place of what stands between `from` and the cursor
  std::string meaning;  // a few words; may be empty
  bool operator==(const Completion&) const = default;
};

struct Completions {
  size_t from = 0;
  std::vector<Completion> found;  // by name
};

/// What may complete `code` at `cursor`. Names are looked up among what is registered and what is alive; nothing is
/// called for it but fields of our own objects.
Completions completions(lua_State* L, std::string_view code, size_t cursor);

}  // namespace lumir::lua
