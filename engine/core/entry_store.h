// Small entries of a cache, thousands in one file: an SQLite database in a folder of its own.
//
// A file for each would cost a name, a block of the disk and a journal's turn; twenty thousand recordings of one second
// would wait for those, not for their sound. What is put waits in memory for a moment and is written with its
// neighbours. SQLite's log keeps the file whole for several processes and through a kill of any of them. Nothing is
// forced to the disk: what a power cut tears, the checksum of each entry makes a miss, and a file that SQLite finds
// damaged is left for a new one.

#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/codec.h"

namespace lumir {

/// Safe for many threads; several objects and processes may use one folder. Throws Error where the folder cannot be
/// read or written.
class EntryStore {
 public:
  /// Nothing is made or opened before it is needed.
  explicit EntryStore(std::string folder);
  ~EntryStore();

  /// What was put under a name, aligned for numbers; nothing where it never was, or is damaged.
  std::optional<Bytes> get(std::string_view name);
  void put(std::string_view name, std::string_view bytes);
  /// Writes what waits, so that other processes see it.
  void flush();

  struct Kept {
    int64_t key = 0;
    int64_t used = 0;  // seconds since 1970, of the last use as far as an hour tells
    uint64_t bytes = 0;
  };
  std::vector<Kept> list();
  void remove(std::span<const int64_t> keys);

 private:
  class Database;
  Database& database();
  template <class Work>
  auto with_database(Work work);
  void write_waiting();
  Bytes checked(std::string_view name, std::string_view stored) const;

  std::string folder_;
  std::mutex guard_;
  std::unique_ptr<Database> database_;
  std::map<int64_t, std::string> waiting_;  // entries by key, as they will be stored
  std::vector<int64_t> used_;               // keys whose time of use is to be written
  size_t waiting_bytes_ = 0;
  std::chrono::steady_clock::time_point written_;
};

}  // namespace lumir
