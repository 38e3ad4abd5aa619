// The disk cache: what was computed once is not computed again, whoever asks and whatever is killed meanwhile.
//
// An entry is one file, named by its key, with a checksum of its bytes in front. It appears by rename, so
// that a process killed at any moment leaves whole entries only; a damaged one counts as missing. The cache
// is never needed: where the disk is full or may not be written, work goes on without it after one warning.
//
// Small entries are put and got whole. Large ones are written piece by piece and read by a map of their file,
// so that none is ever whole in memory.

#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "core/codec.h"
#include "core/file.h"
#include "core/hash.h"

namespace lumir {

class Cache;

/// A large entry while it is written. Never throws for want of space or rights.
class EntryWriter final : public Writer {
 public:
  /// Through Cache::start only.
  EntryWriter(Cache& cache, const std::string& path);
  /// Lets the entry appear. False where some of it could not be written: it is gone then.
  bool finish();

 private:
  void put(std::span<const std::byte> piece) override;
  void flush();
  void write_now(std::string_view bytes);
  Cache& cache_;
  std::unique_ptr<PartFile> file_;  // null after a failure
  std::string pending_;             // bytes that wait for more
  Checksum sum_;
};

/// Entries below one folder; safe for many threads and many processes.
class Cache {
 public:
  static constexpr uint64_t kLimit = 20'000'000'000;  // bytes

  /// Uses `folder`/entries. What was used longest ago goes first where the entries exceed `limit` bytes.
  explicit Cache(std::string folder, uint64_t limit = kLimit);

  /// The bytes kept under `key` (any text), or nothing: never kept, damaged, or unreadable.
  std::optional<std::string> get(std::string_view key) const;
  /// Keeps `bytes` under `key`. Never throws for want of space or rights: the first failure warns, later ones
  /// are silent.
  void put(std::string_view key, std::string_view bytes);
  /// Begins a large entry; nothing where the cache cannot be written.
  std::unique_ptr<EntryWriter> start(std::string_view key);
  /// A large entry by map; nothing where it was never finished or is damaged. `known_whole` spares reading all of it
  /// where this process has done so already. It lasts, whatever happens to the file's name.
  std::optional<Bytes> map(std::string_view key, bool known_whole = false) const;
  /// Removes entries, least recently used first, until they fill at most nine tenths of the limit, and what
  /// killed processes left half written.
  void sweep();

  const std::string& folder() const { return folder_; }

 private:
  friend class EntryWriter;
  std::string file_of(std::string_view key) const;
  void fail(const std::string& why);
  bool due_for_sweep(size_t just_written);

  std::string folder_;
  uint64_t limit_;
  std::atomic<bool> writable_{true};
  std::atomic<uint64_t> written_{0};  // bytes since the last sweep of this process
  std::atomic<bool> looked_{false};   // for the time of the last sweep by anyone
  std::mutex sweeping_;
};

/// The process's cache: $LUMIR_CACHE, else ~/.cache/lumir (opened at first use).
Cache& cache();
/// Takes another one in its place until destroyed: for tests.
class CacheScope {
 public:
  explicit CacheScope(Cache& other);
  ~CacheScope();

 private:
  Cache* before_;
};

/// What tells one state of a file from another without reading it: path, size, times in ns, inode. Throws
/// Error where there is no such file.
std::string file_identity(const std::string& path);
/// sha256 of a file's bytes, remembered under its identity, so that unchanged files are read once. Throws
/// Error where the file cannot be read.
std::string content_hash(const std::string& path);

}  // namespace lumir
