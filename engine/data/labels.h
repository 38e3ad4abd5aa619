// Labels as class numbers.

#pragma once

#include <string>
#include <vector>

namespace lumir::data {

/// The different ones, in the order of their bytes; labels that are all whole numbers in the order of numbers, so that
/// 10 comes after 9.
std::vector<std::string> classes_among(std::vector<std::string> labels);

/// The place of each label among `classes`, whatever their order; -1 for one that is not there.
std::vector<int> places_of(const std::vector<std::string>& labels, const std::vector<std::string>& classes);

}  // namespace lumir::data
