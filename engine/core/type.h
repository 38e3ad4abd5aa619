// Types of objects that users hold, such as a Clip: what can be read of one and done with it.
//
// Each member is an entry of the registry, in the module that is named as the type: "Clip.part". The type adds how a
// member is written in code, and what examples call an object of it.

#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/registry.h"

namespace lumir {

/// How a member is written: clip.rate, clip:part(1), clip + clip.
enum class Form { field, method, operation };

struct Type {
  std::string name;      // "Clip"
  std::string summary;   // "Sound: samples of one or more channels, and their rate."
  std::string variable;  // "clip"
  std::map<std::string, Form, std::less<>> members;
};

/// Adds a type without members, or finds the one of that name.
Type& register_type(const std::string& name, const std::string& summary, const std::string& variable);
/// Null where there is none.
const Type* find_type(std::string_view name);
/// All of them, sorted by name.
std::vector<const Type*> types();

/// Adds an entry whose place is in no C++ file: a function that is written in Lua. Otherwise as register_entry.
const Entry& register_entry(Entry entry);
/// What a name says from now on, such as a function of a file that was edited and loaded again; whoever holds the entry
/// sees it. It must be registered.
const Entry& replace_entry(Entry entry);

}  // namespace lumir
