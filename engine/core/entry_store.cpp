// Entries in SQLite. The bytes stand in the order in which they came, so that pages are full and neighbours are read
// together; the small table beside them says by key where each is and when it was used.
//
// A key is 64 bits of its name's sha256. Before the bytes stands a checksum of name and bytes, so two names of one key
// are told apart like damage.

#include "core/entry_store.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <thread>
#include <utility>

#include <sqlite3.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "core/error.h"
#include "core/hash.h"
#include "core/spill.h"

namespace lumir {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr size_t kWaitingBytes = 1 << 20;
constexpr auto kWaitingTime = 500ms;
constexpr int64_t kUseIsNews = 3600;  // s
constexpr const char* kEnding = ".sqlite";

/// A page is large because an entry that does not fit into what is left of one begins another. Reading forces nothing,
/// writing forces nothing.
constexpr const char* kPrepare = R"(
  PRAGMA page_size = 65536;
  PRAGMA synchronous = OFF;
  PRAGMA journal_mode = WAL;
  PRAGMA wal_autocheckpoint = 128;
  PRAGMA journal_size_limit = 8388608;
  PRAGMA cache_size = -8192;
  CREATE TABLE IF NOT EXISTS pieces (place INTEGER PRIMARY KEY, bytes BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS entries (key INTEGER PRIMARY KEY, place INTEGER NOT NULL, size INTEGER NOT NULL,
                                      used INTEGER NOT NULL);
)";

/// The file is damaged: another one takes its place.
struct Damaged : Error {
  using Error::Error;
};

int64_t key_of(std::string_view name) {
  return static_cast<int64_t>(std::strtoull(sha256(name).substr(0, 16).c_str(), nullptr, 16));
}

std::string checksum_of(std::string_view name, std::string_view bytes) {
  Checksum sum;
  sum.add(std::as_bytes(std::span(name)));
  sum.add(std::as_bytes(std::span(bytes)));
  const uint64_t number = sum.finish();
  return {reinterpret_cast<const char*>(&number), sizeof number};
}

/// SQLite's log lies in memory that processes share, which machines on one network disk do not.
bool is_network_disk(const std::string& folder) {
  struct statfs about {};
  if (statfs(folder.c_str(), &about) != 0) return false;
  switch (static_cast<uint32_t>(about.f_type)) {
    case 0x6969:      // NFS
    case 0x517b:      // SMB
    case 0xff534d42:  // CIFS
    case 0xfe534d42:  // SMB 2
    case 0x65735546:  // FUSE: sshfs and others
    case 0x0bd00bd0:  // Lustre
    case 0x47504653:  // GPFS
    case 0x01021997:  // 9p
      return true;
    default: return false;
  }
}

/// What the store's files of this machine begin with.
std::string machine_prefix(const std::string& folder) {
  if (!is_network_disk(folder)) return "";
  char host[256] = {};
  gethostname(host, sizeof host - 1);
  return std::string(host) + "-";
}

/// 3 of ".../3.sqlite"; 0 for other files.
int generation_of(const fs::path& path, const std::string& prefix) {
  const std::string name = path.filename().string();
  if (!name.starts_with(prefix) || !name.ends_with(kEnding)) return 0;
  return std::atoi(name.c_str() + prefix.size());
}

int newest_generation(const std::string& folder, const std::string& prefix) {
  int newest = 0;
  std::error_code problem;
  for (const auto& at : fs::directory_iterator(folder, problem)) {
    newest = std::max(newest, generation_of(at.path(), prefix));
  }
  return newest;
}

/// Damaged files. Who has one open goes on with it under no name.
void remove_older(const std::string& folder, const std::string& prefix, int generation) {
  std::error_code problem;
  for (const auto& at : fs::directory_iterator(folder, problem)) {
    const int one = generation_of(at.path(), prefix);
    if (one == 0 || one >= generation) continue;
    for (const char* part : {"", "-wal", "-shm"}) fs::remove(at.path().string() + part, problem);
  }
}

/// A path as SQLite's addresses spell it.
std::string address_of(const std::string& path) {
  std::string address = "file:";
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#') {
      char escape[4];
      std::snprintf(escape, sizeof escape, "%%%02x", c);
      address += escape;
    } else {
      address += c;
    }
  }
  return address + "?immutable=1";
}

}  // namespace

