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

/// Throws ArgumentError, begun by `who`, where one of the labels, which are called `name`, is blank: no row of a table or
/// a matrix of classes could be told by it.
void check_labels(const std::string& who, const std::string& name, const std::vector<std::string>& labels);

}  // namespace lumir::data
