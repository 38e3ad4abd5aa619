// Files appear whole or not at all: write beside, fsync, rename.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lumir {

/// The whole file; throws Error("PATH: No such file or directory").
std::string read_file(const std::string& path);
/// Whether bytes must have reached the disk before the file appears: a cache can do without, nothing else can.
enum class Sync { yes, no };
/// Makes missing folders, writes PATH.part, fsyncs, renames. Throws Error and leaves no part file behind on failure.
void write_file(const std::string& path, std::string_view bytes, Sync sync = Sync::yes);
/// $LUMIR_CACHE, else ~/.cache/lumir; made if missing.
std::string cache_folder();

}  // namespace lumir
