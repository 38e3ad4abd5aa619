// What `help 'mfcc'` prints: one registered name in words, made from its entry.

#pragma once

#include <string>
#include <string_view>

#include "core/registry.h"

namespace lumir {

/// Signature, summary, options with defaults and ranges, example, source, file.
std::string help_text(const Entry& entry);
/// By name with or without its module; every entry of that name. Throws ArgumentError with the nearest name.
std::string help_text(std::string_view name);

}  // namespace lumir
