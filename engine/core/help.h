// What `help 'mfcc'` prints: one registered name in words, made from its entry; of a module (`help 'audio'`) or a type
// (`help 'Clip'`) every name with its summary.

#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/registry.h"

namespace lumir {

/// Who explains names that are not registered one by one, such as the operators of a library.
struct HelpSource {
  std::function<std::string(std::string_view name)> text;  // empty where it knows no such name
  std::function<std::vector<std::string>()> names;         // all of them, to find the nearest of a mistyped one
};
void add_help(HelpSource source);
/// The names that only those know, sorted.
std::vector<std::string> names_explained_elsewhere();

/// How users write it: "audio.mix(clips, options)", "clip:part(start, stop)", "clip.rate", "clip + clip".
std::string written_as(const Entry& entry);
/// Which values a parameter may have: "1 to 4096", "above 0", "hann, hamming"; "" for any of its type.
std::string limits_of(const Parameter& parameter);

/// Signature, summary, options with defaults and ranges, example, source, file.
std::string help_text(const Entry& entry);
/// By name with or without its module; every entry of that name, and what is in the module or type of that name; where
/// there is none, what another source says of it. Throws ArgumentError with the nearest name.
std::string help_text(std::string_view name);

}  // namespace lumir
