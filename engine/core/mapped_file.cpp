// Mapping files.

#include "core/mapped_file.h"

#include <cerrno>
#include <cstring>
#include <mutex>
#include <set>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/error.h"

namespace lumir {
namespace {

[[noreturn]] void fail(const std::string& path) { throw Error(path + ": " + std::strerror(errno)); }

/// The maps that there are.
struct Mapped {
  std::mutex guard;
  std::set<const void*> all;
};
Mapped& mapped() {
  static auto& maps = *new Mapped;  // kept for good: files may be let go while the program ends
  return maps;
}

/// Lets go of the whole pages among these bytes.
void release_pages(const std::byte* begin, const std::byte* end) {
  const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  const size_t first = (reinterpret_cast<size_t>(begin) + page - 1) / page * page;
  const size_t last = reinterpret_cast<size_t>(end) / page * page;
  if (first < last) madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED);
}

}  // namespace

struct MappedFile::Mapping {
  explicit Mapping(const std::string& path) {
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // a pipe must not wait for its writer
    if (file < 0) fail(path);
    struct stat about {};
    const bool known = fstat(file, &about) == 0;
    if (known && S_ISREG(about.st_mode)) {
      size = static_cast<size_t>(about.st_size);
      if (size > 0) start = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, file, 0);
    }
    const int reason = errno;
    close(file);
    if (known && S_ISDIR(about.st_mode)) throw Error(path + ": Is a directory");
    if (known && !S_ISREG(about.st_mode)) throw Error(path + ": is no regular file");
    errno = reason;
    if (!known || start == MAP_FAILED) fail(path);
    const std::lock_guard lock(mapped().guard);
    mapped().all.insert(this);
  }
  ~Mapping() {
    {
      const std::lock_guard lock(mapped().guard);
      mapped().all.erase(this);
    }
    if (size > 0) munmap(start, size);
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

  void* start = nullptr;
  size_t size = 0;
};

MappedFile::MappedFile(const std::string& path) : mapping_(std::make_shared<const Mapping>(path)) {}

std::span<const std::byte> MappedFile::bytes() const {
  return {static_cast<const std::byte*>(mapping_->start), mapping_->size};
}

std::span<std::byte> MappedFile::own_bytes() const {
  return {static_cast<std::byte*>(mapping_->start), mapping_->size};
}

void MappedFile::release(size_t first, size_t last) const {
  release_pages(bytes().data() + first, bytes().data() + last);
}

void release_mapped(const std::shared_ptr<const void>& owner, std::span<const std::byte> bytes) {
  {
    const std::lock_guard lock(mapped().guard);
    if (!mapped().all.contains(owner.get())) return;
  }
  release_pages(bytes.data(), bytes.data() + bytes.size());
}

std::string_view MappedFile::text() const { return {static_cast<const char*>(mapping_->start), mapping_->size}; }

}  // namespace lumir