/// One connection and its prepared statements.
class EntryStore::Database {
 public:
  /// The newest file of the folder, or the one after it.
  Database(const std::string& folder, bool next) {
    std::error_code problem;
    fs::create_directories(folder, problem);
    if (problem && !fs::is_directory(folder)) throw Error(folder + ": " + problem.message());
    const std::string prefix = machine_prefix(folder);
    const int newest = newest_generation(folder, prefix);
    const int generation = newest + (next || newest == 0 ? 1 : 0);
    path_ = folder + "/" + prefix + std::to_string(generation) + kEnding;
    try {
      open();
    } catch (...) {
      close();
      throw;
    }
    if (next) remove_older(folder, prefix, generation);
  }
  ~Database() { close(); }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// A statement while it is used: bound, stepped, and reset at its end.
  class Statement {
   public:
    Statement(Database& owner, sqlite3_stmt* statement) : owner_(owner), statement_(statement) {}
    ~Statement() { sqlite3_reset(statement_); }
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    Statement& bind(int place, int64_t number) {
      sqlite3_bind_int64(statement_, place, number);
      return *this;
    }
    Statement& bind(int place, std::string_view bytes) {
      sqlite3_bind_blob64(statement_, place, bytes.data(), bytes.size(), SQLITE_STATIC);
      return *this;
    }
    /// Whether there is another row.
    bool step() {
      const int code = sqlite3_step(statement_);
      if (code != SQLITE_ROW && code != SQLITE_DONE) owner_.fail(code);
      return code == SQLITE_ROW;
    }
    int64_t number(int column) { return sqlite3_column_int64(statement_, column); }
    std::string_view bytes(int column) {
      const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
      return {data, data ? static_cast<size_t>(sqlite3_column_bytes(statement_, column)) : 0};
    }

   private:
    Database& owner_;
    sqlite3_stmt* statement_;
  };

  Statement statement(const char* sql) {
    sqlite3_stmt*& kept = statements_[sql];
    if (!kept) check(sqlite3_prepare_v3(handle_, sql, -1, SQLITE_PREPARE_PERSISTENT, &kept, nullptr));
    return {*this, kept};
  }
  void run(const char* sql) { statement(sql).step(); }

  /// All of `body` or nothing of it.
  template <class Body>
  void transaction(Body body) {
    run("BEGIN IMMEDIATE");
    try {
      body();
      run("COMMIT");
    } catch (...) {
      sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
      throw;
    }
  }

 private:
  void open() {
    const int writing = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    check(sqlite3_open_v2(path_.c_str(), &handle_, writing, nullptr));
    sqlite3_busy_timeout(handle_, 10'000);
    // the step to a log does not wait for another process that takes it at the same time
    int code = SQLITE_BUSY;
    for (int attempt = 0; code == SQLITE_BUSY && attempt < 100; ++attempt) {
      if (attempt > 0) std::this_thread::sleep_for(20ms);
      code = sqlite3_exec(handle_, kPrepare, nullptr, nullptr, nullptr) == SQLITE_OK ? SQLITE_OK
                                                                                     : sqlite3_errcode(handle_);
    }
    if (code == SQLITE_READONLY || code == SQLITE_CANTOPEN) {
      open_for_reading();
    } else {
      check(code);
    }
  }

  /// A folder that may not be written: the file is read as it stands.
  void open_for_reading() {
    close();
    check(sqlite3_open_v2(address_of(path_).c_str(), &handle_,
                          SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, nullptr));
  }

  void close() {
    for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
    statements_.clear();
    sqlite3_close(handle_);
    handle_ = nullptr;
  }

  void check(int code) {
    if (code != SQLITE_OK) fail(code);
  }
  [[noreturn]] void fail(int code) {
    const std::string text = path_ + ": " + reason_of(code);
    if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB) throw Damaged(text);
    throw Error(text);
  }

  /// In the system's words where it was the system that refused.
  std::string reason_of(int code) const {
    if (code == SQLITE_FULL) return std::strerror(ENOSPC);
    if (!handle_) return sqlite3_errstr(code);
    const int number = sqlite3_system_errno(handle_);
    const bool refused = code == SQLITE_IOERR || code == SQLITE_CANTOPEN;
    return refused && number != 0 ? std::strerror(number) : sqlite3_errmsg(handle_);
  }

  std::string path_;
  sqlite3* handle_ = nullptr;
  std::map<const char*, sqlite3_stmt*> statements_;  // by the address of their text
};

EntryStore::EntryStore(std::string folder) : folder_(std::move(folder)) {}

EntryStore::~EntryStore() {
  try {
    flush();
  } catch (const std::exception&) {
    // what cannot be kept is worked out again
  }
}

