// Entries are files "entries/ab/abcd...": one line with the checksum, then the bytes. That of a large entry is as long
// as numbers are aligned, and its checksum is written last.

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

constexpr std::string_view kMagic = "lumir entry 1 ";
constexpr size_t kHeader = kMagic.size() + 64 + 1;

constexpr std::string_view kLargeMagic = "lumir large entry 1 ";
constexpr size_t kPendingBytes = 1 << 20;

/// As long as numbers are aligned: what follows begins where a writer's own count does.
std::string large_header(uint64_t sum, size_t size) {
  char text[kNumbersAlignment + 1];
  std::snprintf(text, sizeof text, "%s%016llx %-*zu\n", kLargeMagic.data(), static_cast<unsigned long long>(sum),
                static_cast<int>(kNumbersAlignment - kLargeMagic.size() - 18), size);
  return text;
}

std::string header_of(std::string_view bytes) { return std::string(kMagic) + sha256(bytes) + "\n"; }

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

struct Kept {
  FileTime used;
  uint64_t bytes = 0;
  fs::path path;
};

/// Every entry below `folder`. What a killed process left half written an hour ago is removed on the way.
std::vector<Kept> list_entries(const std::string& folder) {
  std::vector<Kept> found;
  std::error_code problem;
  for (fs::recursive_directory_iterator at(folder, problem), end; !problem && at != end; at.increment(problem)) {
    std::error_code gone;  // another process may sweep at the same time
    if (!at->is_regular_file(gone) || gone) continue;
    const Kept kept{at->last_write_time(gone), at->file_size(gone), at->path()};
    if (gone) continue;
    if (kept.path.extension() != ".part") {
      found.push_back(kept);
    } else if (FileTime::clock::now() - kept.used > 1h) {
      fs::remove(kept.path, gone);
    }
  }
  return found;
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

Cache::Cache(std::string folder, uint64_t limit) : folder_(std::move(folder)), limit_(limit) {
  if (folder_.empty()) writable_ = false;
}

std::string Cache::file_of(std::string_view key) const {
  const std::string name = sha256(key);
  return folder_ + "/entries/" + name.substr(0, 2) + "/" + name;
}

std::optional<std::string> Cache::get(std::string_view key) const {
  if (folder_.empty()) return std::nullopt;
  const std::string path = file_of(key);
  std::string text;
  try {
    text = read_file(path);
  } catch (const Error&) {
    return std::nullopt;
  }
  const std::string_view bytes = std::string_view(text).substr(std::min(kHeader, text.size()));
  if (text.size() < kHeader || !text.starts_with(header_of(bytes))) {
    std::error_code ignored;
    fs::remove(path, ignored);
    return std::nullopt;
  }
  mark_used(path);
  return text.substr(kHeader);
}

void Cache::put(std::string_view key, std::string_view bytes) {
  if (!writable_) return;
  try {
    write_file(file_of(key), header_of(bytes) + std::string(bytes), Sync::no);
  } catch (const Error& problem) {
    fail(problem.what());
    return;
  }
  if (due_for_sweep(bytes.size() + kHeader)) sweep();
}

std::unique_ptr<EntryWriter> Cache::start(std::string_view key) {
  if (!writable_) return nullptr;
  return std::make_unique<EntryWriter>(*this, file_of(key));
}

std::optional<Bytes> Cache::map(std::string_view key, bool known_whole) const {
  if (folder_.empty()) return std::nullopt;
  const std::string path = file_of(key);
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

EntryWriter::EntryWriter(Cache& cache, const std::string& path) : cache_(cache) {
  try {
    file_ = std::make_unique<PartFile>(path);
    file_->write(std::string(kNumbersAlignment, ' '));
  } catch (const Error& problem) {
    file_ = nullptr;
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
  sum_.add(std::as_bytes(std::span(bytes)));
  try {
    if (file_) file_->write(bytes);
  } catch (const Error& problem) {
    file_ = nullptr;
    cache_.fail(problem.what());
  }
}

bool EntryWriter::finish() {
  flush();
  if (!file_) return false;
  try {
    file_->write_at(0, large_header(sum_.finish(), size()));
    file_->publish(Sync::no);
  } catch (const Error& problem) {
    cache_.fail(problem.what());
    return false;
  }
  if (cache_.due_for_sweep(size() + kNumbersAlignment)) cache_.sweep();
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
  std::vector<Kept> kept = list_entries(folder_ + "/entries");
  uint64_t total = 0;
  for (const auto& entry : kept) total += entry.bytes;
  if (total > limit_) {
    std::sort(kept.begin(), kept.end(), [](const Kept& a, const Kept& b) { return a.used < b.used; });
    for (const auto& entry : kept) {
      if (total <= limit_ / 10 * 9) break;
      std::error_code ignored;
      fs::remove(entry.path, ignored);
      total -= entry.bytes;
    }
  }
  try {
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
