// The disk cache: what was computed once is not computed again, whoever asks and whatever is killed meanwhile.
//
// Small entries share a file (core/entry_store.h). A large one has its own, named by its key, is written piece by piece
// and read by a map of that file, so that none is ever whole in memory. Either appears whole or not at all, also where
// a process is killed, and has a checksum, so that a damaged one counts as missing. The cache is never needed: where
// the disk is full or may not be written, work goes on without it after one warning.

#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "core/codec.h"
#include "core/entry_store.h"
#include "core/file.h"
#include "core/hash.h"

namespace lumir {

class Cache;

/// An entry while it is written, of whatever size. Never throws for want of space or rights.
class EntryWriter final : public Writer {
 public:
  /// Through Cache::start only.
  EntryWriter(Cache& cache, std::string_view key) : cache_(cache), key_(key) {}
  /// Lets the entry appear. False where some of it could not be written: it is gone then.
  bool finish();

 private:
  void put(std::span<const std::byte> piece) override;
  void open();
  void flush();
  void write_now(std::string_view bytes);
  Cache& cache_;
  std::string key_;
  bool failed_ = false;
  std::unique_ptr<PartFile> file_;  // null while the entry is small
  std::string pending_;             // bytes that wait for more
  Checksum sum_;
};

/// Entries below one folder; safe for many threads and many processes.
class Cache {
 public:
  static constexpr uint64_t kLimit = 20'000'000'000;  // bytes

  /// Entries up to so many bytes share a file.
  static constexpr size_t kSmallBytes = 1 << 17;

  /// Uses `folder`/small and `folder`/entries. What was used longest ago goes first where the entries exceed `limit` bytes.
  explicit Cache(std::string folder, uint64_t limit = kLimit);

  /// The bytes kept under `key` (any text), or nothing: never kept, damaged, or unreadable.
  std::optional<std::string> get(std::string_view key) const;
  /// Keeps `bytes` under `key`. Never throws for want of space or rights: the first failure warns, later ones
  /// are silent.
  void put(std::string_view key, std::string_view bytes);
  /// Begins an entry; nothing where the cache cannot be written.
  std::unique_ptr<EntryWriter> start(std::string_view key);
  /// The same bytes where they lie: those of a large entry on its file, which is mapped. `known_whole` spares reading
  /// all of it where this process has done so already. They last, whatever becomes of the entry.
  std::optional<Bytes> map(std::string_view key, bool known_whole = false) const;
  /// Small entries wait for a moment, to be written together: writes them, so that other processes see them and no kill
  /// takes them.
  void flush();
  /// Removes entries, least recently used first, until they fill at most nine tenths of the limit, and what
  /// killed processes left half written.
  void sweep();

  const std::string& folder() const { return folder_; }

 private:
  friend class EntryWriter;
  std::string file_of(std::string_view key) const;
  std::optional<Bytes> map_file(const std::string& path, bool known_whole) const;
  bool put_small(std::string_view key, std::string_view bytes);
  void wrote(size_t bytes);
  void fail(const std::string& why);
  bool due_for_sweep(size_t just_written);

  std::string folder_;
  uint64_t limit_;
  mutable EntryStore small_;
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
