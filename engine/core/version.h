// Which Lumir this is.

#pragma once

#include <string>

namespace lumir {

/// "0.1.0", as CMakeLists.txt says it.
std::string version();

}  // namespace lumir
