// Counting and quoting, as sentences and csv files want it.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace lumir::data {

/// "1 album", "64 albums", "1,204 songs". `unit` may stand in the singular or the plural.
std::string count_of(size_t n, std::string_view unit);
/// "1 h 52 min", "4 min 05 s", "24 s".
std::string duration_words(double seconds);
/// A field of a csv file: quoted where it holds a comma, a quote or a line break (RFC 4180).
std::string csv_field(std::string_view text);
/// The different texts, sorted by bytes.
std::vector<std::string> distinct(std::vector<std::string> texts);

}  // namespace lumir::data
