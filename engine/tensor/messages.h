// What LibTorch says, as Lumir says it.

#pragma once

#include <string>

namespace lumir::tensor {

/// A message of LibTorch's: one line, dimensions and positions counted from 1, without what only
/// its own developers know.
std::string in_words(const std::string& message);

}  // namespace lumir::tensor
