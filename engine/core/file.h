// Files appear whole or not at all: write beside, fsync, rename.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lumir {

/// The whole file; throws Error("PATH: No such file or directory").
std::string read_file(const std::string& path);
/// Whether bytes must have reached the disk before the file appears: a cache can do without, nothing else can.
enum class Sync { yes, no };
/// Makes missing folders, writes PATH.part, fsyncs, renames. Throws Error and leaves no part file behind on failure.
/// A link is followed, a file keeps its mode, and a device or pipe is written to where it is.
void write_file(const std::string& path, std::string_view bytes, Sync sync = Sync::yes);
/// The same for pieces that stand one after the other, so that nobody need join them.
void write_file(const std::string& path, std::span<const std::string_view> pieces, Sync sync = Sync::yes);

/// A file that is written piece by piece and appears whole, or never.
class PartFile {
 public:
  /// Makes missing folders. Throws Error, as all of these.
  explicit PartFile(std::string path);
  /// Removes what was not published.
  ~PartFile();
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;
  void write(std::string_view bytes);
  /// Over bytes that are written already.
  void write_at(size_t place, std::string_view bytes);
  void publish(Sync sync);

 private:
  std::string path_;    // as given, for messages
  std::string target_;  // where its links lead
  std::string part_;
  bool through_ = false;  // a device or a pipe: bytes are held, and written when all are there
  std::string held_;
  int file_ = -1;
};

/// Throws Error where write_file would fail for want of a folder or a permission: asked before hours of work.
void check_writable(const std::string& path);
/// check_writable, and Error where the path is one of the files that are read.
void check_output(const std::string& path, const std::vector<std::string>& inputs);

/// Adds a line to a file, whole or not at all; makes the file. `line` is without its "\n".
void append_line(const std::string& path, const std::string& line);
/// Removes, below a folder, the part files that killed processes of this machine left behind; those of another machine
/// on a shared disk stay, because nobody here knows whether they are alive.
void remove_abandoned_parts(const std::string& folder);
/// $LUMIR_CACHE, else ~/.cache/lumir; made if missing.
std::string cache_folder();

}  // namespace lumir
