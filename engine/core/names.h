// What is said of a name that is none of those that there are.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lumir {

/// " (did you mean 'rate'?); it has channels, rate, seconds": the nearest of the names, and all in their order where they
/// are few. `lead` stands before them, `only` before a single one.
std::string known_names(std::string_view word, const std::vector<std::string>& names, std::string_view lead = "it has",
                        std::string_view only = "it has");

}  // namespace lumir
