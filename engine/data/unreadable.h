// Files that cannot be read, as the reason why there is too little to learn from.

#pragma once

#include <string>

#include "data/dataset.h"

namespace lumir::data {

/// "; 2 of 9 songs cannot be read, the first: ..."; of a single one "; PATH cannot be read". Empty where all can.
std::string unreadable_words(const Dataset& songs);

}  // namespace lumir::data
