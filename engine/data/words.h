// Counting, as sentences want it.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lumir::data {

/// "1 album", "64 albums", "1,204 songs". `unit` may stand in the singular or the plural.
std::string count_of(size_t n, std::string_view unit);
/// The different texts, sorted by bytes.
std::vector<std::string> distinct(std::vector<std::string> texts);
/// The first by bytes of those that occur more than once; "" where each is another.
std::string first_repeated(std::vector<std::string> texts);

/// "a, b, c", the first twenty of many: "a, b ... and 929 more".
std::string listed(const std::vector<std::string>& texts);

}  // namespace lumir::data