EntryStore::Database& EntryStore::database() {
  if (!database_) database_ = std::make_unique<Database>(folder_, false);
  return *database_;
}

/// Work on the file; where that is damaged, on a new one, which lacks what was in it.
template <class Work>
auto EntryStore::with_database(Work work) {
  try {
    return work(database());
  } catch (const Damaged&) {
    database_ = nullptr;
    database_ = std::make_unique<Database>(folder_, true);
    return work(*database_);
  }
}

Bytes EntryStore::checked(std::string_view name, std::string_view stored) const {
  constexpr size_t kSum = sizeof(uint64_t);
  if (stored.size() < kSum || checksum_of(name, stored.substr(kSum)) != stored.substr(0, kSum)) return {};
  // a byte more, so that an entry of no bytes has an owner too
  const auto copy = std::make_shared<std::vector<std::byte, SpillAllocator<std::byte>>>(stored.size() - kSum + 1);
  std::memcpy(copy->data(), stored.data() + kSum, stored.size() - kSum);
  return {copy, std::span(*copy).first(stored.size() - kSum)};
}

std::optional<Bytes> EntryStore::get(std::string_view name) {
  const int64_t key = key_of(name);
  const std::lock_guard lock(guard_);
  Bytes found;
  if (const auto waits = waiting_.find(key); waits != waiting_.end()) {
    found = checked(name, waits->second);
  } else if (database_ || fs::exists(folder_)) {
    with_database([&](Database& file) {
      auto row = file.statement("SELECT bytes, used FROM entries JOIN pieces USING (place) WHERE key = ?");
      if (!row.bind(1, key).step()) return;
      found = checked(name, row.bytes(0));
      if (std::time(nullptr) - row.number(1) > kUseIsNews) used_.push_back(key);
    });
  }
  if (!found.owner) return std::nullopt;
  return found;
}

void EntryStore::put(std::string_view name, std::string_view bytes) {
  std::string stored = checksum_of(name, bytes);
  stored += bytes;
  const int64_t key = key_of(name);
  const std::lock_guard lock(guard_);
  waiting_bytes_ += stored.size();
  waiting_[key] = std::move(stored);
  const auto since = std::chrono::steady_clock::now() - written_;
  if (waiting_bytes_ > kWaitingBytes || since > kWaitingTime) write_waiting();
}

void EntryStore::flush() {
  const std::lock_guard lock(guard_);
  write_waiting();
}

/// All that waits, in one transaction. What cannot be written is let go.
void EntryStore::write_waiting() {
  if (waiting_.empty() && used_.empty()) return;
  const auto entries = std::exchange(waiting_, {});
  const auto used = std::exchange(used_, {});
  waiting_bytes_ = 0;
  const int64_t now = std::time(nullptr);
  with_database([&](Database& file) {
    file.transaction([&] {
      for (const auto& [key, stored] : entries) {
        file.statement("DELETE FROM pieces WHERE place = (SELECT place FROM entries WHERE key = ?)")
            .bind(1, key)
            .step();
        file.statement("INSERT INTO pieces (bytes) VALUES (?)").bind(1, stored).step();
        file.statement("REPLACE INTO entries (key, place, size, used) VALUES (?, last_insert_rowid(), ?, ?)")
            .bind(1, key)
            .bind(2, static_cast<int64_t>(stored.size()))
            .bind(3, now)
            .step();
      }
      for (const int64_t key : used) {
        file.statement("UPDATE entries SET used = ? WHERE key = ?").bind(1, now).bind(2, key).step();
      }
    });
  });
  written_ = std::chrono::steady_clock::now();
}

std::vector<EntryStore::Kept> EntryStore::list() {
  const std::lock_guard lock(guard_);
  write_waiting();
  std::vector<Kept> found;
  if (!database_ && !fs::exists(folder_)) return found;
  with_database([&](Database& file) {
    found.clear();
    auto row = file.statement("SELECT key, used, size FROM entries");
    while (row.step()) found.push_back({row.number(0), row.number(1), static_cast<uint64_t>(row.number(2))});
  });
  return found;
}

void EntryStore::remove(std::span<const int64_t> keys) {
  const std::lock_guard lock(guard_);
  with_database([&](Database& file) {
    file.transaction([&] {
      for (const int64_t key : keys) {
        file.statement("DELETE FROM pieces WHERE place = (SELECT place FROM entries WHERE key = ?)")
            .bind(1, key)
            .step();
        file.statement("DELETE FROM entries WHERE key = ?").bind(1, key).step();
      }
    });
  });
}

}  // namespace lumir
