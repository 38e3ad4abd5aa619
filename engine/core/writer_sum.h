// The number that stands for a value's content: what is drawn for it depends on it, so it must stay the same.

#pragma once

#include <cstdint>
#include <functional>

#include "core/codec.h"

namespace lumir {

/// Of what `write` writes; the same for the same bytes.
uint64_t content_of_bytes(const std::function<void(Writer&)>& write);

}  // namespace lumir
