// What a search tried as text: every setting with its mean, deviation and rank.

#pragma once

#include <string>

#include "learn/search.h"

namespace lumir::learn {

/// A line for each candidate of a fitted search, best first: rank, mean and deviation by each metric, seconds,
/// setting. Those that could not be fitted stand last, with the reason.
std::string search_table(const Search& search);

}  // namespace lumir::learn
