// See version.h; CMake defines LUMIR_VERSION for this file.

#include "core/version.h"

namespace lumir {

std::string version() { return LUMIR_VERSION; }

}  // namespace lumir
