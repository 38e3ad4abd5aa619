// What `help 'mfcc'` prints: one registered name in words, made from its entry; of a module (`help 'audio'`) or a type
// (`help 'Clip'`) every name with its summary.

#pragma once

#include <string>
#include <string_view>

#include "core/registry.h"

namespace lumir {

/// Signature, summary, options with defaults and ranges, example, source, file.
std::string help_text(const Entry& entry);
/// By name with or without its module; every entry of that name, and what is in the module or type of that name. Throws
/// ArgumentError with the nearest name.
std::string help_text(std::string_view name);

}  // namespace lumir
