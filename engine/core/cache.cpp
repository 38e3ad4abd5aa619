// Large entries are files "entries/ab/abcd...": one line with the checksum, as long as numbers are aligned, then the
// bytes. The checksum is written last.

#include "core/cache.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>

#include "core/error.h"
#include "core/mapped_file.h"
#include "core/observer.h"

namespace lumir {
namespace {

namespace fs = std::filesystem;
using FileTime = fs::file_time_type;
using namespace std::chrono_literals;

constexpr std::string_view kLargeMagic = "lumir large entry 1 ";
constexpr size_t kPendingBytes = 1 << 20;

/// As long as numbers are aligned: what follows begins where a writer's own count does.
std::string large_header(uint64_t sum, size_t size) {
  char text[kNumbersAlignment + 1];
  std::snprintf(text, sizeof text, "%s%016llx %-*zu\n", kLargeMagic.data(), static_cast<unsigned long long>(sum),
                static_cast<int>(kNumbersAlignment - kLargeMagic.size() - 18), size);
  return text;
}

/// How long ago a file was written; nothing where it cannot be told.
std::optional<FileTime::duration> age(const std::string& path) {
  std::error_code problem;
  const FileTime written = fs::last_write_time(path, problem);
  if (problem) return std::nullopt;
  return FileTime::clock::now() - written;
}

/// The time of a file is the time of its last use. A minute's precision saves most writes.
void mark_used(const std::string& path) {
  if (const auto since = age(path); since && *since > 1min) utimensat(AT_FDCWD, path.c_str(), nullptr, 0);
}

/// An entry of either kind.
struct Kept {
  int64_t used = 0;  // s since 1970
  uint64_t bytes = 0;
  fs::path path;    // of a large one
  int64_t key = 0;  // of a small one
};

int64_t seconds_since_1970(FileTime time) {
  const auto on_clock = std::chrono::file_clock::to_sys(time).time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(on_clock).count();
}

/// Every entry below `folder`. What a killed process left half written an hour ago is removed on the way.
std::vector<Kept> list_large(const std::string& folder) {
  std::vector<Kept> found;
  std::error_code problem;
  for (fs::recursive_directory_iterator at(folder, problem), end; !problem && at != end; at.increment(problem)) {
    std::error_code gone;  // another process may sweep at the same time
    if (!at->is_regular_file(gone) || gone) continue;
    const FileTime written = at->last_write_time(gone);
    const Kept kept{seconds_since_1970(written), at->file_size(gone), at->path()};
    if (gone) continue;
    if (kept.path.extension() != ".part") {
      found.push_back(kept);
    } else if (FileTime::clock::now() - written > 1h) {
      fs::remove(kept.path, gone);
    }
  }
  return found;
}

/// Entries to let go, so that the rest fills at most nine tenths of the limit; none where it is not exceeded.
std::vector<Kept> least_used(std::vector<Kept> kept, uint64_t limit) {
  uint64_t total = 0;
  for (const auto& entry : kept) total += entry.bytes;
  if (total <= limit) return {};
  std::stable_sort(kept.begin(), kept.end(), [](const Kept& a, const Kept& b) { return a.used < b.used; });
  auto end = kept.begin();
  for (; end != kept.end() && total > limit / 10 * 9; ++end) total -= end->bytes;
  kept.erase(end, kept.end());
  return kept;
}

Cache open_default() {
  try {
    return Cache(cache_folder());
  } catch (const Error& problem) {
    observer().warn(std::string(problem.what()) + ": going on without a cache");
    return Cache("");
  }
}

std::atomic<Cache*> instead{nullptr};

struct stat status_of(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) throw Error(path + ": " + std::strerror(errno));
  return status;
}

int64_t nanoseconds(const timespec& time) { return time.tv_sec * int64_t{1'000'000'000} + time.tv_nsec; }

/// A file changed a moment ago may change again within the same tick of the file system's clock.
bool just_changed(const std::string& path) {
  const struct stat status = status_of(path);
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  const int64_t changed = std::max(nanoseconds(status.st_mtim), nanoseconds(status.st_ctim));
  return nanoseconds(now) - changed < 100'000'000;
}

}  // namespace

Cache::Cache(std::string folder, uint64_t limit)
    : folder_(std::move(folder)), limit_(limit), small_(folder_ + "/small") {
  if (folder_.empty()) writable_ = false;
}

std::string Cache::file_of(std::string_view key) const {
  const std::string name = sha256(key);
  return folder_ + "/entries/" + name.substr(0, 2) + "/" + name;
}

std::optional<std::string> Cache::get(std::string_view key) const {
  const auto found = map(key);
  if (!found) return std::nullopt;
  return std::string(reinterpret_cast<const char*>(found->all.data()), found->all.size());
}

void Cache::put(std::string_view key, std::string_view bytes) {
  if (bytes.size() <= kSmallBytes) {
    put_small(key, bytes);
  } else if (const auto entry = start(key)) {
    entry->bytes(std::as_bytes(std::span(bytes)));
    entry->finish();
  }
}

/// False where it could not be kept.
bool Cache::put_small(std::string_view key, std::string_view bytes) {
  if (!writable_) return false;
  try {
    small_.put(key, bytes);
  } catch (const Error& problem) {
    fail(problem.what());
    return false;
  }
  wrote(bytes.size());
  return true;
}

void Cache::wrote(size_t bytes) {
  if (due_for_sweep(bytes)) sweep();
}

void Cache::flush() {
  try {
    small_.flush();
  } catch (const Error& problem) {
    fail(problem.what());
  }
}

std::unique_ptr<EntryWriter> Cache::start(std::string_view key) {
  if (!writable_) return nullptr;
  return std::make_unique<EntryWriter>(*this, key);
}

std::optional<Bytes> Cache::map(std::string_view key, bool known_whole) const {
  if (folder_.empty()) return std::nullopt;
  try {
    if (auto found = small_.get(key)) return found;
  } catch (const Error&) {
    // as if it had never been kept
  }
  return map_file(file_of(key), known_whole);
}

std::optional<Bytes> Cache::map_file(const std::string& path, bool known_whole) const {
  std::optional<MappedFile> file;
  try {
    file.emplace(path);
  } catch (const Error&) {
    return std::nullopt;
  }
  const std::string_view text = file->text();
  const auto bytes = file->own_bytes().subspan(std::min(kNumbersAlignment, text.size()));
  uint64_t sum = 0;
  if (known_whole && text.starts_with(kLargeMagic)) {
    sum = std::strtoull(std::string(text.substr(kLargeMagic.size(), 16)).c_str(), nullptr, 16);
  } else {
    Checksum all;
    all.add(bytes);
    sum = all.finish();
  }
  if (!text.starts_with(large_header(sum, bytes.size()))) {
    std::error_code ignored;
    fs::remove(path, ignored);
    return std::nullopt;
  }
  mark_used(path);
  return Bytes{file->owner(), bytes};
}

void EntryWriter::open() {
  if (file_ || failed_) return;
  try {
    file_ = std::make_unique<PartFile>(cache_.file_of(key_));
    file_->write(std::string(kNumbersAlignment, ' '));
  } catch (const Error& problem) {
    failed_ = true;
    cache_.fail(problem.what());
  }
}

void EntryWriter::put(std::span<const std::byte> piece) {
  const std::string_view text(reinterpret_cast<const char*>(piece.data()), piece.size());
  if (pending_.size() + text.size() <= kPendingBytes) {
    pending_ += text;
    return;
  }
  flush();
  if (text.size() < kPendingBytes) {
    pending_ = text;
  } else {
    write_now(text);
  }
}

void EntryWriter::flush() {
  write_now(pending_);
  pending_.clear();
}

void EntryWriter::write_now(std::string_view bytes) {
  open();
  sum_.add(std::as_bytes(std::span(bytes)));
  try {
    if (!failed_) file_->write(bytes);
  } catch (const Error& problem) {
    failed_ = true;
    cache_.fail(problem.what());
  }
}

bool EntryWriter::finish() {
  if (!file_ && !failed_ && pending_.size() <= Cache::kSmallBytes) return cache_.put_small(key_, pending_);
  flush();
  if (failed_) return false;
  try {
    file_->write_at(0, large_header(sum_.finish(), size()));
    file_->publish(Sync::no);
  } catch (const Error& problem) {
    cache_.fail(problem.what());
    return false;
  }
  cache_.wrote(size() + kNumbersAlignment);
  return true;
}

void Cache::fail(const std::string& why) {
  if (!writable_.exchange(false)) return;
  observer().warn("the cache " + folder_ + " cannot be written (" + why + "): going on without it");
}

bool Cache::due_for_sweep(size_t just_written) {
  if ((written_ += just_written) > limit_ / 20) return true;
  if (looked_.exchange(true)) return false;
  const auto since = age(folder_ + "/entries/swept");
  return !since || *since > 1h;
}

void Cache::sweep() {
  const std::unique_lock lock(sweeping_, std::try_to_lock);
  if (!lock) return;  // another thread is at it
  written_ = 0;
  try {
    std::vector<Kept> kept = list_large(folder_ + "/entries");
    for (const auto& small : small_.list()) kept.push_back({small.used, small.bytes, {}, small.key});
    std::vector<int64_t> keys;
    for (const auto& entry : least_used(std::move(kept), limit_)) {
      std::error_code ignored;
      if (entry.path.empty()) {
        keys.push_back(entry.key);
      } else {
        fs::remove(entry.path, ignored);
      }
    }
    small_.remove(keys);
    write_file(folder_ + "/entries/swept", "", Sync::no);
  } catch (const Error& problem) {
    fail(problem.what());
  }
}

Cache& cache() {
  if (Cache* other = instead) return *other;
  static Cache process = open_default();
  return process;
}
CacheScope::CacheScope(Cache& other) : before_(instead.exchange(&other)) {}
CacheScope::~CacheScope() { instead = before_; }

std::string file_identity(const std::string& path) {
  const struct stat status = status_of(path);
  std::string text = fs::absolute(path).lexically_normal().string();
  for (const int64_t part :
       {static_cast<int64_t>(status.st_size), nanoseconds(status.st_mtim), nanoseconds(status.st_ctim),
        static_cast<int64_t>(status.st_ino), static_cast<int64_t>(status.st_dev)}) {
    text += " " + std::to_string(part);
  }
  return text;
}

std::string content_hash(const std::string& path) {
  const std::string key = "content " + file_identity(path);
  if (auto known = cache().get(key)) return *known;
  const bool fresh = just_changed(path);
  const std::string hash = sha256_of_file(path);
  if (!fresh) cache().put(key, hash);
  return hash;
}

}  // namespace lumir
